"""Sends what is due on one channel: claims a handful, calls the provider for each, keeps what became of them."""

import structlog
from sqlalchemy.orm import Session

from services.notifications.catalogue.message_type import MARKETING, NORMAL
from services.notifications.delivery import rates
from services.notifications.delivery.claiming import Claimed, calling, claim, release
from services.notifications.delivery.lanes import first_lane
from services.notifications.delivery.settling import Tried, settle
from services.notifications.providers.port import Down, Outcome, Provider, Sent, Unknown
from shared import clock
from shared.actor import Context, acting
from shared.db import Database

log = structlog.get_logger()

CALLED_WITHIN = 15.0
"""Seconds from the claim in which calls begin: each takes 15 at most, so all are over before the lease is."""
TOGETHER = 5
"""So many outcomes share a commit where a repeat does no harm; a kill between repeats these, under the same id."""
HOUSE = Context(actor="service:notifications", channel="event")


class Sender:
    """One thread's way out on one channel."""

    def __init__(self, database: Database, provider: Provider) -> None:
        self._database, self._provider = database, provider
        self._resting = False
        self._tried: list[Tried] = []

    def step(self) -> int:
        """Sends one claim, and what is more urgent meanwhile; answers how many of the claim it had."""
        with acting(HOUSE):
            claimed = self._claim()
            self._work_off(claimed)
        return len(claimed)

    def _work_off(self, claimed: list[Claimed]) -> bool:
        """Tries all of them, or gives them back; whether the provider takes more."""
        began, takes_more = clock.monotonic(), True
        for at, one in enumerate(claimed):
            if takes_more and one.lane == MARKETING and self._is_urgent_due():
                takes_more = self._work_off(self._claim(last=NORMAL))
            if not takes_more or clock.monotonic() - began > CALLED_WITHIN:
                self._release(claimed[at:])
                break
            takes_more = self._send(one)
        self._keep()
        return takes_more

    def _is_urgent_due(self) -> bool:
        """Whether something came that goes before the rest of a campaign."""
        with self._database.reading() as connection:
            return first_lane(connection, self._provider.channel, clock.now(), NORMAL) is not None

    def drain(self) -> int:
        """Until nothing is due. For tests and commands."""
        count = 0
        while done := self.step():
            count += done
        return count

    def close(self) -> None:
        self._provider.close()

    def _claim(self, last: int = MARKETING) -> list[Claimed]:
        provider = self._provider
        with self._database.transaction() as session:
            return claim(session, self._database.config, provider.channel, repeats=provider.repeats, last=last)

    def _send(self, one: Claimed) -> bool:
        """Whether the provider takes more."""
        if not self._provider.repeats and not self._is_ours(one):
            return True
        outcome = self._outcome(one)
        self._tried.append(Tried(one.outgoing.id, one.claimed_at, outcome))
        if not self._provider.repeats or len(self._tried) == TOGETHER or isinstance(outcome, Down):
            self._keep()
        name = type(outcome).__name__.lower()
        log.info("message_tried", id=str(one.outgoing.id), channel=self._provider.channel, outcome=name)
        return not isinstance(outcome, Down)

    def _keep(self) -> None:
        """Writes down what became of those that were tried."""
        tried, self._tried = self._tried, []
        if tried:
            with self._database.transaction() as session:
                settle(session, self._provider.name, tried)
                self._pace(session, tried[-1].outcome)

    def _pace(self, session: Session, outcome: Outcome) -> None:
        """Lets a provider rest that takes nothing, and goes on with one that does again."""
        channel, rate = self._provider.channel, self._database.config.messaging.rates[self._provider.channel]
        if isinstance(outcome, Down):
            self._resting = True
            rates.pause(session, channel, rate, outcome.reason, outcome.after)
        elif self._resting and isinstance(outcome, Sent):
            self._resting = False
            rates.go_on(session, channel)

    def _is_ours(self, one: Claimed) -> bool:
        """A commit before each call: what comes after it may have gone out, and what comes before it has not."""
        with self._database.transaction() as session:
            return calling(session, one)

    def _outcome(self, one: Claimed) -> Outcome:
        try:
            if one.look_first and (found := self._provider.find(one.outgoing)) is not None:
                return found
            return Unknown("not_known_to_provider") if one.only_look else self._provider.send(one.outgoing)
        except Exception:
            log.exception("provider_failed", id=str(one.outgoing.id), provider=self._provider.name)
            return Unknown("error")

    def _release(self, claimed: list[Claimed]) -> None:
        if claimed:
            with self._database.transaction() as session:
                release(session, claimed)
