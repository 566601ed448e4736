"""The shapes of what a client sees of what they pay and own: no note, reason, description or name of staff."""

from services.memberships.cards.schemas import Agreed, Charge, Return
from services.memberships.credits.schemas import whole
from services.memberships.fields import shown_amount
from services.memberships.gift_cards.models import STATES
from services.memberships.memberships.label import LABELS
from services.memberships.memberships.schemas import Arrears, CardOnFile, PlanToCome
from services.memberships.payments.schemas import KINDS
from services.memberships.plans.schemas import Interval
from services.memberships.portal.payments import OUTCOMES
from shared.api.fields import Flag, Shape, Text, Version, fields, validate


class OwnMembership(Shape):
    id = fields.UUID(required=True)
    version = Version(required=True)
    label = fields.String(required=True, validate=validate.OneOf(LABELS))
    client_name = fields.String(required=True, allow_none=True, metadata={"description": "who the member is"})
    pays = Flag(required=True, metadata={"description": "the one who asks pays for it"})
    plan_name = fields.String(required=True)
    plan_to_come = fields.Nested(PlanToCome, required=True, allow_none=True)
    branch_name = fields.String(required=True, allow_none=True)
    price = shown_amount(description="of a period, in minor units")
    currency = fields.String(required=True)
    interval = fields.Nested(Interval, required=True)
    card = fields.Nested(
        CardOnFile, required=True, allow_none=True, metadata={"description": "that pays; null for who does not pay"}
    )
    starts_on = fields.Date(required=True)
    trial_ends_on = fields.Date(required=True, allow_none=True)
    next_payment_on = fields.Date(required=True, allow_none=True)
    next_payment_amount = fields.Integer(required=True, allow_none=True)
    ends_on = fields.Date(required=True, allow_none=True, metadata={"description": "the first day without it"})
    arrears = fields.Nested(Arrears, required=True)


class OwnMemberships(Shape):
    items = fields.List(fields.Nested(OwnMembership), required=True)


class OwnPayment(Shape):
    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    at = fields.AwareDateTime(required=True)
    period = fields.Integer(required=True, allow_none=True)
    invoice_number = fields.String(required=True, allow_none=True)
    amount = shown_amount(description="in minor units; below zero it comes back")
    currency = fields.String(required=True)
    card_brand = fields.String(required=True, allow_none=True)
    card_last_four = fields.String(required=True, allow_none=True)
    outcome = fields.String(required=True, validate=validate.OneOf(sorted({*OUTCOMES.values()})))
    why = fields.String(required=True, allow_none=True, metadata={"description": "it failed, in the reader's language"})
    client_url = fields.String(required=True, allow_none=True, metadata={"description": "where it is confirmed"})


class OwnCredit(Shape):
    id = fields.UUID(required=True)
    service_name = fields.String(required=True, allow_none=True)
    category = fields.String(required=True, allow_none=True, metadata={"description": "any service of it"})
    branch_name = fields.String(required=True)
    available = whole()
    held = whole(description="kept for appointments")
    expires_on = fields.Date(required=True, allow_none=True, metadata={"description": "the first day without it"})


class OwnGiftCard(Shape):
    id = fields.UUID(required=True)
    last_four = fields.String(required=True, metadata={"description": "of its code, which is never shown"})
    bought = Flag(required=True, metadata={"description": "the one who asks bought it; else it was given to them"})
    holder_name = fields.String(required=True)
    branch_name = fields.String(required=True)
    amount = shown_amount()
    balance = shown_amount(description="what is left, in minor units")
    currency = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    expires_on = fields.Date(required=True, allow_none=True)


class OwnBalance(Shape):
    currency = fields.String(required=True)
    amount = shown_amount(description="in minor units; above zero the chain owes it to the client")


class OwnBalances(Shape):
    items = fields.List(fields.Nested(OwnBalance), required=True)


class OwnCard(CardOnFile):
    version = Version(required=True)
    is_default = Flag(required=True)


class PayingCard(Shape):
    card_id = fields.UUID(required=True)


FOR = {"description": "the one that it is to pay: its branch names the account; else the payer's own branch does"}


class OwnNewSetup(Return):
    membership_id = fields.UUID(metadata=FOR)


class OwnNewCard(Agreed):
    setup = Text(200, required=True, metadata={"description": "that was finished"})
    membership_id = fields.UUID(metadata={"description": "the one that the setup named, if any"})


class OwnSavedCard(OwnCard):
    will_charge = fields.List(fields.Nested(Charge), required=True, metadata={"description": "what it is charged now"})
