"""The shape of a search over HTTP."""

from shared.api.fields import Text, fields
from shared.api.pages import PageQuery


class ClientsQuery(PageQuery):
    search = Text(
        100,
        metadata={"description": "a name in any order, part of a telephone number, or how an e-mail address begins"},
    )
    branch_id = fields.UUID(metadata={"description": "only those who prefer this branch"})
    status = fields.UUID(metadata={"description": "only those of this status, by its id"})
