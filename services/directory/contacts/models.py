"""How each client can be reached: the directory's own copy, fed by the clients' events, for the portal's sign-in."""

from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.directory.models import Base


class Contact(Base):
    """One row per client, so that an event is one upsert that compares one version."""

    __tablename__ = "client_contacts"
    __table_args__ = (
        Index(None, "phones", postgresql_using="gin"),
        Index(None, "emails", postgresql_using="gin"),
    )

    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    phones: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """E.164."""
    emails: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Folded to lower case."""
    language: Mapped[str | None]
    name: Mapped[str | None]
    """To choose among several who share an address; None until the next event of a client that was copied before."""
    state: Mapped[str]
    """active, archived, merged or erased; only an active client can sign in."""
