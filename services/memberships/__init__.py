"""The card of the memberships service."""

from shared.card import Card
from shared.contracts import clients, directory, memberships

CARD = Card(
    name="memberships",
    owns="What clients pay and own: plans, memberships, billing, cards on file, credits, gift cards, balances.",
    does_not_know="Who the client is beyond a name, what they were told, and how a card is charged inside a gateway.",
    rooms=(
        "copies",
        "policies",
        "plans",
        "cards",
        "memberships",
        "quotes",
        "dues",
        "invoices",
        "payments",
        "gateways",
        "freezes",
        "plan_changes",
        "cancellations",
        "billing",
        "credits",
        "gift_cards",
        "balances",
        "reports",
    ),
    emits=(
        memberships.PLAN_PUBLISHED,
        memberships.PLAN_STATED,
        memberships.BALANCE_ADJUSTED,
        memberships.CREDIT_ISSUED,
        memberships.CREDIT_EXPIRED,
        memberships.CREDIT_CHANGED,
        memberships.GIFT_CARD_SOLD,
    ),
    reacts_to=(
        clients.CLIENT_REGISTERED,
        clients.CLIENT_UPDATED,
        clients.CLIENT_STATED,
        directory.BRANCH_ADDED,
        directory.BRANCH_CHANGED,
        directory.BRANCH_STATED,
        directory.EMPLOYEE_ADDED,
        directory.EMPLOYEE_CHANGED,
        directory.EMPLOYEE_STATED,
        directory.SERVICE_ADDED,
        directory.SERVICE_CHANGED,
        directory.SERVICE_STATED,
        directory.SESSION_ENDED,
    ),
)
