"""What tests of campaigns do."""

from typing import Any

from services.notifications.campaigns.running import let_in
from services.notifications.campaigns.stepping import go_on
from shared.testing.service import Caller, ServiceUnderTest

ROOT = "/api/v1/notifications/campaigns"
SEND: dict[str, Any] = {"do": "send", "channel": "email", "title": "Novedades", "text": "Tenemos láser nuevo."}


def of_campaigns(notifications: ServiceUnderTest) -> Caller:
    """Somebody who may do all with them, with a token of now."""
    return notifications.signed_in("campaigns.read", "campaigns.write")


def plan(admin: Caller, **more: Any) -> Any:
    given = {"name": "Láser", "entry": {"on": "now"}, "steps": [SEND]} | more
    answer = admin.post(ROOT, given)
    assert answer.status_code == 201, answer.json
    return answer.json


def start(admin: Caller, campaign: Any) -> None:
    assert admin.post(f"{ROOT}/{campaign['id']}/start", version="*").status_code == 200


def work(notifications: ServiceUnderTest) -> None:
    """All that is due, as a worker does it."""
    while let_in(notifications.database) or go_on(notifications.database):
        pass


def progress(admin: Caller, campaign: Any) -> Any:
    return admin.get(f"{ROOT}/{campaign['id']}").json["progress"]
