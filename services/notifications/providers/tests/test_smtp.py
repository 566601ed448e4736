"""E-mail against a real mail server: once where it can be, again with the same id where it must be."""

import base64
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import dkim
import pytest

from services.notifications.conftest import MARIA, address_of, by_hand, deliver, state_of
from services.notifications.providers.tests.conftest import SMTP, furnished
from shared import clock
from shared.contracts import notifications as said
from shared.testing.network import Network

REPORTS = "/api/v1/notifications/providers/email/reports"


def test_an_email_has_a_text_an_html_part_and_an_id_of_ours(by_smtp, mail_server):
    message_id = by_hand(by_smtp, "email", title="Tu crema", text="Ha <b>llegado</b>.")
    deliver(by_smtp, "email")
    (mail,) = mail_server.mails
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert "Ha <b>llegado</b>." in text.get_content()
    assert "Ha &lt;b&gt;llegado&lt;/b&gt;." in html.get_content()
    assert "<style" not in html.get_content()
    assert (mail["Subject"], mail["Message-ID"]) == ("Tu crema", f"<{message_id}@foyer.example>")
    assert state_of(by_smtp, message_id) == ("sent", None)


@pytest.mark.parametrize(
    ("to", "state", "reason"),
    [
        ("gone@example.com", "bounced", "smtp_550"),
        ("policy@example.com", "bounced", "smtp_550"),
        ("no address at all", "failed", "invalid_address"),
    ],
)
def test_what_cannot_pass_ends_at_once(by_smtp, mail_server, to, state, reason):
    address_of(by_smtp, MARIA, email=to)
    message_id = by_hand(by_smtp, "email")
    deliver(by_smtp, "email")
    assert state_of(by_smtp, message_id) == (state, reason)
    assert mail_server.mails == []


def test_what_may_pass_later_is_tried_with_growing_waits(by_smtp, mail_server, travel_to):
    address_of(by_smtp, MARIA, email="later@example.com")
    message_id = by_hand(by_smtp, "email")
    for wait in (0, 6, 31):
        travel_to(clock.now() + timedelta(seconds=wait))
        deliver(by_smtp, "email")
    assert state_of(by_smtp, message_id) == ("sent", None)
    assert len(mail_server.tries) == 3


def test_a_text_arrives_as_it_was_written(by_smtp, mail_server):
    """Lines that are long, begin with a dot, and what looks encoded."""
    written = "Señora López 🌿 " + "x" * 1200 + " =41\n.punto\nfin"
    by_hand(by_smtp, "email", title="Árbol", text=written)
    deliver(by_smtp, "email")
    (mail,), (raw,) = mail_server.mails, mail_server.raw
    assert written in mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert "=41<br>.punto<br>fin" in mail.get_body(("html",)).get_content()
    assert raw.isascii() and max(map(len, raw.split(b"\r\n"))) <= 998  # RFC 5322
    assert mail["MIME-Version"] == "1.0"


def test_a_mail_whose_answer_is_lost_comes_again_as_it_was(by_smtp, mail_server, travel_to):
    address_of(by_smtp, MARIA, email="dropped@example.com")
    message_id = by_hand(by_smtp, "email")
    deliver(by_smtp, "email")
    travel_to(clock.now() + timedelta(seconds=6))
    deliver(by_smtp, "email")
    assert state_of(by_smtp, message_id) == ("sent", None)
    first, again = mail_server.mails
    assert first["Message-ID"] == again["Message-ID"]
    assert mail_server.raw[0] == mail_server.raw[1]


def test_a_server_that_is_away_for_an_hour_loses_nothing_and_uses_up_no_try(
    service_of, mail_server, secrets, travel_to
):
    network = Network(f"smtp://127.0.0.1:{mail_server.port}")
    service = furnished(service_of, FOYER_SMTP_PORT=network.url.rpartition(":")[2], **SMTP)
    ids = [by_hand(service, "email") for _ in range(3)]
    network.close()
    for _ in range(6):
        travel_to(clock.now() + timedelta(minutes=10))
        deliver(service, "email")
    assert {state_of(service, each)[0] for each in ids} == {"sending"}
    assert service.rows("SELECT max(attempts) FROM messages") == [0]
    again = replace(service.database.config.messaging, smtp_port=mail_server.port)
    service.database.config = replace(service.database.config, messaging=again)
    for _ in range(3):
        travel_to(clock.now() + timedelta(minutes=2))
        deliver(service, "email")
    assert {state_of(service, each) for each in ids} == {("sent", None)}
    assert len(mail_server.mails) == 3


def test_a_server_that_is_busy_is_left_alone_for_a_while(by_smtp, mail_server, travel_to):
    mail_server.busy = 1
    ids = [by_hand(by_smtp, "email") for _ in range(5)]
    deliver(by_smtp, "email")
    assert mail_server.mails == []
    for _ in range(8):
        travel_to(clock.now() + timedelta(seconds=5))
        deliver(by_smtp, "email")
    assert {state_of(by_smtp, each)[0] for each in ids} == {"sent"}
    assert len(mail_server.mails) == 5


def test_the_signature_covers_the_headers_that_stop_messages(service_of, mail_server, secrets):
    settings = {"FOYER_DKIM_DOMAIN": "foyer.example", "FOYER_SMTP_PORT": str(mail_server.port)}
    service = furnished(service_of, **SMTP, **settings)
    by_hand(service, "email", kind="service")
    deliver(service, "email")
    public = base64.b64encode((secrets / "dkim-public").read_bytes())
    (raw,) = mail_server.raw
    record = b"v=DKIM1; k=rsa; p=" + public
    assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: record)
    mail = mail_server.mails[0]
    signed = mail["DKIM-Signature"].replace("\r\n", "").partition("h=")[2].partition(";")[0]
    assert {"from", "subject", "message-id"} <= {each.strip().lower() for each in signed.split(":")}
    if mail["List-Unsubscribe"]:
        assert "list-unsubscribe-post" in signed


def bounce(message_id, action="failed", status="5.1.1"):
    return f"""From: MAILER-DAEMON@mx.example\r
To: no-reply@foyer.example\r
Subject: Undelivered Mail\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r
\r
--b\r
Content-Type: text/plain\r
\r
It did not work.\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.example\r
\r
Final-Recipient: rfc822; maria@example.com\r
Action: {action}\r
Status: {status}\r
\r
--b\r
Content-Type: text/rfc822-headers\r
\r
Message-ID: <{message_id}@foyer.example>\r
Subject: Hola\r
\r
--b--\r
""".encode()


def complaint(message_id):
    returned = EmailMessage()
    returned["Message-ID"] = f"<{message_id}@foyer.example>"
    returned.set_content("Hola")
    return (
        b"From: feedback@mx.example\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n--b\r\n'
        b"Content-Type: text/plain\r\n\r\nSomebody complained.\r\n--b\r\n"
        b"Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n\r\n--b\r\n"
        b"Content-Type: message/rfc822\r\n\r\n" + returned.as_bytes() + b"\r\n--b--\r\n"
    )


def test_a_bounce_that_comes_back_and_a_complaint_are_the_message_s_last_state(by_smtp, mail_server):
    bounced, complained = by_hand(by_smtp, "email"), by_hand(by_smtp, "email")
    deliver(by_smtp, "email")
    mta = by_smtp.signed_in("messages.suppressions.write")
    for raw in (bounce(bounced), complaint(complained), bounce(complained, "delivered", "2.0.0")):
        answer = mta.post(REPORTS, data=raw, headers={"Content-Type": "message/rfc822"}, key=None)
        assert (answer.status_code, answer.json) == (200, {"heard": True})
    assert state_of(by_smtp, bounced) == ("bounced", "smtp_5.1.1")
    assert state_of(by_smtp, complained) == ("complained", "abuse")
    assert {event.data["state"] for event in by_smtp.emitted(said.MESSAGE_BOUNCED)} == {"bounced", "complained"}


def test_what_is_no_report_changes_nothing(by_smtp, mail_server):
    mta = by_smtp.signed_in("messages.suppressions.write")
    for raw in (b"", b"Subject: Hola\r\n\r\nHola", bounce("nobody")):
        assert mta.post(REPORTS, data=raw, headers={"Content-Type": "message/rfc822"}, key=None).status_code == 422
    assert by_smtp.anonymous().post(REPORTS, data=b"", key=None).status_code == 401
