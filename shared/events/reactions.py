"""Reactions: what the events of other services make us do."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from shared.contracts.contract import Contract
from shared.events.envelope import Event

Run = Callable[[Session, Event], None]


@dataclass(frozen=True)
class Reaction:
    """A function that is run once per event, in a transaction with the inbox's note that it ran.

    It raises Retry when it must wait for something, Reject when it can never succeed; anything else that it raises
    is tried again with growing delay, and is a dead letter after the last attempt.
    """

    name: str
    """Stable, `<room>.<function>`: the inbox remembers by it."""
    run: Run


class Reactions:
    """The reactions of one room, or of a whole service."""

    def __init__(self) -> None:
        self._by_type: dict[str, list[Reaction]] = defaultdict(list)

    def on(self, *contracts: Contract) -> Callable[[Run], Run]:
        def register(run: Run) -> Run:
            room = run.__module__.split(".")[-2]
            reaction = Reaction(f"{room}.{run.__name__}", run)
            for contract in contracts:
                self._by_type[contract.type].append(reaction)
            return run

        return register

    def include(self, others: Iterable["Reactions"]) -> "Reactions":
        for other in others:
            for type_, reactions in other._by_type.items():
                self._by_type[type_].extend(reactions)
        return self

    def types(self) -> list[str]:
        """Every type that something reacts to: what the queue is bound to."""
        return sorted(self._by_type)

    def pairs(self) -> list[tuple[str, str]]:
        """Each reaction's name with each type that it is to."""
        return [(reaction.name, type_) for type_, reactions in self._by_type.items() for reaction in reactions]

    def to(self, type_: str) -> list[Reaction]:
        return self._by_type.get(type_, [])

    def named(self, name: str) -> Reaction | None:
        every = (reaction for reactions in self._by_type.values() for reaction in reactions)
        return next((reaction for reaction in every if reaction.name == name), None)
