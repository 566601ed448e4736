"""The card of the documents service."""

from shared.card import Card
from shared.contracts import clients, directory, documents

CARD = Card(
    name="documents",
    owns="Files and forms: what clients gave, what was sent to them, what they have filled in and signed.",
    does_not_know="What clients pay, and how they are told that there is something to fill in.",
    rooms=("copies", "types", "stores", "contents", "documents", "portal"),
    emits=(
        documents.DOCUMENT_ADDED,
        documents.DOCUMENT_SHOWN,
        documents.DOCUMENT_HIDDEN,
        documents.DOCUMENT_DELETED,
        documents.DOCUMENT_RESTORED,
        documents.DOCUMENT_PURGED,
        documents.ERASURE_COMPLETED,
    ),
    reacts_to=(
        clients.CLIENT_REGISTERED,
        clients.CLIENT_UPDATED,
        clients.CLIENT_STATED,
        clients.CLIENT_ERASED,
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
