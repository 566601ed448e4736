"""The events of each owner, one module per owning service; importing this package knows them all."""

from shared.contracts import bookings, clients, directory, memberships, notifications, packages, platform  # noqa: F401
from shared.contracts.contract import PERSONAL, Contract, ContractBroken, Payload

__all__ = ["PERSONAL", "Contract", "ContractBroken", "Payload", "all_contracts", "contract"]


def all_contracts() -> list[Contract]:
    """Every contract, by type."""
    return [Contract.known[type_] for type_ in sorted(Contract.known)]


def contract(type_: str) -> Contract | None:
    return Contract.known.get(type_)
