"""The card of the console: it owns no rows and no events, and is a client of the other services."""

from shared.card import Card

CARD = Card(
    name="web",
    owns="the console of the staff: pages, the signed-in person's session, Spanish and English",
    does_not_know="any database or event; what it shows it asks the services for, with the person's own token",
    rooms=(
        "session",
        "sign_in",
        "oidc",
        "clients",
        "profile",
        "contact_details",
        "dislikes",
        "memberships",
        "payments",
        "freezes",
        "cancellations",
        "credits",
        "cards",
        "gift_cards",
        "balances",
        "billing",
        "changes",
        "messages",
        "message_texts",
        "outbox",
        "settings",
        "plans",
        "policies",
        "account",
    ),
    roles=("http",),
)
