"""The shape of a search over HTTP."""

from shared.api.fields import Text, fields, validate
from shared.api.pages import PageQuery

SORTS = ("name", "-name", "changed", "-changed", "registered", "-registered")


class ClientsQuery(PageQuery):
    search = Text(
        100,
        metadata={
            "description": "a name in any order, part of a telephone number, how an e-mail address begins,"
            " or # and how a tag begins"
        },
    )
    branch_id = fields.UUID(metadata={"description": "only those who prefer this branch"})
    sort = fields.String(
        validate=validate.OneOf(SORTS),
        load_default="-registered",
        metadata={"description": "with a minus the other way round; what is searched for comes best match first"},
    )
    status = fields.UUID(metadata={"description": "only those of this status, by its id"})
    tag_id = fields.UUID(metadata={"description": "only those who have this tag"})
