"""What happened elsewhere becomes a message, or makes one pointless: as the table of types says."""

from sqlalchemy.orm import Session

from services.notifications.catalogue.types import TYPES, called_for_by, withdrawn_by
from services.notifications.messages import actions
from shared.contracts.contract import Contract
from shared.events.envelope import Event
from shared.events.reactions import Reactions

reactions = Reactions()


def _each(*groups: tuple[Contract, ...]) -> list[Contract]:
    return list({contract.type: contract for group in groups for contract in group}.values())


@reactions.on(*_each(*(kind.on for kind in TYPES.values())))
def tell(session: Session, event: Event) -> None:
    for kind in called_for_by(event.type):
        actions.tell(session, kind, event)


@reactions.on(*_each(*(kind.withdrawn_by for kind in TYPES.values())))
def withdraw(session: Session, event: Event) -> None:
    actions.withdraw(session, withdrawn_by(event.type), event)
