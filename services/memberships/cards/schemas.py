"""The shapes of cards on file over HTTP. None of them has room for a card's number."""

from services.memberships.gateways.sandbox.cards import CARDS
from shared.api.fields import Flag, Shape, Text, Version, between, fields, validate
from shared.api.pages import PageQuery


class CardsQuery(PageQuery):
    client_id = fields.UUID(required=True)


class Charge(Shape):
    membership_id = fields.UUID(required=True)
    payment_id = fields.UUID(required=True)
    period = fields.Integer(required=True)
    amount = fields.Integer(required=True, metadata={"description": "in the currency's minor unit"})
    currency = fields.String(required=True)


class Return(Shape):
    return_url = Text(
        500, empty=True, load_default="", metadata={"description": "where the gateway's form sends the client back"}
    )


class NewSetup(Return):
    client_id = fields.UUID(required=True)
    branch_id = fields.UUID(required=True, metadata={"description": "where it is done; names the account"})


class Agreement(Shape):
    version = fields.String(required=True)
    text = fields.String(required=True)


class Setup(Shape):
    setup = fields.String(required=True)
    gateway = fields.String(required=True, validate=validate.OneOf(["sandbox", "stripe"]))
    client_secret = fields.String(required=True, metadata={"description": "for the gateway's script in the browser"})
    publishable_key = fields.String(required=True, allow_none=True)
    url = fields.String(required=True, allow_none=True, metadata={"description": "the gateway's own form, if any"})
    agreement = fields.Nested(Agreement, required=True)
    will_charge = fields.List(
        fields.Nested(Charge),
        required=True,
        metadata={"description": "what is taken from the card as soon as it is saved"},
    )


class Agreed(Shape):
    agreement_version = Text(20, required=True, metadata={"description": "of the text that the client has agreed to"})
    is_default = Flag(load_default=False)
    for_others = Flag(load_default=False)


class NewCard(Agreed):
    client_id = fields.UUID(required=True)
    branch_id = fields.UUID(required=True)
    setup = Text(200, metadata={"description": "that the client has finished"})
    test_card = fields.String(
        validate=validate.OneOf(sorted(CARDS)), metadata={"description": "in place of a setup, in the sandbox only"}
    )


class CardFields(Shape):
    is_default = Flag()
    position = fields.Integer(strict=True, validate=between(1, 1000))
    for_others = Flag(metadata={"description": "whether the client agreed that it is tried when another card fails"})


class RemovalQuery(Shape):
    replacement = fields.UUID(metadata={"description": "the card that takes its place where it is needed"})


class Card(Shape):
    id = fields.UUID(required=True)
    version = Version(required=True)
    client_id = fields.UUID(required=True)
    account = fields.String(required=True)
    brand = fields.String(required=True)
    last_four = fields.String(required=True)
    exp_month = fields.Integer(required=True)
    exp_year = fields.Integer(required=True)
    is_default = Flag(required=True)
    position = fields.Integer(required=True)
    for_others = Flag(required=True)
    agreement = fields.String(required=True)
    agreement_version = fields.String(required=True)
    agreed_at = fields.AwareDateTime(required=True)


class SavedCard(Card):
    will_charge = fields.List(fields.Nested(Charge), required=True, metadata={"description": "what it is charged now"})
