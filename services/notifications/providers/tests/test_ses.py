"""What Amazon SES tells by SNS, signed by a key of our own that a server of the test shows as Amazon shows theirs."""

import base64
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from services.notifications.conftest import by_hand, deliver, state_of
from services.notifications.providers.tests.conftest import SMTP, furnished
from shared import clock

SES = "/api/v1/notifications/providers/ses"
TOPIC = "arn:aws:sns:eu-west-1:1:foyer"


class Amazon:
    """Signs as SNS does, and shows its certificate."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.example")])
        made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(self.key.public_key())
        made = made.serial_number(1).not_valid_before(clock.now()).not_valid_after(clock.now() + timedelta(days=1))
        self.pem = made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        self.confirmed: list[str] = []
        amazon = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.startswith("/confirm"):
                    amazon.confirmed.append(self.path)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(amazon.pem)

            def log_message(self, *args: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def says(self, kind: str, message: object, topic: str = TOPIC, **more: str) -> bytes:
        said = {"Type": kind, "MessageId": "1", "TopicArn": topic, "Timestamp": "2026-11-27T10:00:00Z"} | more
        said["Message"] = message if isinstance(message, str) else orjson.dumps(message).decode()
        names = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
        text = "".join(f"{name}\n{said[name]}\n" for name in names if name in said)
        signature = self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        said |= {"SignatureVersion": "2", "SigningCertURL": f"{self.url}cert.pem"}
        return orjson.dumps(said | {"Signature": base64.b64encode(signature).decode()})


@pytest.fixture
def amazon():
    made = Amazon()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def by_ses(service_of, mail_server, secrets, amazon):
    settings = {"FOYER_SNS_TOPIC": TOPIC, "FOYER_SNS_CERTIFICATES": amazon.url}
    return furnished(service_of, FOYER_SMTP_PORT=str(mail_server.port), **SMTP, **settings)


def told(service, body):
    return service.anonymous().post(SES, data=body, headers={"Content-Type": "text/plain"}, key=None)


def about(message_id, **what):
    return {"mail": {"headers": [{"name": "X-Foyer-Message", "value": message_id}]}} | what


def test_bounces_complaints_and_deliveries_reach_their_messages(by_ses, amazon):
    bounced, complained, arrived = (by_hand(by_ses, "email") for _ in range(3))
    deliver(by_ses, "email")
    hard = {"bounceType": "Permanent", "bounceSubType": "General"}
    soft = {"bounceType": "Transient", "bounceSubType": "MailboxFull"}
    for message in (
        about(bounced, notificationType="Bounce", bounce=hard),
        about(arrived, notificationType="Bounce", bounce=soft),
        about(arrived, notificationType="Delivery"),
        about(complained, notificationType="Complaint"),
    ):
        assert told(by_ses, amazon.says("Notification", message)).json == {"heard": True}
    assert state_of(by_ses, bounced) == ("bounced", "ses_permanent")
    assert state_of(by_ses, complained)[0] == "complained"
    assert state_of(by_ses, arrived) == ("delivered", None)


def test_a_subscription_is_confirmed_only_where_amazon_is(by_ses, amazon):
    yes = amazon.says("SubscriptionConfirmation", "x", Token="1", SubscribeURL=f"{amazon.url}confirm")
    elsewhere = amazon.says("SubscriptionConfirmation", "x", Token="1", SubscribeURL="http://10.0.0.1/x")
    assert (told(by_ses, yes).status_code, told(by_ses, elsewhere).status_code) == (200, 200)
    assert amazon.confirmed == ["/confirm"]


def test_what_amazon_has_not_signed_for_our_topic_changes_nothing(by_ses, amazon):
    message_id = by_hand(by_ses, "email")
    deliver(by_ses, "email")
    bounce = about(message_id, notificationType="Bounce", bounce={"bounceType": "Permanent"})
    good = orjson.loads(amazon.says("Notification", bounce))
    for wrong in (
        amazon.says("Notification", bounce, topic="arn:aws:sns:eu-west-1:1:another"),
        orjson.dumps(good | {"Timestamp": "2027-01-01T00:00:00Z"}),
        orjson.dumps(good | {"SigningCertURL": "http://127.0.0.1:1/cert.pem"}),
        orjson.dumps(good | {"Signature": "!"}),
        b"[]",
        b"no json",
    ):
        assert told(by_ses, wrong).status_code == 403
    assert state_of(by_ses, message_id)[0] == "sent"
