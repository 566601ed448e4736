"""What a person may do and where, out of the roles that they hold, and packed for a token."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from services.directory.employees.models import EmployeeRole
from services.directory.roles.models import Role, held
from shared.auth.principal import CHAIN

Grants = Mapping[str, frozenset[str]]
"""Permission to the branches it is held for; `*` alone for the chain."""


def grants_of(session: Session | Connection, employee_id: UUID) -> Grants:
    """What the roles of a person give them now."""
    rows = session.execute(
        select(EmployeeRole.branch_id, Role.everything, Role.permissions)
        .join(Role, Role.id == EmployeeRole.role_id)
        .where(EmployeeRole.employee_id == employee_id)
    )
    return gathered((branch_id, held(everything, permissions)) for branch_id, everything, permissions in rows)


def gathered(roles: Iterable[tuple[UUID | None, list[str]]]) -> Grants:
    """Grants out of branch (None is the chain) and permissions."""
    found: dict[str, set[str]] = defaultdict(set)
    for branch_id, permissions in roles:
        for permission in permissions:
            found[permission].add(CHAIN if branch_id is None else str(branch_id))
    return {name: frozenset({CHAIN} if CHAIN in where else where) for name, where in found.items()}


def packed(grants: Grants) -> list[list[list[str]]]:
    """`[[branches, permissions], …]`: permissions that are held for the same branches share one entry."""
    shared: dict[frozenset[str], list[str]] = defaultdict(list)
    for permission, branches in grants.items():
        shared[branches].append(permission)
    return [[sorted(branches), sorted(permissions)] for branches, permissions in shared.items()]
