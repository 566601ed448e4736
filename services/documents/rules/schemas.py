"""The shapes of a rule over HTTP."""

from services.documents.rules.models import TRIGGERS
from shared.api.fields import Flag, Shape, Version, fields, validate
from shared.api.pages import PageQuery


class RuleFields(Shape):
    form_id = fields.UUID()
    trigger = fields.String(validate=validate.OneOf(TRIGGERS))
    plan_id = fields.UUID(allow_none=True, metadata={"description": "of a new membership; null for any plan"})
    service_id = fields.UUID(allow_none=True, metadata={"description": "of what was booked; null for any service"})
    branch_id = fields.UUID(allow_none=True, metadata={"description": "null for every branch"})
    first_visit_only = Flag(metadata={"description": "only with the first appointment of the client"})
    renews = Flag(metadata={"description": "assigned again when a completed one is no longer good"})
    active = Flag()


class NewRule(RuleFields):
    form_id = fields.UUID(required=True)
    trigger = fields.String(required=True, validate=validate.OneOf(TRIGGERS))
    plan_id = fields.UUID(allow_none=True, load_default=None)
    service_id = fields.UUID(allow_none=True, load_default=None)
    branch_id = fields.UUID(allow_none=True, load_default=None)
    first_visit_only = Flag(load_default=False)
    renews = Flag(load_default=True)
    active = Flag(load_default=True)


class Rule(RuleFields):
    id = fields.UUID(required=True)
    version = Version(required=True)
    form_name = fields.String(required=True)


class RulesQuery(PageQuery):
    form_id = fields.UUID()
