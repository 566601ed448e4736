"""The events of each owner, one module per owning service; importing this package knows them all."""

from shared.contracts import (  # noqa: F401
    bookings,
    clients,
    directory,
    documents,
    memberships,
    notifications,
    packages,
    platform,
)
from shared.contracts.contract import PERSONAL, Contract, ContractBroken, Payload

__all__ = ["PERSONAL", "Contract", "ContractBroken", "Payload", "all_contracts", "contract"]


def all_contracts() -> list[Contract]:
    """Every contract, by type."""
    return [Contract.known[type_] for type_ in sorted(Contract.known)]


def contract(type_: str) -> Contract | None:
    return Contract.known.get(type_)
