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
