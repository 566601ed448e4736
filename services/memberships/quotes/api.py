"""The HTTP door to quotes: what an act would do, before it is done."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import ValidationError

from services.memberships import CARD
from services.memberships.billing.wording import said
from services.memberships.quotes import actions
from services.memberships.quotes.act import ACTS
from services.memberships.quotes.models import Quote as Row
from services.memberships.quotes.schemas import Quote, question
from shared.api import Door, principal, transaction
from shared.api.door import INVALID
from shared.api.problems import of_an_action, problem
from shared.errors import FoyerError, Invalid, NotFound
from shared.rows import NOT_FOUND

for _ in CARD.modules("acts"):
    """Each room registers its own."""

READ = "memberships.read"

door = Door(
    "quotes", __name__, url_prefix="/api/v1/memberships/quotes", description="What an act would do, before it is done."
)


@door.post("", needs=READ)
@door.arguments(question())
@door.response(201, Quote)
@door.doc(**{"x-problems": [409]})
def ask(given: dict[str, Any]) -> Any:
    """What the act would do now: lines, dates, and what it was made from. Good for fifteen minutes; nothing is done."""
    act, inputs = given.pop("act"), given
    with transaction() as session:
        return quote_of(session, act, inputs), 201


def quote_of(session: Any, act: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """A new quote as it is shown. Raises what the act raises, and NotFound or Forbidden for who may not do it."""
    return shown(_made(session, act, inputs))


def take(session: Any, quote_id: UUID, act: str, membership_id: UUID | None = None) -> actions.Taken:
    """`actions.take` for a route: also asks for the permissions that the act needs, at its branch."""
    taken = actions.take(session, quote_id, act, membership_id)
    _admit(act, taken.facts.branch_id, taken.result.needs)
    return taken


def shown(quote: Row) -> dict[str, Any]:
    lines = [{**line, "text": said(line)} for line in quote.result["lines"]]
    columns = {column.name: getattr(quote, column.name) for column in Row.__table__.columns}
    more = dict(quote.result["more"])
    if "explanation" in more:
        more["explanation"] = [{**step, "text": said(step)} for step in more["explanation"]]
    return {**columns, **quote.result, "lines": lines, "more": more}


def _made(session: Any, act: str, inputs: dict[str, Any]) -> Row:
    shape = ACTS[act].inputs()
    try:
        whole = shape.load(shape.dump(inputs) | {name: None for name in inputs.keys() - shape.fields.keys()})
    except ValidationError as error:
        raise Invalid(INVALID, fields=error.normalized_messages()) from error
    quote = actions.make(session, act, whole)
    _admit(act, quote.branch_id, quote.result["needs"])
    return quote


def _admit(act: str, branch_id: UUID, more: Any) -> None:
    """Raises NotFound for a branch of which the one who asks may see nothing, Forbidden for what they may not do."""
    who = principal()
    if not who.may(READ, branch_id):
        raise NotFound(NOT_FOUND)
    for permission in (ACTS[act].needs, *more):
        who.must(permission, branch_id)


@door.app_errorhandler(actions.QuoteChanged)
def changed(error: actions.QuoteChanged) -> Response:
    """The new quote, in a transaction of its own: that of the act has been rolled back."""
    try:
        with transaction() as session:
            quote = shown(actions.make(session, error.act, error.inputs))
    except FoyerError as impossible:
        return of_an_action(impossible)
    return problem(409, code=error.code, detail=error.message.format(), quote=Quote().dump(quote))
