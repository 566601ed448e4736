"""The card of the notifications service."""

from shared.card import Card
from shared.contracts import clients, directory

CARD = Card(
    name="notifications",
    owns="How clients want to be spoken to, and every message: what was sent, what was not, and why.",
    does_not_know="What happened elsewhere beyond what its events say, and anything of a client but how to reach them.",
    rooms=("copies",),
    emits=(),
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
