"""Workers are killed while they send messages: nothing is lost, and nobody is told more than the promise says.

Two workers send e-mails and SMS to peers in this process. At random moments one is killed, and the one that takes its
place has a clock that is further on, so that leases of the dead are over.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from services.notifications.catalogue.types import TYPES
from services.notifications.conftest import MADRID, MARIA, furnish
from services.notifications.copies.models import Client
from services.notifications.messages.actions import queue
from services.notifications.providers.tests.conftest import SMS, SMTP, TOKEN
from services.notifications.providers.tests.peers import MailServer, SmsCompany
from shared import clock
from shared.actor import Context, acting
from shared.ids import new_id
from shared.testing.eventually import eventually
from shared.testing.processes import Role
from shared.testing.service import ServiceUnderTest

FURTHER = timedelta(minutes=3)
"""By which a worker's clock is further on than that of the one before: longer than a lease."""
AT_THE_END = timedelta(minutes=30)
"""And the last one's: longer than an unknown outcome waits."""
LEFT = "SELECT count(*) FROM messages WHERE due_at IS NOT NULL"


@dataclass
class House:
    service: ServiceUnderTest
    mail_server: MailServer
    sms_company: SmsCompany
    settings: dict[str, str]
    folder: Path
    random: random.Random
    workers: list[Role] = field(default_factory=list)
    started: int = 0

    def write(self, count: int) -> None:
        """So many e-mails, and as many SMS."""
        with acting(Context("service:test", "api")), self.service.database.transaction() as session:
            client = session.get_one(Client, MARIA)
            for number in range(count):
                for channel in ("email", "sms"):
                    data = {"id": str(new_id()), "title": "Hola", "text": f"{channel} {number} {new_id()}"}
                    now = clock.now()
                    queue(
                        session,
                        TYPES["quick"],
                        client,
                        channels=[channel],
                        data=data,
                        happened_at=now,
                        branch_id=MADRID,
                    )

    def start_one(self, further: timedelta = FURTHER) -> None:
        self.started += 1
        offset = str((FURTHER * self.started + (further - FURTHER)).total_seconds())
        settings = self.settings | {"FOYER_CLOCK_OFFSET": offset}
        log = self.folder / f"worker-{self.started}.log"
        self.workers.append(Role("notifications", "worker", settings, log).start())

    def kill_one(self) -> None:
        self.workers.pop(self.random.randrange(len(self.workers))).kill()

    def left(self) -> int:
        return int(self.service.rows(LEFT)[0])


@pytest.fixture
def house(service_of, tmp_path) -> Iterator[House]:
    seed = random.SystemRandom().randrange(1 << 30)
    print(f"seed {seed}")
    service = service_of("notifications")
    furnish(service)
    (tmp_path / "secrets" / "twilio-auth-token").write_text(TOKEN)
    mail_server, sms_company = MailServer().start(), SmsCompany().start()
    sms_company.seconds = 0.01
    settings = SMTP | SMS | {
        "FOYER_DATABASE_URL": service.config.database_url, "FOYER_SECRETS": str(tmp_path / "secrets"),
        "FOYER_SMTP_PORT": str(mail_server.port), "FOYER_TWILIO_URL": sms_company.url,
    }  # fmt: skip
    made = House(service, mail_server, sms_company, settings, tmp_path, random.Random(seed))
    yield made
    for worker in made.workers:
        worker.kill()
    mail_server.stop()
    sms_company.stop()


def test_ten_kills_lose_nothing_and_tell_nobody_twice(house):
    kill(house, 10)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_hundred_kills_lose_nothing_and_tell_nobody_twice(house):
    kill(house, 100)


def kill(house: House, times: int) -> None:
    house.start_one()
    house.start_one()
    for _ in range(times):
        house.write(30)
        had = len(house.sms_company.messages)
        eventually(lambda had=had: len(house.sms_company.messages) > had, within=20)  # under way
        wait = house.random.random() * 0.3
        with psycopg.connect(house.service.database.url) as session:
            session.execute("SELECT pg_sleep(%s)", (wait,))
        house.kill_one()
        house.start_one()
    house.start_one(AT_THE_END)
    eventually(lambda: house.left() == 0, within=90)
    nothing_is_lost(house, 30 * times)


def nothing_is_lost(house: House, count: int) -> None:
    ids = house.service.rows("SELECT id FROM messages WHERE channel = 'email'")
    got = Counter(mail["X-Foyer-Message"] for mail in house.mail_server.mails)
    assert len(ids) == count
    assert set(got) == {str(each) for each in ids}
    texts = house.service.rows("SELECT body FROM messages WHERE channel = 'sms'")
    sent = Counter(each["body"] for each in house.sms_company.messages)
    assert len(texts) == count
    assert set(sent) <= set(texts)
    assert max(sent.values()) <= 2
    unsent = [body for body in texts if not sent[body]]
    states = house.service.rows("SELECT DISTINCT state FROM messages WHERE body = ANY(:texts)", texts=unsent or [""])
    assert set(states) <= {"unknown"}, "what did not go out says that nobody knows"
    assert len(unsent) <= house.started, "at most the one that was being called at each kill"
    assert house.service.rows("SELECT DISTINCT state FROM messages WHERE channel = 'email'") == ["sent"]
