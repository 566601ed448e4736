"""In whatever order people change their minds, no message goes where the last word was no."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from services.notifications.checks.question import Asked, answers
from services.notifications.conftest import CARLOS, MADRID, MARIA, switch
from services.notifications.suppressions.stopping import start, stop
from services.notifications.unsubscribing.tokens import Token, token_of
from shared.contracts import clients
from shared.testing.service import ServiceUnderTest

KINDS = ("appointment", "service", "package", "marketing", "transaction", "contract")
CHANNELS = ("email", "sms", "push")
NUMBERS = ("+34612345678", "+34698765432")
ADDRESSES = ("one@example.com", "two@example.com")
people, kinds, channels = st.sampled_from((MARIA, CARLOS)), st.sampled_from(KINDS), st.sampled_from(CHANNELS)


class LastWord(RuleBasedStateMachine):
    """Beside the service, what a person would remember: who said no to what, and for which address they said yes."""

    service: ServiceUnderTest

    def __init__(self) -> None:
        super().__init__()
        clean(self.service)
        self.version = 10
        self.off: set[tuple[UUID, str, str]] = set()
        self.agreed: set[tuple[UUID, str, str]] = set()
        self.by_stop: set[tuple[UUID, str]] = set()
        self.stopped: set[str] = set()
        self.number = {MARIA: NUMBERS[0], CARLOS: NUMBERS[0]}
        self.address = {MARIA: ADDRESSES[0], CARLOS: ADDRESSES[1]}
        for client_id in self.number:
            self.update(client_id)

    def where(self, client_id: UUID, channel: str) -> str:
        return {"sms": self.number[client_id], "email": self.address[client_id]}.get(channel, str(client_id))

    @rule(client_id=people, kind=kinds, channel=channels)
    def says_no(self, client_id: UUID, kind: str, channel: str) -> None:
        if switch(self.service, client_id, kind, channel, on=False).status_code == 200:
            self.no(client_id, kind, channel)

    def no(self, client_id: UUID, kind: str, channel: str) -> None:
        self.off.add((client_id, kind, channel))
        self.says_more_than_stop(client_id, kind, channel)
        if kind == "marketing":
            self.agreed = {each for each in self.agreed if each[:2] != (client_id, channel)}

    def says_more_than_stop(self, client_id: UUID, kind: str, channel: str) -> None:
        if channel == "sms":
            self.by_stop.discard((client_id, kind))

    @rule(client_id=people, kind=kinds, channel=channels)
    def says_yes(self, client_id: UUID, kind: str, channel: str) -> None:
        if switch(self.service, client_id, kind, channel, on=True).status_code == 200:
            self.off.discard((client_id, kind, channel))
            self.says_more_than_stop(client_id, kind, channel)
            if kind == "marketing":
                self.agreed.add((client_id, channel, self.where(client_id, channel)))

    @rule(client_id=people, kind=st.sampled_from(KINDS[:-1]), every=st.booleans())
    def follows_the_link(self, client_id: UUID, kind: str, every: bool) -> None:
        token = token_of(self.service.config, Token(client_id, kind, "email"))
        given = {"scope": "everything" if every else "kind"}
        assert self.service.anonymous().post(f"/api/v1/notifications/unsubscribe/{token}", given).status_code == 200
        for each in KINDS[:-1] if every else (kind,):
            self.no(client_id, each, "email")

    @rule(number=st.sampled_from(NUMBERS))
    def answers_stop(self, number: str) -> None:
        with self.service.database.transaction() as session:
            stop(session, number)
        self.stopped.add(number)
        for client_id in self.holders(number):
            for kind in KINDS:
                if (client_id, kind, "sms") not in self.off:
                    self.off.add((client_id, kind, "sms"))
                    if kind != "marketing":
                        self.by_stop.add((client_id, kind))
            self.agreed = {each for each in self.agreed if each[:2] != (client_id, "sms")}

    @rule(number=st.sampled_from(NUMBERS))
    def answers_start(self, number: str) -> None:
        with self.service.database.transaction() as session:
            start(session, number)
        self.stopped.discard(number)
        for client_id in self.holders(number):
            for kind in [kind for holder, kind in self.by_stop if holder == client_id]:
                self.off.discard((client_id, kind, "sms"))
                self.by_stop.discard((client_id, kind))

    def holders(self, number: str) -> list[UUID]:
        return [client_id for client_id, held in self.number.items() if held == number]

    @rule(client_id=people, number=st.sampled_from(NUMBERS), address=st.sampled_from(ADDRESSES))
    def gets_another_number_and_address(self, client_id: UUID, number: str, address: str) -> None:
        self.number[client_id], self.address[client_id] = number, address
        self.update(client_id)

    def update(self, client_id: UUID) -> None:
        self.version += 1
        said: dict[str, Any] = {
            "id": str(client_id),
            "preferred_branch_id": str(MADRID),
            "phones": [{"number": self.number[client_id], "type": "mobile", "primary": True}],
            "emails": [{"address": self.address[client_id], "primary": True}],
        }
        self.service.deliver(clients.CLIENT_UPDATED, said, subject=client_id, version=self.version)

    @invariant()
    def what_somebody_said_no_to_does_not_go_and_all_else_does(self) -> None:
        asked = [
            Asked(client_id, kind, channel, urgent=True)
            for client_id in (MARIA, CARLOS)
            for kind in KINDS
            for channel in CHANNELS
        ]
        with self.service.database.reading() as connection:
            found = answers(connection, asked, self.service.config)
        assert [each.goes for each in found] == [self.may_go(each) for each in asked]

    def may_go(self, asked: Asked) -> bool:
        if asked.channel == "sms" and self.number[asked.client_id] in self.stopped:
            return False
        if (asked.client_id, asked.kind, asked.channel) in self.off:
            return False
        place = self.where(asked.client_id, asked.channel)
        return asked.kind != "marketing" or (asked.client_id, asked.channel, place) in self.agreed


def clean(service: ServiceUnderTest) -> None:
    with service.database.transaction() as session:
        for table in ("preferences", "preference_sheets", "preference_changes", "consents", "suppressions"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
        session.connection().exec_driver_sql("UPDATE clients SET version = 1")


def test_the_last_word_counts(notifications: ServiceUnderTest, agreed: Callable[..., None]) -> None:
    class Here(LastWord):
        service = notifications

    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Here, settings=settings(max_examples=8, stateful_step_count=20, deadline=None, suppress_health_check=checks)
    )
