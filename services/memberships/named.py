"""What a body or a path names, found or refused."""

from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from services.memberships.copies.models import Branch, Client
from shared.api import principal
from shared.errors import Invalid, NotFound
from shared.rows import NOT_FOUND
from shared.words import Words

NO_BRANCH = Words("There is no such branch.")
NO_CLIENT = Words("There is no such client.")


def branch_named(session: Session, branch_id: UUID, permission: str) -> Branch:
    """The branch that a body names. Raises Invalid when there is none, Forbidden without the permission there."""
    branch = session.get(Branch, branch_id)
    if branch is None:
        raise Invalid(NO_BRANCH, fields={"branch_id": [NO_BRANCH.format()]})
    principal().must(permission, branch_id)
    return branch


def client_named(session: Session, client_id: UUID, field: str = "client_id") -> Client:
    """The client that a body names. Raises Invalid when there is none."""
    client = session.get(Client, client_id)
    if client is None:
        raise Invalid(NO_CLIENT, fields={field: [NO_CLIENT.format()]})
    return client


def must_be_client(session: Session | Connection, client_id: UUID) -> None:
    """Raises NotFound when a path names a client who is not there."""
    if session.execute(Client.__table__.select().where(Client.id == client_id)).first() is None:
        raise NotFound(NOT_FOUND)
