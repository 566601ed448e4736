"""The shapes of a move over HTTP."""

from shared.api.fields import Shape, between, fields, validate


class Move(Shape):
    effective_on = fields.Date(
        required=True, metadata={"description": "the first period from this day on is by the newest terms"}
    )
    from_terms = fields.List(
        fields.Integer(validate=between(1, 100_000)),
        load_default=list,
        validate=validate.Length(max=1000),
        metadata={"description": "the versions whose members are moved; empty for all"},
    )


class Group(Shape):
    terms_number = fields.Integer(required=True)
    members = fields.Integer(required=True, metadata={"description": "who would be moved"})
    stay = fields.Integer(required=True, metadata={"description": "who leave, or have another change waiting"})
    price = fields.Integer(required=True)
    difference = fields.Integer(required=True, metadata={"description": "of the price of a period, for each of them"})


class DryRun(Shape):
    terms_number = fields.Integer(required=True)
    effective_on = fields.Date(required=True)
    members = fields.Integer(required=True)
    groups = fields.List(fields.Nested(Group), required=True)


class PlanMove(Move):
    id = fields.UUID(required=True)
    terms_number = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["running", "done"]))
    members = fields.Integer(required=True)
    moved = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    done_at = fields.AwareDateTime(required=True, allow_none=True)
