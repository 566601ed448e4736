"""The shapes of services that were bought ahead."""

from services.memberships.credits.schemas import Quantity
from shared.api.fields import Shape, Text, fields


class NewServiceCredit(Shape):
    client_id = fields.UUID(required=True)
    branch_id = fields.UUID(required=True)
    service_id = fields.UUID(required=True)
    quantity = Quantity(required=True)
    expires_on = fields.Date(
        allow_none=True, load_default=None, metadata={"description": "after today; null for never"}
    )
    comment = Text(500, lines=True, required=True)


class ServiceCreditRemoval(Shape):
    quantity = Quantity(metadata={"description": "by default all that are left"})
    comment = Text(500, lines=True, required=True)
