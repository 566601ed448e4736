"""The HTTP door to services that were bought ahead."""

from typing import Any
from uuid import UUID

from services.memberships.credits import listing
from services.memberships.credits.api import lock
from services.memberships.credits.listing import Credits
from services.memberships.credits.models import Credit as Row
from services.memberships.credits.schemas import Credit, CreditsOfClient
from services.memberships.named import branch_named, client_named
from services.memberships.service_credits import actions
from services.memberships.service_credits.schemas import NewServiceCredit, ServiceCreditRemoval
from shared.api import Door, reading, transaction
from shared.api.versions import tagged
from shared.errors import NotFound
from shared.rows import NOT_FOUND

door = Door(
    "service_credits",
    __name__,
    url_prefix="/api/v1/memberships/service-credits",
    description="Services that a client has bought ahead (P45).",
)

READ, WRITE = "memberships.read", "memberships.credits.write"
SOURCE = "service_credit"


@door.get("", needs=READ)
@door.arguments(CreditsOfClient, location="query")
@door.response(200, Credits)
@door.doc(**{"x-problems": [404]})
def service_credits(query: dict[str, Any]) -> Any:
    """Those of a client, used and expired ones too. What happened to one: `…/credits/{id}/movements`."""
    with reading() as connection:
        return listing.of_a_client(connection, query, READ, Row.source == SOURCE)


@door.post("", needs=WRITE, idempotent=True)
@door.arguments(NewServiceCredit)
@door.response(201, Credit)
def add(given: dict[str, Any]) -> Any:
    """Adds so many of a service, with a comment."""
    with transaction() as session:
        branch = branch_named(session, given["branch_id"], WRITE)
        client_named(session, given["client_id"])
        credit = actions.add(session, given["client_id"], branch, given)
        return tagged(credit.version, listing.one(session, credit.id), 201)


@door.post("/<uuid:credit_id>/removal", needs=WRITE, idempotent=True)
@door.arguments(ServiceCreditRemoval)
@door.response(200, Credit)
@door.doc(**{"x-problems": [409]})
def remove(given: dict[str, Any], credit_id: UUID) -> Any:
    """Takes some of what is left away, by default all of it, with a comment. What is held or used stays."""
    with transaction() as session:
        credit = lock(session, credit_id, None)
        if credit.source != SOURCE:
            raise NotFound(NOT_FOUND)
        actions.remove(session, credit, given.get("quantity"), given["comment"])
        return tagged(credit.version, listing.one(session, credit_id))
