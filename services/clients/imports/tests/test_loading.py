"""Files taken in and written."""

import csv
import tracemalloc
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import text

from services.clients.conftest import Register
from services.clients.imports import loading
from services.clients.imports.actions import Outcome
from services.clients.imports.exporting import export
from services.clients.imports.lines import BadFile
from services.clients.imports.loading import load, refusals_of
from shared.contracts.clients import CLIENT_REGISTERED, CLIENT_UPDATED
from shared.testing.service import Caller, ServiceUnderTest

GOOD = """external_id,first_name,last_name,phones,emails,address_1,locality,region,postal_code,country_code,birth_date,preferred_branch,referral_method,status
A1,María,López,612 345 678|home:915551234,maria@example.com,Calle de Serrano 12,Madrid,Madrid,28001,ES,1990-05-17,Salamanca,Web,VIP
A2,John,Smith,(305) 555-0123,john@example.com,100 SW 8th St,Miami,FL,33130,US,,brickell,,
,Eva,Pérez,699000111,,,,,,,,,,
"""  # noqa: E501


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "clients.csv"
    path.write_text(GOOD)
    return path


def take(service: ServiceUnderTest, file: Path, **options: bool) -> tuple[int, int, int, int]:
    """New, changed, there already, refused."""
    outcome: Outcome = load(file, service.database, service.config.chain, **options)
    return outcome.registered, outcome.changed, outcome.unchanged, outcome.refused_count


def refusals(file: Path) -> list[tuple[str, str]]:
    with refusals_of(file).open() as opened:
        return [(row["line"], row["reason"]) for row in csv.DictReader(opened)]


def test_clients_are_registered_in_their_one_form_with_event_and_audit(
    clients: ServiceUnderTest, lucia: Caller, file: Path
) -> None:
    assert take(clients, file) == (3, 0, 0, 0)
    maria = lucia.get("/api/v1/clients?search=maria+lopez").json["items"][0]
    assert [phone["number"] for phone in maria["phones"]] == ["+34612345678", "+34915551234"]
    assert (maria["status"]["name"], maria["birth_date"], maria["version"]) == ("VIP", "1990-05-17", 1)
    john = lucia.get("/api/v1/clients?search=305555").json["items"][0]
    assert john["phones"][0]["number"] == "+13055550123"
    events = clients.emitted(CLIENT_REGISTERED)
    assert [(event.data["first_name"], event.channel) for event in events] == [
        ("María", "import"),
        ("John", "import"),
        ("Eva", "import"),
    ]
    (entry,) = lucia.get(f"/api/v1/clients/{maria['id']}/changes").json["items"]
    assert (entry["channel"], entry["changes"]["last_name"]) == ("import", ["", "López"])


def test_the_same_file_twice_changes_nothing_even_after_somebody_changed_a_client(
    clients: ServiceUnderTest, lucia: Caller, file: Path
) -> None:
    take(clients, file)
    eva = lucia.get("/api/v1/clients?search=eva").json["items"][0]
    lucia.patch(f"/api/v1/clients/{eva['id']}", {"last_name": "Gómez"})
    clients.forget_emitted()
    assert take(clients, file) == (0, 0, 3, 0)
    assert clients.emitted() == []


def test_a_changed_line_with_the_same_external_id_changes_the_client(
    clients: ServiceUnderTest, lucia: Caller, file: Path
) -> None:
    take(clients, file)
    file.write_text(GOOD.replace("John,Smith", "John,Smythe").replace(",brickell,,", ",brickell,,VIP"))
    assert take(clients, file) == (0, 1, 2, 0)
    (event,) = clients.emitted(CLIENT_UPDATED)
    assert event.data["changed"] == ["last_name"]
    assert lucia.get("/api/v1/clients?search=smythe").json["items"][0]["status"]["name"] == "VIP"


def test_a_dry_run_tells_the_same_and_writes_nothing(clients: ServiceUnderTest, file: Path) -> None:
    file.write_text(GOOD + "A3,Ana,,612345678,,,,,,,,,,\n")
    assert take(clients, file, dry_run=True) == (3, 0, 0, 1)
    assert clients.rows("SELECT count(*) FROM clients") == [0]
    assert clients.emitted() == []
    assert take(clients, file) == (3, 0, 0, 1)


def test_every_refused_line_is_reported_with_its_reason_and_the_rest_is_taken(
    clients: ServiceUnderTest, register: Register, file: Path
) -> None:
    known = register(phones=[{"number": "+34612345678"}])
    lines = [
        "B1,,López,,,,,,,,,,,",
        "B2,Ana,,12,x,,,,,,,,,",
        "B3,Ana,,,,,,,,,2999-01-01,,,",
        "B4,Ana,,,,,,,,,,Atlantis,,",
        "B5,Ana,,,,,,,,,,,Carrier pigeon,",
        "B6,Ana,,,,,,,,,,,,Platinum",
        "B7,Ana,,,,Calle 1,Madrid,Madrid,1,ES,,,,",
        "B8,Ana,,,,,,,,,,,,,too many",
        "B9,Ana,,699000111,,,,,,,,,,",
        "B10,Ana,,,,,,,,,,,A friend,",
        "B11,A\x07na,,,,,,,,,,,,",
    ]
    file.write_text(GOOD + "\n".join(lines) + "\n")
    assert take(clients, file) == (2, 0, 0, 12)
    told = dict(refusals(file))
    assert told["2"] == f"the telephone number or e-mail address is known already, of client {known['id']}"
    expected = {
        "5": "first_name: This may not be empty.",
        "6": "phones.0.number: This is not a telephone number of ES.",
        "7": "birth_date: A birth date cannot be in the future.",
        "8": "preferred_branch: there is none called 'Atlantis'",
        "9": "referral_method: there is none called 'Carrier pigeon'",
        "10": "status: there is none called 'Platinum'",
        "11": "address.postal_code: This does not fit an address in this country.",
        "12": "the line has more cells than there are columns",
        "13": "the telephone number or e-mail address is known already, of client",
        "14": "referred_by: it is needed",
        "15": "first_name: This holds a character that cannot be shown.",
    }
    for line, reason in expected.items():
        assert told[line].startswith(reason), (line, told[line])
    assert "emails.0.address: This is not an e-mail address." in told["6"]


def test_duplicates_are_taken_when_forced(clients: ServiceUnderTest, register: Register, file: Path) -> None:
    register(phones=[{"number": "+34612345678"}])
    assert take(clients, file, force=True) == (3, 0, 0, 0)


def test_an_external_id_that_is_in_the_file_twice_is_refused_every_time(clients: ServiceUnderTest, file: Path) -> None:
    file.write_text("external_id,first_name\nA1,Ana\nA1,Eva\nA1,Ana\n")
    assert take(clients, file) == (1, 0, 1, 1)
    assert take(clients, file) == (0, 0, 2, 1)
    assert refusals(file) == [("3", "external_id: this one is in the file twice, with different lines")]


def test_a_run_that_was_stopped_goes_on_when_it_is_run_again(
    clients: ServiceUnderTest, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("first_name\n" + "\n".join(f"Ana {n}" for n in range(50)))
    monkeypatch.setattr(loading, "BATCH", 10)
    taken: list[object] = []
    take_in = loading.take_in

    def cut_off(*args: object) -> Outcome:
        taken.append(args)
        if len(taken) == 3:
            raise KeyboardInterrupt
        return take_in(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(loading, "take_in", cut_off)
    with pytest.raises(KeyboardInterrupt):
        take(clients, file)
    assert clients.rows("SELECT count(*) FROM clients") == [20]
    assert take(clients, file) == (30, 0, 20, 0)
    assert len(clients.emitted(CLIENT_REGISTERED)) == 50


@pytest.mark.parametrize(
    ("first", "told"),
    [
        ("first_name,shoe_size", "no column 'shoe_size'"),
        ("last_name", "'first_name' is missing"),
        ("first_name,First Name", "there twice"),
    ],
)
def test_a_header_that_cannot_be_used_is_told_before_anything_is_written(
    first: str, told: str, clients: ServiceUnderTest, file: Path
) -> None:
    file.write_text(f"{first}\nAna\n")
    with pytest.raises(BadFile, match=told):
        take(clients, file)


def test_what_is_exported_is_imported_into_another_chain_and_is_nothing_new_to_the_first(
    clients: ServiceUnderTest, register: Register, service_of, file: Path, tmp_path: Path
) -> None:
    take(clients, file)
    register(first_name="=HYPERLINK(1)", last_name="-x", language="es", gender="other", gender_description="x")
    out = StringIO()
    assert export(clients.database, out) == 4
    assert "'=HYPERLINK(1)" in out.getvalue()
    copy = tmp_path / "export.csv"
    copy.write_text(out.getvalue())
    assert take(clients, copy)[0::3] == (0, 0)
    assert len(clients.emitted(CLIENT_UPDATED)) == 0
    other = service_of("clients")
    copy.write_text(out.getvalue().replace(",Salamanca,", ",,").replace(",Brickell,", ",,"))
    assert take(other, copy) == (4, 0, 0, 0)
    same = "SELECT first_name, last_name, phones, emails, address, birth_date, gender FROM clients ORDER BY first_name"
    assert other.rows(same) == clients.rows(same)


def test_the_server_has_counted_the_clients_of_a_long_file(clients: ServiceUnderTest, file: Path) -> None:
    with clients.database.transaction() as session:
        session.execute(text("ANALYZE clients"))
    file.write_text("external_id,first_name\n" + "\n".join(f"{n},Ana" for n in range(8_000)))
    take(clients, file)
    assert clients.rows("SELECT reltuples > 1000 FROM pg_class WHERE relname = 'clients'") == [True]


@pytest.mark.soak
def test_memory_stays_flat_over_a_long_file(clients: ServiceUnderTest, file: Path) -> None:
    def peak(count: int) -> int:
        file.write_text("external_id,first_name\n" + "\n".join(f"{count}-{n},Ana" for n in range(count)))
        tracemalloc.start()
        take(clients, file)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(3_000)
    assert peak(12_000) < 1.3 * peak(4_000)
