"""The HTTP door to the chain's lists."""

from typing import Any
from uuid import UUID

from sqlalchemy import FromClause, select, tuple_

from services.clients.lists import actions
from services.clients.lists.models import ReferralMethod as MethodRow
from services.clients.lists.models import Status as StatusRow
from services.clients.lists.models import Tag as TagRow
from services.clients.lists.schemas import (
    ListQuery,
    NewReferralMethod,
    NewStatus,
    NewTag,
    ReferralMethod,
    ReferralMethodFields,
    Status,
    StatusFields,
    Tag,
    TagFields,
)
from shared.api import Door, reading, transaction
from shared.api.pages import decode_cursor, page, page_of, whole
from shared.api.versions import IF_MATCH, expected_version, tagged

door = Door(
    "lists",
    __name__,
    url_prefix="/api/v1/clients",
    description="The chain's statuses, referral methods and tags.",
)


@door.get("/statuses", needs="clients.read")
@door.arguments(ListQuery, location="query")
@door.response(200, page_of(Status, "Statuses"))
def statuses(query: dict[str, Any]) -> Any:
    """The statuses that a client may have, in the chain's order."""
    return _listed(StatusRow.__table__, query)


@door.post("/statuses", needs="clients.lists.write")
@door.arguments(NewStatus)
@door.response(201, Status)
@door.doc(**{"x-problems": [409]})
def add_status(details: dict[str, Any]) -> Any:
    """Adds a status."""
    with transaction() as session:
        status = actions.add_status(session, details)
    return tagged(status.version, status, 201)


@door.patch("/statuses/<uuid:status_id>", needs="clients.lists.write", parameters=[IF_MATCH])
@door.arguments(StatusFields)
@door.response(200, Status)
@door.doc(**{"x-problems": [409]})
def change_status(details: dict[str, Any], status_id: UUID) -> Any:
    """Changes a status; `active: false` retires it, and clients who have it keep it."""
    expected = expected_version()
    with transaction() as session:
        status = actions.change_status(session, status_id, details, expected)
    return tagged(status.version, status)


@door.get("/referral-methods", needs="clients.read")
@door.arguments(ListQuery, location="query")
@door.response(200, page_of(ReferralMethod, "ReferralMethods"))
def referral_methods(query: dict[str, Any]) -> Any:
    """The ways in which clients come, in the chain's order."""
    return _listed(MethodRow.__table__, query)


@door.post("/referral-methods", needs="clients.lists.write")
@door.arguments(NewReferralMethod)
@door.response(201, ReferralMethod)
@door.doc(**{"x-problems": [409]})
def add_referral_method(details: dict[str, Any]) -> Any:
    """Adds a referral method."""
    with transaction() as session:
        method = actions.add_referral_method(session, details)
    return tagged(method.version, method, 201)


@door.patch("/referral-methods/<uuid:method_id>", needs="clients.lists.write", parameters=[IF_MATCH])
@door.arguments(ReferralMethodFields)
@door.response(200, ReferralMethod)
@door.doc(**{"x-problems": [409]})
def change_referral_method(details: dict[str, Any], method_id: UUID) -> Any:
    """Changes a referral method; `active: false` retires it."""
    expected = expected_version()
    with transaction() as session:
        method = actions.change_referral_method(session, method_id, details, expected)
    return tagged(method.version, method)


@door.get("/tags", needs="clients.read")
@door.arguments(ListQuery, location="query")
@door.response(200, page_of(Tag, "Tags"))
def tags(query: dict[str, Any]) -> Any:
    """The tags that a client may have, in the chain's order."""
    return _listed(TagRow.__table__, query)


@door.post("/tags", needs="clients.lists.write")
@door.arguments(NewTag)
@door.response(201, Tag)
@door.doc(**{"x-problems": [409]})
def add_tag(details: dict[str, Any]) -> Any:
    """Adds a tag."""
    with transaction() as session:
        tag = actions.add_tag(session, details)
    return tagged(tag.version, tag, 201)


@door.patch("/tags/<uuid:tag_id>", needs="clients.lists.write", parameters=[IF_MATCH])
@door.arguments(TagFields)
@door.response(200, Tag)
@door.doc(**{"x-problems": [409]})
def change_tag(details: dict[str, Any], tag_id: UUID) -> Any:
    """Changes a tag; `active: false` retires it, and clients who have it keep it."""
    expected = expected_version()
    with transaction() as session:
        tag = actions.change_tag(session, tag_id, details, expected)
    return tagged(tag.version, tag)


def _listed(table: FromClause, query: dict[str, Any]) -> dict[str, Any]:
    place = decode_cursor(query.get("cursor"), whole, UUID)
    order = tuple_(table.c.position, table.c.id)
    statement = select(table).order_by(order).limit(query["limit"] + 1)
    if place:
        statement = statement.where(order > tuple_(*place))
    if "active" in query:
        statement = statement.where(table.c.active == query["active"])
    with reading() as connection:
        found = connection.execute(statement).mappings().all()
    return page(found, query["limit"], lambda row: (row["position"], row["id"]))
