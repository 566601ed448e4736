"""The service with a provider on each channel, and the peers behind them."""

from collections.abc import Callable, Iterator

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode

from services.notifications.conftest import furnish
from services.notifications.providers.tests.peers import MailServer, PushService, SmsCompany
from shared.testing.service import ServiceUnderTest

TOKEN = "twilio-token-of-nobody"
SMTP = {"FOYER_EMAIL_PROVIDER": "smtp", "FOYER_EMAIL_RATE": "10000"}
SMS = {
    "FOYER_SMS_PROVIDER": "twilio", "FOYER_TWILIO_ACCOUNT": "AC1", "FOYER_TWILIO_NUMBER": "+34600000000",
    "FOYER_SMS_RATE": "10000",
}  # fmt: skip


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer().start()
    yield server
    server.stop()


@pytest.fixture
def sms_company() -> Iterator[SmsCompany]:
    company = SmsCompany().start()
    yield company
    company.stop()


@pytest.fixture(scope="module")
def push_service(tmp_path_factory) -> Iterator[PushService]:
    service = PushService(tmp_path_factory.mktemp("push")).start()
    yield service
    service.stop()


@pytest.fixture
def secrets(tmp_path):
    folder = tmp_path / "secrets"
    folder.mkdir(exist_ok=True)
    (folder / "twilio-auth-token").write_text(TOKEN)
    vapid = Vapid02()
    vapid.generate_keys()
    private = vapid.private_key.private_numbers().private_value.to_bytes(32, "big")
    (folder / "vapid-key").write_text(b64urlencode(private))
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    (folder / "dkim-key").write_bytes(pem)
    (folder / "dkim-public").write_bytes(
        key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return folder


@pytest.fixture
def by_smtp(service_of: Callable[..., ServiceUnderTest], mail_server: MailServer, secrets) -> ServiceUnderTest:
    return furnished(service_of, FOYER_SMTP_PORT=str(mail_server.port), **SMTP)


@pytest.fixture
def by_twilio(service_of: Callable[..., ServiceUnderTest], sms_company: SmsCompany, secrets) -> ServiceUnderTest:
    return furnished(service_of, FOYER_TWILIO_URL=sms_company.url, **SMS)


@pytest.fixture
def by_push(service_of: Callable[..., ServiceUnderTest], push_service: PushService, secrets) -> ServiceUnderTest:
    return furnished(service_of, FOYER_PUSH_PROVIDER="webpush", FOYER_PUSH_HOSTS="localhost")


def furnished(service_of: Callable[..., ServiceUnderTest], **settings: str) -> ServiceUnderTest:
    service = service_of("notifications", **settings)
    furnish(service)
    return service
