"""The client: who they are and how to reach them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.clients.models import Base
from services.clients.profiles.search_text import search_text

CONTACT_DETAILS = (
    "first_name",
    "middle_name",
    "last_name",
    "phones",
    "emails",
    "address",
    "birth_date",
    "gender",
    "gender_description",
    "referral_method_id",
    "referred_by_client_id",
    "preferred_branch_id",
    "language",
)
"""What the tab of the contact details holds, and one Save changes."""

FREE_TEXT = {"gender_description"}
"""What people write in their own words, and no event carries."""


class Client(Base):
    __tablename__ = "clients"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    """Grows by one with every change and every event of the client; what ETag and If-Match compare."""
    first_name: Mapped[str]
    middle_name: Mapped[str]
    last_name: Mapped[str]
    phones: Mapped[list[Any]]
    """`[{number: E.164, type, primary}]`, exactly one of them primary unless empty."""
    emails: Mapped[list[Any]]
    address: Mapped[dict[str, Any] | None]
    birth_date: Mapped[date | None]
    gender: Mapped[str | None]
    gender_description: Mapped[str]
    referral_method_id: Mapped[UUID | None]
    referred_by_client_id: Mapped[UUID | None]
    preferred_branch_id: Mapped[UUID | None]
    language: Mapped[str | None]
    status_id: Mapped[UUID]
    booking_blocked: Mapped[bool]
    booking_block_reason: Mapped[str | None]
    archived_at: Mapped[datetime | None]
    merged_into: Mapped[UUID | None]
    created_at: Mapped[datetime]
    search_text: Mapped[str]

    def details(self) -> dict[str, Any]:
        """The contact details in the shape that the API shows."""
        return {name: getattr(self, name) for name in CONTACT_DETAILS}

    def change(self, details: dict[str, Any]) -> None:
        """Takes new contact details, checked before; keeps the search text true and counts the version."""
        for name, value in details.items():
            setattr(self, name, value)
        self.search_text = search_text(self.first_name, self.middle_name, self.last_name, self.phones, self.emails)
        self.version += 1

    def state(self) -> dict[str, Any]:
        """What events say of a client: everything but weight, free text and reasons."""
        details = {name: value for name, value in self.details().items() if name not in FREE_TEXT}
        return details | {
            "id": self.id,
            "status_id": self.status_id,
            "booking_blocked": self.booking_blocked,
            "archived": self.archived_at is not None,
        }
