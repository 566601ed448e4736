"""A till that takes money once: the room of a service made for the tests."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from shared.api import Door, reading, transaction
from shared.api.fields import Shape, fields
from shared.api.versions import tagged
from shared.errors import Conflict
from shared.ids import new_id

door = Door("till", __name__, url_prefix="/api/v1/shop")

MOST = 1000


class NewPayment(Shape):
    amount = fields.Integer(required=True)


class Payment(Shape):
    id = fields.UUID(required=True)
    amount = fields.Integer(required=True)
    taken = fields.Integer(required=True, metadata={"description": "in all, with this one"})
    version = fields.Integer(required=True)


@door.post("/tills/<uuid:till_id>/payments", needs="clients.write", idempotent=True)
@door.arguments(NewPayment)
@door.response(201, Payment)
def take(given: dict[str, Any], till_id: UUID) -> Any:
    """A row in one transaction, the sum in another, and a look at it: what the door makes one of."""
    payment = {"id": new_id(), "till_id": till_id, "amount": given["amount"]}
    with transaction() as session:
        session.execute(text("INSERT INTO payments VALUES (:id, :till_id, :amount)"), payment)
    if given["amount"] > MOST:
        raise Conflict("That is more than the till holds.")
    with transaction() as session:
        session.execute(text("UPDATE tills SET taken = taken + :amount WHERE id = :till_id"), payment)
    with reading() as connection:
        taken = connection.execute(text("SELECT taken FROM tills WHERE id = :till_id"), payment).scalar_one()
    return tagged(7, payment | {"taken": taken, "version": 7}, 201)


@door.post("/tills", needs="clients.write")
@door.response(204)
def open_till() -> None:
    """Moves no money, and takes no key."""
