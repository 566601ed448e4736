"""How fast each channel may go, for all workers together, and until when its provider rests."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.models import Base


class ProviderRate(Base):
    """A bucket of tokens: one leaves with each message that is claimed, and time fills it again."""

    __tablename__ = "provider_rates"

    channel: Mapped[str] = mapped_column(primary_key=True)
    tokens: Mapped[float]
    filled_at: Mapped[datetime]
    paused_until: Mapped[datetime | None]
    """The provider takes nothing until then."""
    failures: Mapped[int]
    """In a row; each makes the next pause longer."""
    reason: Mapped[str | None]
