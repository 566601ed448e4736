"""A campaign is stopped in the middle, by kills and by a person: everybody is let in and written to once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from services.notifications.campaigns.tests.verbs import ROOT, of_campaigns, plan, start
from services.notifications.conftest import MADRID, furnish
from shared.contracts.notifications import MESSAGE_QUEUED
from shared.ids import new_id
from shared.testing.eventually import eventually
from shared.testing.processes import Role
from shared.testing.service import ServiceUnderTest

CLIENTS, AGREED = 1500, 100
FILL = """
    INSERT INTO clients (id, version, name, language, preferred_branch_id, archived, profile)
    SELECT id, 1, 'Ana', 'es', :branch, false, '{}' FROM unnest(CAST(:ids AS uuid[])) AS id;
    INSERT INTO contact_points (client_id, channel, rank, address, address_hash, zones)
    SELECT id, 'email', 0, id || '@example.com', 'h' || id, '[]' FROM unnest(CAST(:ids AS uuid[])) AS id;
    INSERT INTO preferences (client_id, kind, channel, is_on)
    SELECT id, 'marketing', 'email', true FROM unnest(CAST(:ids AS uuid[])) AS id;
    INSERT INTO consents (client_id, channel, address_hash, given_at, given, wording_id)
    SELECT id, 'email', 'h' || id, now(), 'paper', (SELECT id FROM consent_wordings LIMIT 1)
    FROM unnest(CAST(:ids AS uuid[])) AS id ORDER BY md5(CAST(id AS text)) LIMIT :agreed
"""


@pytest.fixture
def service(service_of) -> ServiceUnderTest:
    made = service_of("notifications")
    furnish(made)
    values = {"branch": MADRID, "ids": [new_id() for _ in range(CLIENTS - 2)], "agreed": AGREED}
    with made.database.transaction() as session:
        for statement in FILL.split(";"):
            session.execute(text(statement), values)
    return made


class Workers:
    """One after the other, each killed before the next."""

    def __init__(self, service: ServiceUnderTest, folder: Path) -> None:
        self.settings = {
            "FOYER_DATABASE_URL": service.config.database_url,
            "FOYER_SECRETS": str(folder / "secrets"),
            "FOYER_EMAIL_RATE": "10000",
        }
        self.folder, self.started = folder, 0
        self.now: Role | None = None

    def next(self) -> None:
        self.kill()
        self.started += 1
        self.now = Role("notifications", "worker", self.settings, self.folder / f"worker-{self.started}.log").start()

    def kill(self) -> None:
        if self.now is not None:
            self.now.kill()
            self.now = None


@pytest.fixture
def workers(service, tmp_path) -> Iterator[Workers]:
    made = Workers(service, tmp_path)
    yield made
    made.kill()


def test_a_campaign_that_is_killed_and_paused_in_the_middle_reaches_everybody_once(service, workers) -> None:
    admin = of_campaigns(service)
    campaign = plan(admin)
    path = f"{ROOT}/{campaign['id']}"

    def found():
        return of_campaigns(service).get(path).json

    def of_messages(*states: str) -> int:
        return sum(found()["progress"]["messages"].get(state, 0) for state in states)

    start(admin, campaign)
    workers.next()
    eventually(lambda: found()["progress"]["entered"], within=60)
    workers.next()  # the one before is killed, wherever it was
    eventually(lambda: of_messages("suppressed", "delivered") > 50, within=60)
    assert admin.post(f"{path}/pause", version="*").status_code == 200
    workers.next()
    eventually(lambda: service.rows("SELECT count(*) FROM messages WHERE reason = 'paused'") != [0], within=60)
    gone = of_messages("suppressed", "delivered")
    assert gone < CLIENTS
    workers.next()
    assert admin.post(f"{path}/resume", version="*").status_code == 200
    eventually(lambda: found()["state"] == "ended", within=90, every=0.5)

    progress = found()["progress"]
    assert (progress["entered"], progress["done"]) == (CLIENTS, CLIENTS)
    assert progress["messages"] == {"delivered": AGREED, "suppressed": CLIENTS - AGREED}
    assert service.rows("SELECT count(DISTINCT client_id) FROM messages") == [CLIENTS]
    assert len(service.emitted(MESSAGE_QUEUED)) == CLIENTS
