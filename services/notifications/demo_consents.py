"""Who of the demo's clients has agreed to marketing: as an import from the chain's old system brings it.

The same at every run. Each consent is to the words of today, for the address that the client has.
"""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.notifications.consents.reading import current_wordings
from services.notifications.preferences.actions import Switch, change
from shared.demo_ids import demo_client

SHARES = {"email": 62, "sms": 41, "push": 23}
"""Of a hundred clients."""
AT_ONCE = 100

COME = text("SELECT count(*) FROM clients")
LEFT = text(
    "SELECT p.client_id, p.channel, c.language FROM contact_points p JOIN clients c ON c.id = p.client_id"
    " JOIN unnest(CAST(:ids AS uuid[]), CAST(:channels AS text[])) AS agrees (id, channel)"
    " ON agrees.id = p.client_id AND agrees.channel = p.channel"
    " WHERE p.rank = 0 AND NOT EXISTS (SELECT FROM preference_changes h WHERE h.client_id = p.client_id"
    " AND h.channel = p.channel AND h.kind = 'marketing') ORDER BY p.client_id LIMIT :most"
)


def has_everybody_come(session: Session, clients: int) -> bool:
    return bool(session.scalar(COME) >= clients)


def give_some(session: Session, clients: int) -> bool:
    """Consents of the next hundred; False when nobody is left who has not said anything."""
    agree = [(demo_client(n), channel) for n in range(1, clients + 1) for channel in SHARES if agrees(n, channel)]
    values = {"ids": [each for each, _ in agree], "channels": [channel for _, channel in agree], "most": AT_ONCE}
    wordings = {(each["channel"], each["language"]): each["id"] for each in current_wordings(session)}
    switches: dict[UUID, list[Switch]] = {}
    for row in session.execute(LEFT, values):
        wording = wordings[row.channel, row.language or "es"]
        given = "paper" if row.client_id.int % 3 else "online"
        switches.setdefault(row.client_id, []).append(Switch("marketing", row.channel, True, wording, given))
    for client_id, agreed in switches.items():
        change(session, client_id, agreed)
    return bool(switches)


def agrees(number: int, channel: str) -> bool:
    """Who agrees to an SMS has mostly agreed to e-mails, too."""
    return number * 37 % 100 < SHARES[channel]
