"""What a template may hold, and what saving one refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.catalogue.types import TYPES
from services.notifications.conftest import MARIA, by_hand, deliver
from services.notifications.templates.actions import default_text, places
from services.notifications.templates.engine import HTML, BadTemplate, Plain, check, render
from services.notifications.templates.layout import as_text, framed, tidied
from services.notifications.templates.links import link_on
from services.notifications.templates.rendering import Wording, check_wording, write
from services.notifications.templates.samples import filled_in
from services.notifications.templates.sms import size_of

ROOT = "/api/v1/notifications/templates"
QUICK = f"{ROOT}/quick/sms/es"


@pytest.mark.parametrize("place", places(), ids="-".join)
def test_every_type_has_its_text_in_every_language_and_it_works_for_all_samples(place):
    type_, channel, language = place
    subject, body = default_text(*place)
    assert subject
    assert body
    check_wording(TYPES[type_], channel, subject, body)
    wording = Wording(subject, framed(body) if channel == "email" else body, 0)
    for values in filled_in(TYPES[type_], language, "Foyer"):
        written = write(wording, channel, values, link_on("https://foyer.example"), "https://foyer.example/u/1")
        assert "None" not in written.text
        assert "{" not in written.text
        if channel == "sms":
            assert size_of(written.text).parts <= 2
        if channel == "email":
            assert written.text == tidied(as_text(written.html)), "the text part says what the HTML says"


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ name.__class__ }}",
        "{{ name['__class__'] }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ link.__globals__ }}",
        "{% for a in name %}{% for b in name %}{{ a }}{% endfor %}{% endfor %}",
        "{% for a in 'x' * 999999999 %}{{ a }}{% endfor %}",
        "{{ 'x' * 999999999 }}",
        "{{ '%099999999d' % 1 }}",
        "{{ name.format(name) }}",
        "{{ 9 ** 999999 }}",
        "{% set x = name %}{{ x }}",
        "{% include 'x' %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{{ name|attr('__class__') }}",
        "{{ name|map('upper') }}",
        "{{ link('evil') }}",
        "{{ link(name) }}",
        "{{ secret }}",
        "{{ name",
        "x" * 100_000,
    ],
)
def test_what_a_template_may_not_hold_is_refused(source):
    with pytest.raises(BadTemplate):
        check(source, names={"name"}, links={"portal"})


@given(st.text(), st.text())
def test_whatever_a_value_holds_it_stays_text(first, second):
    html = render("<p>{{ a }}</p><i>{{ b }}</i>", {"a": first, "b": second}, str, form=HTML)
    assert html.replace("<br>", "").count("<") == 4, "but for the breaks between its lines"
    assert render("{{ a }}", {"a": first}, str) == first


@pytest.mark.parametrize("mark", ["\n", "\r", "\u2028", "\x85"])
def test_a_subject_never_holds_a_line_break(mark):
    with pytest.raises(BadTemplate):
        render("{{ a }}", {"a": f"Hola{mark}Bcc: all@example.com"}, str, line=True)


@pytest.mark.parametrize(
    ("text", "encoding", "parts"),
    [
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("€" * 80, "GSM-7", 1),
        ("€" * 81, "GSM-7", 2),
        ("ñ" * 160, "GSM-7", 1),
        ("á" + "a" * 69, "UCS-2", 1),
        ("á" + "a" * 70, "UCS-2", 2),
        ("😀" * 35, "UCS-2", 1),
        ("😀" * 36, "UCS-2", 2),
        ("a" * 152 + "€" + "a" * 20, "GSM-7", 2),
        ("", "GSM-7", 1),
    ],
)
def test_an_sms_is_counted_as_it_is_sent(text, encoding, parts):
    size = size_of(text)
    assert (size.encoding, size.parts) == (encoding, parts)


def test_the_text_part_reads_as_somebody_would_type_it():
    body = """<h1>Hola,  {{ first_name }}</h1>
        {% if services %}<p>Uno <b>dos</b>.</p>{% endif %}
        <ul>{% for each in services %}<li>{{ each }} &amp; más</li>{% endfor %}</ul>
        <p>{{ text }}</p><p><a href="{{ link('portal') }}">Ver</a></p>"""
    values: dict[str, Plain] = {"first_name": "A&B", "services": ["<Uno>", "Dos"], "text": "Una\notra"}
    values |= {"chain": "", "branch": "", "language": "es"}
    wording = Wording("x", framed(body), 0)
    written = write(wording, "email", values, lambda name: f"https://x.example/?a&{name}", None)
    assert written.text == (
        "Hola, A&B\n\nUno dos.\n\n- <Uno> & más\n- Dos & más\n\nUna\notra\n\nVer (https://x.example/?a&portal)"
    )


def test_a_text_of_the_chain_s_own_holds_from_the_next_message_on_and_every_version_stays(lucia, notifications):
    first = lucia.get(QUICK)
    assert (first.json["is_default"], first.headers["ETag"]) == (True, '"0"')
    saved = lucia.put(QUICK, {"subject": "", "body": "{{ chain }} dice: {{ text }}"}, version=0)
    assert (saved.status_code, saved.json["version"]) == (200, 1)
    by_hand(notifications, "sms", text="Hola")
    deliver(notifications, "sms")
    assert notifications.rows("SELECT body, template_number FROM messages") == [("Foyer dice: Hola", 1)]
    assert lucia.post(f"{QUICK}/restore", version=1).json["is_default"]
    assert lucia.put(QUICK, {"body": "x"}, version=1).status_code == 412
    assert notifications.rows("SELECT count(*) FROM templates") == [2]


@pytest.mark.parametrize(
    ("place", "given", "field"),
    [
        ("quick/sms/es", {"body": "{{ nothing }}"}, "body"),
        ("quick/email/es", {"subject": "{{ text", "body": "x"}, "subject"),
        ("quick/email/es", {"subject": "", "body": "x"}, "subject"),
        ("quick/sms/es", {"body": ""}, "body"),
        ("quick/email/es", {"subject": "Hola", "body": "{% if text %}<table>{% endif %}{{ 1 > 2 }}"}, "body"),
    ],
)
def test_saving_refuses_what_would_fail_and_names_the_field(lucia, notifications, place, given, field):
    answer = lucia.put(f"{ROOT}/{place}", given)
    assert answer.status_code == 422, answer.json
    assert field in answer.json["errors"]
    assert notifications.rows("SELECT count(*) FROM templates") == [0]


def test_a_preview_speaks_to_a_real_client_and_counts_the_sms(lucia):
    given = {"body": "Hola, {{ first_name }} á", "client_id": str(MARIA)}
    shown = lucia.post(f"{QUICK}/preview", given, key=None).json
    assert shown["text"] == "Hola, María á"
    assert shown["sms"] == {"encoding": "UCS-2", "characters": 13, "parts": 1, "left": 57}


def test_there_is_no_text_where_no_message_goes(lucia):
    for place in ("quick/fax/es", "nothing/sms/es", "quick/sms/fr"):
        assert lucia.get(f"{ROOT}/{place}").status_code == 404
