"""Takes attempts through the gateway: many calls in flight, and what they say written down many at a time.

Any number of workers do this at once. One thread, the caller's, is all that touches the database, in short
transactions between the answers; the calls are made by others, which hold nothing. A kill at any moment leaves rows
from which the next worker goes on.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

import structlog

from services.memberships.gateways.port import Gateway, Outcome
from services.memberships.payments import outcomes, rows
from services.memberships.payments.steps import Said, Step, Taken, carry_out, first_step, until_next_look
from shared import clock
from shared.actor import Context, acting
from shared.db import Database

log = structlog.get_logger()

PIPELINE = Context(actor="service:memberships", channel="api")

IN_FLIGHT = 20
AHEAD = 40
"""How many are taken at most and not yet settled but for those whose answers wait to be written."""
BATCH = 50
GATHER = 0.05
"""Seconds for which answers are gathered, to be written down together."""
TURN = 5.0
"""Seconds after which nothing new is begun, so that the worker gets to its other duties."""

OpenGateway = Callable[[str], Gateway]
"""An account to its gateway."""


def turn(database: Database, gateway_of: OpenGateway) -> bool:
    """Takes what waits through the gateway, for some seconds at most; whether there was anything."""
    with ThreadPoolExecutor(IN_FLIGHT, "gateway") as pool:
        return Turn(database, gateway_of, pool).run()


@dataclass
class Turn:
    database: Database
    gateway_of: OpenGateway
    pool: ThreadPoolExecutor
    began: float = field(default_factory=clock.monotonic)
    ready: deque[tuple[Step, Taken]] = field(default_factory=deque)
    flying: set[Future[Said]] = field(default_factory=set)
    said: list[Said] = field(default_factory=list)
    gathering_since: float = 0.0

    def run(self) -> bool:
        did = self._take()
        while self.ready or self.flying or self.said:
            self._send()
            self._hear()
            if self._is_time_to_write():
                self._write()
            if not self._is_over():
                self._take()
            elif self.ready:
                self._let_go()
        return did

    def _is_over(self) -> bool:
        return clock.monotonic() - self.began > TURN

    def _take(self) -> bool:
        room = AHEAD - len(self.ready) - len(self.flying)
        if room < AHEAD // 4:
            return False
        now = clock.now()
        taken = rows.take(self.database, room)
        self.ready.extend((first_step(each, now), each) for each in taken)
        return bool(taken)

    def _send(self) -> None:
        # More than are in flight: the calls go on while this thread writes down what others have answered.
        while self.ready and len(self.flying) < AHEAD:
            step, taken = self.ready.popleft()
            gateway = self.gateway_of(taken.account)
            page = f"{self.database.config.base_url}/pay/{taken.id}"
            self.flying.add(self.pool.submit(carry_out, step, taken, gateway, page))

    def _hear(self) -> None:
        """Waits for an answer, if nothing else is to be done."""
        heard, self.flying = wait(self.flying, timeout=GATHER, return_when=FIRST_COMPLETED)
        if heard and not self.said:
            self.gathering_since = clock.monotonic()
        self.said.extend(each.result() for each in heard)

    def _is_time_to_write(self) -> bool:
        waited = clock.monotonic() - self.gathering_since
        return bool(self.said) and (len(self.said) >= BATCH or waited > GATHER or not (self.flying or self.ready))

    def _write(self) -> None:
        said, self.said = self.said, []
        self._name([each for each in said if each.created])
        unasked = [each.taken for each in said if each.outcome and each.outcome.state == "requires_confirmation"]
        self.ready.extend(("confirm", taken) for taken in unasked)
        self._settle(said)
        silent = [each for each in said if each.outcome is None and not each.created]
        if silent:
            waits = [(each.taken, until_next_look(each), each.lost) for each in silent]
            rows.look_later(self.database, waits)

    def _settle(self, said: list[Said]) -> None:
        """All in one transaction; should that fail, each in its own, so that one does not hold up the others."""
        found = _outcomes(said)
        if not found:
            return
        try:
            self._settle_together(found)
        except Exception:
            log.exception("settling_failed", attempts=len(found))
            for attempt_id, outcome in found.items():
                try:
                    self._settle_together({attempt_id: outcome})
                except Exception:  # its lease ends, and it is asked again
                    log.exception("settling_failed", attempt=str(attempt_id))

    def _settle_together(self, found: Mapping[UUID, Outcome]) -> None:
        with acting(PIPELINE), self.database.transaction() as session:
            outcomes.settle_all(session, found)

    def _name(self, created: list[Said]) -> None:
        """Commits the ids; only after that is anything confirmed."""
        if created:
            named = rows.name(self.database, {each.taken.id: each.created for each in created if each.created})
            confirmed = [each for each in created if each.taken.id in named]
            self.ready.extend(("confirm", replace(each.taken, gateway_id=each.created)) for each in confirmed)

    def _let_go(self) -> None:
        """What was not begun is left to the next turn, or to another worker."""
        rows.look_later(self.database, [(taken, timedelta(), False) for _, taken in self.ready])
        self.ready.clear()


def _outcomes(said: Iterable[Said]) -> dict[UUID, Outcome]:
    """What became of attempts; one that is yet to be confirmed is not among them."""
    found: dict[UUID, Outcome] = {}
    for each in said:
        found |= each.others
        if each.outcome and each.outcome.state != "requires_confirmation":
            found[each.taken.id] = each.outcome
    return found
