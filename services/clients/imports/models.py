"""What was imported already, so that the same file twice changes nothing."""

from uuid import UUID

from sqlalchemy import BigInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.clients.models import Base


class ImportedLine(Base):
    __tablename__ = "imported_lines"

    key: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    """`x` and the line's external id, or else `c` and the digest of all of it."""
    client_id: Mapped[UUID]
    digest: Mapped[bytes]
    """Of the whole line as it was when it was last taken in."""
    file: Mapped[bytes]
    """Digest of the file it came from, with `line` to tell a file that is read again from an id that is in it twice."""
    line: Mapped[int] = mapped_column(BigInteger)
