"""Saving a card: the one act of this room that asks the gateway from a route, and never with a transaction open."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.memberships.cards import actions
from services.memberships.cards.agreement import TEXTS, VERSION
from services.memberships.cards.models import Card, GatewayCustomer
from services.memberships.cards.waiting import unpaid, waiting
from services.memberships.copies.models import Branch
from services.memberships.gateways.open import gateway, publishable_key, sandbox
from services.memberships.gateways.port import AnswerLost, GatewayDown, GatewayRefused, SavedCard
from services.memberships.policies.actions import policy_of
from shared.config import Config
from shared.db import Database
from shared.errors import Conflict, Invalid, Unavailable
from shared.words import Words

NO_BRANCH = Words("There is no such branch.")
DOWN = Words("The payment service does not answer at the moment. Please try again in a minute.")
UNFINISHED = Words("The card has not been entered to its end yet.")
NOT_OURS = Words("The payment service knows no such card of this client.")
NO_SETUP = Words("Say which setup the client has finished.")
ONLY_SANDBOX = Words("There are test cards in the sandbox only.")
OLD_AGREEMENT = Words("The text to agree to has changed. It has to be read again.")

Details = dict[str, Any]


class NotTheirs(Invalid):
    """The gateway knows no such setup of this client."""


def account_of(database: Database, branch_id: UUID) -> str:
    """The account that takes the branch's money. Raises Invalid."""
    with database.reading() as connection:
        if connection.scalar(select(Branch.id).where(Branch.id == branch_id)) is None:
            raise Invalid(NO_BRANCH, fields={"branch_id": [NO_BRANCH.format()]})
        return policy_of(connection, branch_id).account


def begin(config: Config, database: Database, client_id: UUID, account: str, return_url: str) -> Details:
    """A setup at the gateway, and what the browser needs to go on. Raises Unavailable."""
    customer = _customer(config, database, client_id, account)
    with _asking():
        made = gateway(config, account).begin_setup(customer, return_url)
    with database.reading() as connection:
        charges = unpaid(connection, waiting(connection, client_id, account))
    return {
        "setup": made.id,
        "gateway": config.gateway,
        "client_secret": made.client_secret,
        "publishable_key": publishable_key(config, account),
        "url": made.url,
        "agreement": {"version": VERSION, "text": TEXTS[VERSION].format()},
        "will_charge": charges,
    }


def save(
    config: Config, database: Database, client_id: UUID, account: str, given: Details
) -> tuple[Card, list[Details]]:
    """The card of a finished setup, on file, and what it is charged at once. Raises Invalid, Conflict, Unavailable."""
    if given["agreement_version"] != VERSION:
        raise Conflict(OLD_AGREEMENT, code="agreement_changed")
    customer = _customer(config, database, client_id, account)
    with _asking():
        saved = _saved(config, account, customer, given)
    agreed = actions.Agreed(TEXTS[VERSION].format(), VERSION, given["for_others"])
    with database.transaction() as session:
        return actions.add(session, client_id, account, saved, agreed, default=given["is_default"])


def _saved(config: Config, account: str, customer: str, given: Details) -> SavedCard:
    setup = given.get("setup")
    if test_card := given.get("test_card"):
        setup = _test_setup(config, account, customer, test_card)
    if not setup:
        raise Invalid(NO_SETUP, fields={"setup": [NO_SETUP.format()]})
    return gateway(config, account).save_card(customer, setup)


def _test_setup(config: Config, account: str, customer: str, test_card: str) -> str:
    """As if the client had chosen this card in the sandbox's form."""
    if config.gateway != "sandbox":
        raise Invalid(ONLY_SANDBOX, fields={"test_card": [ONLY_SANDBOX.format()]})
    ours = sandbox(config, account)
    made = ours.begin_setup(customer, "")
    ours.choose_card(made, test_card)
    return made.id


def _customer(config: Config, database: Database, client_id: UUID, account: str) -> str:
    """What the account calls the client."""
    with database.transaction() as session:
        known = _known_customer(session, client_id, account)
    if known:
        return known
    with _asking():
        token = gateway(config, account).add_customer(client_id)
    with database.transaction() as session:
        actions.keep_customer(session, client_id, account, token)
        return _known_customer(session, client_id, account) or token


def _known_customer(session: Session, client_id: UUID, account: str) -> str | None:
    statement = select(GatewayCustomer.token)
    return session.scalar(statement.where(GatewayCustomer.client_id == client_id, GatewayCustomer.account == account))


@contextmanager
def _asking() -> Iterator[None]:
    """What the gateway answers, in a person's words."""
    try:
        yield
    except (GatewayDown, AnswerLost) as error:
        raise Unavailable(DOWN) from error
    except GatewayRefused as error:
        if error.code == "setup_unfinished":
            raise Conflict(UNFINISHED, code="setup_unfinished") from error
        raise NotTheirs(NOT_OURS, fields={"setup": [NOT_OURS.format()]}) from error
