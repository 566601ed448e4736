"""Spanish and English."""

from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from services.web import language

WEB = Path(language.__file__).parent
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]


def written():
    """Every message of the console, as it stands in the code."""
    found = extract_from_dir(WEB, METHODS, {"templates/**.html": {"newstyle_gettext": "true"}}, strip_comment_tags=True)
    return {message for _file, _line, message, _comments, _context in found}


def test_every_message_is_translated_and_none_is_left_over():
    with (WEB / "translations/es.po").open("rb") as file:
        catalogue = read_po(file, locale="es")
    known = {entry.id: entry for entry in catalogue if entry.id}
    assert written() - known.keys() == set(), "not translated"
    assert known.keys() - written() == set(), "no longer said"
    for entry in known.values():
        assert not entry.fuzzy, entry.id
        assert entry.string and all(entry.string if isinstance(entry.string, tuple) else [entry.string]), entry.id
        assert not list(entry.check(catalogue)), entry.id


def test_numbers_money_and_dates_are_written_as_the_reader_writes_them(console):
    with console.app.test_request_context(headers={"Accept-Language": "es"}):
        assert language.money(123456, "EUR") == "1.234,56\xa0€"
        assert language.money(1500, "JPY") == "1.500\xa0JPY"
        assert language.moment("2026-07-01T23:30:00+00:00", "Europe/Madrid") == "2 jul 2026, 01:30"
        assert language.day("1990-05-17") == "17 de mayo de 1990"
        assert language.said_day("1990-04-03") == "martes, 3 de abril de 1990"
        assert language.said_day("3.4.1990") == ""
        assert language.day_of("2026-07-01T23:30:00+00:00", "Europe/Madrid") == "2 jul 2026"
    with console.app.test_request_context(headers={"Accept-Language": "en"}):
        assert language.moment("2026-07-01T23:30:00+00:00", "America/New_York") == "1 Jul 2026, 19:30"
        assert language.money(123456, "USD") == "$1,234.56"
