"""The HTTP door to the rules that assign forms."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.documents.forms.models import Form
from services.documents.rules import actions
from services.documents.rules.models import Rule as Row
from services.documents.rules.schemas import NewRule, Rule, RuleFields, RulesQuery
from shared.api import Door, principal, reading, transaction
from shared.api.pages import oldest, page_of
from shared.api.versions import IF_MATCH, expected_version, tagged
from shared.errors import NotFound
from shared.rows import NOT_FOUND

door = Door(
    "rules", __name__, url_prefix="/api/v1/documents/form-rules", description="Rules that assign forms by themselves."
)

READ, WRITE = "forms.read", "forms.templates.write"
SHOWN = select(Row.__table__, Form.name.label("form_name")).join(Form, Form.id == Row.form_id)


@door.get("", needs=READ)
@door.arguments(RulesQuery, location="query")
@door.response(200, page_of(Rule, "FormRules"))
def rules(query: dict[str, Any]) -> Any:
    """The rules, the oldest first."""
    statement = SHOWN
    if "form_id" in query:
        statement = statement.where(Row.form_id == query["form_id"])
    with reading() as connection:
        return oldest(connection, statement, Row.id, query)


@door.post("", needs=WRITE)
@door.arguments(NewRule)
@door.response(201, Rule)
def add(given: dict[str, Any]) -> Any:
    """Adds a rule: it holds for what happens from now on."""
    _must(given["branch_id"])
    with transaction() as session:
        rule = actions.add(session, given)
        rule_id, version = rule.id, rule.version
    return tagged(version, _one(rule_id), 201)


@door.get("/<uuid:rule_id>", needs=READ)
@door.response(200, Rule)
def show(rule_id: UUID) -> Any:
    """One rule."""
    found = _one(rule_id)
    return tagged(found["version"], found)


@door.patch("/<uuid:rule_id>", needs=WRITE, parameters=[IF_MATCH])
@door.arguments(RuleFields)
@door.response(200, Rule)
def change(given: dict[str, Any], rule_id: UUID) -> Any:
    """Changes a rule. What it has assigned stays assigned."""
    expected = expected_version()
    before = _one(rule_id)
    for branch_id in {before["branch_id"], given.get("branch_id", before["branch_id"])}:
        _must(branch_id)
    with transaction() as session:
        actions.change(session, rule_id, given, expected)
    found = _one(rule_id)
    return tagged(found["version"], found)


@door.delete("/<uuid:rule_id>", needs=WRITE, parameters=[IF_MATCH])
@door.response(204)
def remove(rule_id: UUID) -> None:
    """Removes a rule. What it has assigned stays assigned."""
    expected = expected_version()
    _must(_one(rule_id)["branch_id"])
    with transaction() as session:
        actions.remove(session, rule_id, expected)


def _must(branch_id: UUID | None) -> None:
    """A rule of every branch is the chain's business."""
    if branch_id is None:
        principal().must_everywhere(WRITE)
    else:
        principal().must(WRITE, branch_id)


def _one(rule_id: UUID) -> dict[str, Any]:
    with reading() as connection:
        found = connection.execute(SHOWN.where(Row.id == rule_id)).mappings().one_or_none()
    if found is None:
        raise NotFound(NOT_FOUND)
    return dict(found)
