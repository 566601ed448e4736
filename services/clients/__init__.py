"""The card of the clients service."""

from shared.card import Card
from shared.contracts import clients, directory, documents

CARD = Card(
    name="clients",
    owns="Who the client is: contact details, status, weight, the appointment black list, services they dislike.",
    does_not_know="What they pay, sign or want to hear, and who may sign in.",
    rooms=(
        "copies",
        "lists",
        "profiles",
        "portal",
        "standing",
        "weights",
        "dislikes",
        "booking_checks",
        "search",
        "changes",
        "imports",
    ),
    emits=(
        clients.CLIENT_REGISTERED,
        clients.CLIENT_UPDATED,
        clients.CLIENT_STATED,
        clients.CLIENT_STATUS_CHANGED,
        clients.CLIENT_BOOKING_BLOCK_CHANGED,
        clients.CLIENT_WEIGHT_RECORDED,
        clients.DISLIKE_ADDED,
        clients.DISLIKE_CHANGED,
        clients.DISLIKE_REMOVED,
        clients.DISLIKE_STATED,
        clients.STATUS_ADDED,
        clients.STATUS_CHANGED,
        clients.REFERRAL_METHOD_ADDED,
        clients.REFERRAL_METHOD_CHANGED,
    ),
    reacts_to=(
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
        documents.FORM_COMPLETED,
    ),
)
