"""A campaign whose text cannot be filled in pauses, and what waits of a paused one is held until it goes on.

How many have failed in a row stands with the campaign: claims of a channel come one after the other, so it is the order
in which they were tried, and to count rows anew for each failure would cost as much as the campaign is large.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from services.notifications.campaigns.actions import ME, changed
from services.notifications.campaigns.models import ABOUT, Campaign
from services.notifications.catalogue.types import TYPES
from services.notifications.delivery.states import QUEUED, WAITING, WITHDRAWN
from services.notifications.messages.actions import say
from services.notifications.messages.models import Message
from shared import clock
from shared.actor import acting
from shared.db import Database

MOST_IN_A_ROW = 3
AT_ONCE = 1000
PAUSED, TEMPLATE = "paused", "template"
OF_A_CAMPAIGN = and_(Message.type == "campaign", Message.state.in_(WAITING))
HELD = and_(OF_A_CAMPAIGN, Message.due_at.is_(None))


class Watch:
    """Over the campaigns of some messages that one worker has in hand."""

    def __init__(self, session: Session, messages: Sequence[Message]) -> None:
        self._session = session
        self._campaigns: dict[str | None, Campaign] = {}
        ids = {_campaign_id(message) for message in messages if message.type == "campaign"}
        if ids:
            found = session.scalars(select(Campaign).where(Campaign.id.in_(ids)))
            self._campaigns = {campaign.about: campaign for campaign in found}

    def holds(self, message: Message) -> bool:
        """It waits, since its campaign is paused. What may have gone out already waits for nothing."""
        campaign = self._campaigns.get(message.about)
        return campaign is not None and campaign.state == "paused" and message.state in WAITING

    def went(self, message: Message) -> None:
        """Its text was filled in."""
        campaign = self._campaigns.get(message.about)
        if campaign is not None and campaign.failed_in_a_row:
            campaign.failed_in_a_row = 0

    def failed(self, message: Message) -> None:
        """Its text could not be: the third in a row pauses the campaign."""
        campaign = self._campaigns.get(message.about)
        if campaign is None:
            return
        self._session.flush()
        self._session.refresh(campaign, with_for_update=True)
        campaign.failed_in_a_row += 1
        if campaign.failed_in_a_row >= MOST_IN_A_ROW and campaign.state == "running":
            changes = {"state": ("running", "paused"), "pause_reason": (None, TEMPLATE)}
            changed(self._session, campaign, changes, reason=TEMPLATE)


def hold(session: Session, messages: Sequence[Message]) -> None:
    """Keeps them, and more of their campaigns that wait, until the campaigns go on."""
    if not messages:
        return
    for message in messages:
        message.due_at = message.claimed_at = None
        message.reason = PAUSED
        message.version += 1
    session.flush()
    waits = select(Message.id).where(OF_A_CAMPAIGN, Message.about.in_({message.about for message in messages}))
    waits = waits.where(Message.due_at.is_not(None), Message.claimed_at.is_(None)).limit(AT_ONCE)
    more = update(Message).where(Message.id.in_(waits.with_for_update(skip_locked=True)))
    more = more.values(due_at=None, reason=PAUSED, version=Message.version + 1)
    session.execute(more.execution_options(synchronize_session=False))


def let_go(database: Database) -> bool:
    """Of campaigns that go on, lets what was held go; of those that are over, takes it back. Whether there was any."""
    held = select(Message.id).where(HELD, Message.about == ABOUT).exists()
    with acting(ME), database.transaction() as session:
        campaign = session.scalar(select(Campaign).where(Campaign.state.in_(("running", "ended")), held).limit(1))
        if campaign is None:
            return False
        some = select(Message).where(HELD, Message.about == campaign.about).limit(AT_ONCE)
        messages = session.scalars(some.with_for_update(skip_locked=True)).all()
        for message in messages:
            _free(message) if campaign.state == "running" else _take_back(message)
        session.flush()
        say(session, [message for message in messages if message.state == WITHDRAWN], before=QUEUED)
        return bool(messages)


def _free(message: Message) -> None:
    """Whoever lets the campaign go on wants them to go, however long it has stood."""
    now = clock.now()
    message.due_at, message.reason = now, None
    message.version += 1
    if message.purged_at is None:
        message.stale_after = now + TYPES[message.type].greatest_age


def _take_back(message: Message) -> None:
    message.state, message.reason, message.ended_at, message.secret = WITHDRAWN, "withdrawn", clock.now(), None
    message.version += 1


def _campaign_id(message: Message) -> UUID:
    return UUID((message.about or "").removeprefix("campaign:"))
