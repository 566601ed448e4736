"""The directory: who and what there is in the chain, and who may do what."""

from shared.card import Card
from shared.contracts import clients, directory

CARD = Card(
    name="directory",
    owns="branches, employees, services on offer, roles, machines; sign-in and its tokens",
    does_not_know="what a client is beyond the ways to reach them",
    rooms=("branches", "employees", "menu", "roles", "machines", "sign_in", "me", "contacts", "client_sign_in"),
    emits=(
        directory.BRANCH_ADDED,
        directory.BRANCH_CHANGED,
        directory.BRANCH_STATED,
        directory.EMPLOYEE_ADDED,
        directory.EMPLOYEE_CHANGED,
        directory.EMPLOYEE_STATED,
        directory.SERVICE_ADDED,
        directory.SERVICE_CHANGED,
        directory.SERVICE_STATED,
        directory.ROLE_ADDED,
        directory.ROLE_CHANGED,
        directory.ROLE_REMOVED,
        directory.ROLE_STATED,
        directory.MACHINE_ADDED,
        directory.MACHINE_CHANGED,
        directory.SESSION_ENDED,
        directory.ERASURE_COMPLETED,
    ),
    reacts_to=(
        clients.CLIENT_REGISTERED,
        clients.CLIENT_UPDATED,
        clients.CLIENT_STATED,
        clients.CLIENT_ARCHIVED,
        clients.CLIENT_MERGED,
        clients.CLIENT_ERASED,
        directory.SESSION_ENDED,
    ),
)
