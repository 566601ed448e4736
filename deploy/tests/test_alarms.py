"""Each number that an alert watches moves when the thing that it watches is broken, with real processes."""

import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from shared import clock
from shared.actor import Context
from shared.card import card
from shared.config import Config, load
from shared.contracts.directory import BRANCH_ADDED
from shared.db import Database
from shared.events.envelope import encode
from shared.events.transport import Outgoing, connect
from shared.ids import new_id
from shared.roles import migrate
from shared.testing.eventually import eventually
from shared.testing.processes import Role

SERVICE = "clients"


@dataclass
class Installed:
    config: Config
    settings: dict[str, str]
    start: Callable[[str], Role]

    def emit_something(self) -> None:
        """A committed row in the outbox."""
        database = Database(self.config)
        with database.transaction() as session:
            session.execute(
                text(
                    "INSERT INTO outbox (event_id, type, body, at) VALUES (:id, 'clients.client.updated.v1', '{}', :at)"
                ),
                {"id": new_id(), "at": clock.now()},
            )
        database.close()

    def publish(self, body: str, came_as: str = BRANCH_ADDED.type) -> None:
        """Puts an event of the directory on the road."""
        transport = connect(self.config)
        transport.publish([Outgoing(new_id(), came_as, body)])
        transport.close()


@pytest.fixture(params=["rabbitmq", "embedded"])
def installed(request, postgres, database, tmp_path: Path) -> Iterator[Installed]:
    """The service on a database of its own and either transport; its roles are started as processes."""
    settings = {"FOYER_DATABASE_URL": database, "FOYER_RETRY_DELAYS": "0.01", "FOYER_SECRETS": str(tmp_path)}
    if request.param == "rabbitmq":
        settings["FOYER_AMQP_URL"] = request.getfixturevalue("vhost").url
    else:
        bus = postgres.new_database()
        settings["FOYER_BUS_URL"] = postgres.url(bus)
    config = load(SERVICE, settings)
    migrate(card(SERVICE), config)
    roles: list[Role] = []

    def start(role: str) -> Role:
        roles.append(Role(SERVICE, role, settings, tmp_path / f"{role}.log").start())
        return roles[-1]

    yield Installed(config, settings, start)
    for role in roles:
        role.stop()
    if request.param == "embedded":
        postgres.drop_database(bus)


def branch_added(**data: object) -> str:
    context = Context(actor="service:directory", channel="api")
    _, body = encode(BRANCH_ADDED, subject=new_id(), version=1, data={**BRANCH_ADDED.example, **data}, context=context)
    return body


def test_without_a_relay_the_oldest_event_ages_and_no_relay_is_active(installed):
    observer, relay = installed.start("consumer"), installed.start("relay")
    eventually(lambda: observer.metric("foyer_relay_active", service=SERVICE) == 1)
    installed.emit_something()
    eventually(lambda: relay.metric("foyer_events_published_total", service=SERVICE) == 1)
    assert observer.metric("foyer_outbox_oldest_seconds", service=SERVICE) == 0
    assert relay.stop() == 0
    installed.emit_something()
    eventually(lambda: observer.metric("foyer_relay_active", service=SERVICE) == 0)
    first = observer.metric("foyer_outbox_oldest_seconds", service=SERVICE)
    eventually(lambda: observer.metric("foyer_outbox_oldest_seconds", service=SERVICE) > first + 0.5 > 0.5)


def test_a_reaction_that_fails_for_ever_is_one_dead_letter(installed):
    consumer = installed.start("consumer")
    assert consumer.metric("foyer_dead_letters", service=SERVICE) == 0
    installed.publish(branch_added())
    eventually(lambda: consumer.metric("foyer_events_handled_total", type=BRANCH_ADDED.type) == 1)
    installed.publish(branch_added().replace('"name"', '"nome"'))
    eventually(lambda: consumer.metric("foyer_dead_letters", service=SERVICE) == 1)
    assert consumer.metric("foyer_retries", service=SERVICE) == 0


@pytest.mark.parametrize("installed", ["rabbitmq"], indirect=True)
def test_a_body_of_another_type_than_it_came_as_is_a_dead_letter(installed):
    """The embedded transport has no rights that a body could get around."""
    consumer = installed.start("consumer")
    installed.publish(branch_added().replace(BRANCH_ADDED.type, "directory.branch.changed.v1"))
    eventually(lambda: consumer.metric("foyer_dead_letters", service=SERVICE) == 1)


def test_the_queue_ages_while_its_consumer_hangs_or_is_gone(installed):
    observer, consumer = installed.start("relay"), installed.start("consumer")

    def age() -> float:
        return observer.metric("foyer_queue_age_seconds", service=SERVICE)

    eventually(lambda: age() < 2)
    consumer.send(signal.SIGSTOP)
    eventually(lambda: age() > 3)
    consumer.send(signal.SIGCONT)
    eventually(lambda: age() < 2)
    consumer.stop()
    eventually(lambda: age() > 3)


def test_a_database_that_is_away_shows_and_nothing_else_is_made_up(installed, postgres):
    relay = installed.start("relay")
    eventually(lambda: relay.metric("foyer_database_up", service=SERVICE) == 1)
    postgres.drop_database(installed.config.database_url.rpartition("/")[2])
    eventually(lambda: relay.metric("foyer_database_up", service=SERVICE) == 0)
    assert "foyer_dead_letters" not in relay.get("/metrics").text
    assert relay.get("/healthz").status_code == 200  # it waits for its database; a new start would not help
    assert relay.get("/readyz").status_code == 503
