"""What a client agrees to when a card is kept. A changed text is a new version, and each card keeps its own. Pure."""

from shared.words import Words

VERSION = "2026-11"

TEXTS = {
    VERSION: Words(
        "I agree that this card is kept with the payment service, and that what my memberships cost is taken from it"
        " on the agreed days without me being there, until I withdraw this or another card takes its place. I am told"
        " before the price changes. Where I have allowed it, this card is also used when another card of mine fails."
    )
}
