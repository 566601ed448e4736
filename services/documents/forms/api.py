"""The HTTP door to forms."""

from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy import func, select, tuple_

from services.documents.forms import actions, pictures
from services.documents.forms.models import Form as Row
from services.documents.forms.models import FormImage, FormVersion
from services.documents.forms.schemas import (
    FormFields,
    FormRow,
    FormShown,
    FormsQuery,
    FormVersionShown,
    ImageShown,
    NewForm,
)
from shared.api import PUBLIC, Door, reading, transaction
from shared.api.pages import decode_cursor, page, page_of, words
from shared.api.versions import IF_MATCH, expected_version, tagged
from shared.errors import NotFound
from shared.rows import NOT_FOUND

door = Door("forms", __name__, url_prefix="/api/v1/documents/forms", description="The chain's forms, in versions.")

READ, WRITE = "forms.read", "forms.templates.write"
PICTURE = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}
LOWER = func.lower(Row.name).label("lower")
SHOWN = select(Row.__table__, FormVersion.questions).join(
    FormVersion, (FormVersion.form_id == Row.id) & (FormVersion.number == Row.number)
)


@door.get("", needs=READ)
@door.arguments(FormsQuery, location="query")
@door.response(200, page_of(FormRow, "Forms"))
def forms(query: dict[str, Any]) -> Any:
    """The forms by their name."""
    place = decode_cursor(query.get("cursor"), words, UUID)
    order = tuple_(LOWER, Row.id)
    statement = select(Row.__table__, LOWER).order_by(order).limit(query["limit"] + 1)
    if place:
        statement = statement.where(order > tuple_(*place))
    if "active" in query:
        statement = statement.where(Row.active == query["active"])
    with reading() as connection:
        found = connection.execute(statement).mappings().all()
    return page(found, query["limit"], lambda row: (row["lower"], row["id"]))


@door.post("", needs=WRITE)
@door.arguments(NewForm)
@door.response(201, FormShown)
@door.doc(**{"x-problems": [409]})
def add(given: dict[str, Any]) -> Any:
    """Adds a form, in its first version."""
    with transaction() as session:
        form = actions.add(session, given)
        form_id, version = form.id, form.version
    return tagged(version, _one(form_id), 201)


@door.get("/<uuid:form_id>", needs=READ)
@door.response(200, FormShown)
def show(form_id: UUID) -> Any:
    """One form, with what its newest version asks."""
    found = _one(form_id)
    return tagged(found["version"], found)


@door.patch("/<uuid:form_id>", needs=WRITE, parameters=[IF_MATCH])
@door.arguments(FormFields)
@door.response(200, FormShown)
@door.doc(**{"x-problems": [409]})
def change(given: dict[str, Any], form_id: UUID) -> Any:
    """Changes a form. Other questions are a new version; what is assigned or signed keeps its own."""
    expected = expected_version()
    with transaction() as session:
        actions.change(session, form_id, given, expected)
    found = _one(form_id)
    return tagged(found["version"], found)


@door.get("/<uuid:form_id>/versions/<int:number>", needs=READ)
@door.response(200, FormVersionShown)
def version(form_id: UUID, number: int) -> Any:
    """What one version of it asks."""
    with transaction() as session:
        return actions.version_of(session, form_id, min(number, 2**31 - 1))


@door.post("/images", needs=WRITE)
@door.doc(requestBody=PICTURE)
@door.response(201, ImageShown)
def add_image(**_: Any) -> Any:
    """A picture for a form to show: the bytes of a PNG, JPEG or WebP, as they are."""
    request.max_content_length = pictures.MOST_BYTES + 1
    with transaction() as session:
        image = pictures.add(session, request.get_data())
        return {"id": image.id, "media_type": image.media_type}, 201


@door.get("/images/<uuid:image_id>", needs=PUBLIC)
@door.doc(responses={"200": {"description": "the picture", "content": {"image/png": {}}}}, **{"x-problems": [404]})
def image(image_id: UUID) -> Response:
    """The picture itself, for whoever knows its id: who fills a form in on a tablet is nobody that we know."""
    with transaction() as session:
        found = session.get(FormImage, image_id)
        if found is None:
            raise NotFound(NOT_FOUND)
        headers = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
        return Response(found.content, content_type=found.media_type, headers=headers)


def _one(form_id: UUID) -> dict[str, Any]:
    with reading() as connection:
        found = connection.execute(SHOWN.where(Row.id == form_id)).mappings().one_or_none()
    if found is None:
        raise NotFound(NOT_FOUND)
    return dict(found)
