"""The shapes of gift cards over HTTP."""

from services.memberships.fields import MOST, Amount, Currency, shown_amount
from services.memberships.gift_cards.models import MOVEMENTS, STATES
from services.memberships.gift_cards.selling import TENDERS
from shared.api.fields import Shape, Text, Version, between, fields, validate
from shared.api.pages import PageQuery


class GiftCard(Shape):
    id = fields.UUID(required=True)
    version = Version(required=True)
    last_four = fields.String(required=True, metadata={"description": "of its code, which is shown once"})
    buyer_id = fields.UUID(required=True, allow_none=True)
    holder_id = fields.UUID(required=True, allow_none=True, metadata={"description": "a client, once one is known"})
    holder_name = fields.String(required=True)
    branch_id = fields.UUID(required=True, metadata={"description": "that sold it"})
    branch_name = fields.String(required=True)
    employee_id = fields.UUID(required=True, allow_none=True)
    amount = shown_amount()
    balance = shown_amount(description="what is left, in minor units")
    currency = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    expires_on = fields.Date(
        required=True, allow_none=True, metadata={"description": "the first day on which it is not taken"}
    )
    payment_id = fields.UUID(required=True, allow_none=True, metadata={"description": "when it was bought by card"})
    created_at = fields.AwareDateTime(required=True)


class SoldGiftCard(GiftCard):
    code = fields.String(
        required=True,
        metadata={
            "description": (
                "Shown here and never again: 16 characters in fours. A repetition under the same Idempotency-Key"
                " answers it once more; it is kept nowhere."
            )
        },
    )


class NewGiftCard(Shape):
    amount = Amount(required=True)
    currency = Currency(load_default=None, metadata={"description": "by default, and always, the branch's"})
    branch_id = fields.UUID(required=True)
    buyer_id = fields.UUID(load_default=None, metadata={"description": "a client; needed to pay by card or balance"})
    holder_id = fields.UUID(load_default=None)
    holder_name = Text(100, empty=True, load_default="")
    employee_id = fields.UUID(load_default=None, metadata={"description": "who sold it"})
    tender = fields.String(required=True, validate=validate.OneOf(TENDERS))
    card_id = fields.UUID(load_default=None, metadata={"description": "the card on file that pays, with tender card"})
    reference = Text(100, load_default=None, metadata={"description": "what the till or the bank calls the payment"})
    expires_on = fields.Date(
        load_default=None, metadata={"description": "by default as the policy says, never before its legal minimum"}
    )


class GiftCardsOfClient(PageQuery):
    client_id = fields.UUID(required=True, metadata={"description": "who bought or holds them"})


class GiftCardCode(Shape):
    code = Text(40, required=True, metadata={"description": "as typed: case, spaces and dashes do not matter"})


class GiftCardMovement(Shape):
    id = fields.UUID(required=True)
    gift_card_id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(MOVEMENTS))
    amount = shown_amount(description="what it added, in minor units; negative when it took")
    balance = shown_amount(description="after it, in minor units")
    branch_id = fields.UUID(required=True)
    reference = fields.String(required=True, allow_none=True, metadata={"description": "the receipt of the till"})
    of_movement_id = fields.UUID(required=True, allow_none=True, metadata={"description": "what it takes back"})
    reason = fields.String(required=True, allow_none=True)
    actor = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class ShownMovement(GiftCardMovement):
    branch_name = fields.String(required=True, allow_none=True)
    actor_name = fields.String(required=True, allow_none=True)


class GiftCardRedemption(Shape):
    amount = Amount(required=True)
    reference = Text(100, required=True, metadata={"description": "the receipt: takes once"})
    branch_id = fields.UUID(load_default=None, metadata={"description": "of the till; by default the card's own"})


class Because(Shape):
    reason = Text(500, required=True)


class GiftCardRefund(Because):
    destination = fields.String(required=True, validate=validate.OneOf(["cash", "terminal", "transfer", "balance"]))


class Adjustment(Because):
    amount = fields.Integer(
        required=True,
        strict=True,
        validate=between(-MOST, MOST),
        metadata={"description": "what it adds, in minor units; negative when it takes"},
    )


class Extension(Because):
    expires_on = fields.Date(required=True, metadata={"description": "later than now"})
