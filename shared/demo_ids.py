"""Ids of the demo's rows, the same at every run and in every service.

A service fills its own database at the first start; by these ids what one refers to is what another has.
"""

from uuid import UUID, uuid5

SPACE = UUID("5ca1ab1e-f0e7-4a11-8000-000000000000")


def demo_id(kind: str, name: str) -> UUID:
    """The id of the demo's row of that kind and name, such as the branch Salamanca."""
    return uuid5(SPACE, f"{kind} {name}")


SALAMANCA, GRACIA, BRICKELL = (demo_id("branch", name) for name in ("Salamanca", "Gràcia", "Brickell"))
"""The branches: in Madrid, in Barcelona and in Miami."""

CLIENTS = 2000
"""Numbered from 1."""
MILLISECONDS_AT_START = 1_735_722_000_000
"""1 January 2025: their ids are as old as if they had come one by one since then."""


def demo_client(number: int) -> UUID:
    """The id of the demo's client of that number, a UUIDv7."""
    return demo_id_of(MILLISECONDS_AT_START + number * 28_000_000, f"client {number}")


def demo_id_of(milliseconds: int, name: str) -> UUID:
    """A UUIDv7 as old as this moment, for what sorts by its age."""
    rest = uuid5(SPACE, name).int
    return UUID(int=milliseconds << 80 | 7 << 76 | (rest >> 64 & 0xFFF) << 64 | 2 << 62 | rest & (1 << 62) - 1)


def branch_of_client(number: int) -> UUID:
    """Where that client usually comes: five of ten to Salamanca, three to Gràcia, two to Brickell."""
    return (*[SALAMANCA] * 5, *[GRACIA] * 3, *[BRICKELL] * 2)[number * 7 % 10]
