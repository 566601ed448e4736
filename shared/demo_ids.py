"""Ids of the demo's rows, the same at every run and in every service.

A service fills its own database at the first start, with copies of others' rows too; by these ids they fit together.
"""

from uuid import NAMESPACE_URL, UUID, uuid5


def demo_id(subject: str, number: int) -> UUID:
    """The id of the demo's nth (from 1) row of a subject, such as `branch`."""
    return uuid5(NAMESPACE_URL, f"foyer-demo/{subject}/{number}")


BRANCHES = tuple(demo_id("branch", number) for number in range(1, 4))
"""Salamanca (Madrid; EUR, es), Gràcia (Barcelona; EUR, es) and Coral Gables (Miami; USD, en)."""

SERVICES = tuple(demo_id("service", number) for number in range(1, 13))
"""What is on the menu."""

EMPLOYEES = tuple(demo_id("employee", number) for number in range(1, 13))
"""The first three sign in as admin, manager and reception."""
