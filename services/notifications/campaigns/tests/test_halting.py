"""A text that cannot be filled in for one client after the other pauses its campaign; nothing else of it is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from services.notifications.campaigns.halting import let_go
from services.notifications.campaigns.running import finish
from services.notifications.campaigns.tests.verbs import ROOT, SEND, of_campaigns, plan, progress, start, work
from services.notifications.conftest import CARLOS, EVERYTHING, MADRID, MARIA, deliver_all
from shared import clock
from shared.contracts import clients
from shared.contracts.notifications import CAMPAIGN_FINISHED, CAMPAIGN_PAUSED, CAMPAIGN_STARTED
from shared.ids import new_id
from shared.testing.service import Caller, ServiceUnderTest

TEMPLATE = "/api/v1/notifications/templates/campaign/email/es"
BROKEN = "{% if first_name | length == 4 %}{{ first_name | length | first }}{% endif %}{{ text }}"
"""It fails for nobody but who has a name of four letters, as no sample client has."""


@pytest.fixture
def admin(notifications: ServiceUnderTest) -> Caller:
    return of_campaigns(notifications)


@pytest.fixture
def people(notifications: ServiceUnderTest, agreed: Callable[..., None]) -> Callable[..., None]:
    """Clients of these names, in this order, who have agreed to e-mail; each campaign of `only` is for them alone."""

    def come(*names: str) -> None:
        for number, name in enumerate(names):
            client_id = new_id()
            said: dict[str, Any] = {"id": str(client_id), "first_name": name, "middle_name": "", "last_name": "Ruiz"}
            said |= {"language": "es"}
            said |= {"emails": [{"address": f"{name.lower()}{number}@example.com", "primary": True}]}
            said |= {"preferred_branch_id": str(MADRID)}
            notifications.deliver(clients.CLIENT_REGISTERED, said, subject=client_id)
            agreed(notifications, client_id, "email")

    return come


def reword(notifications: ServiceUnderTest, body: str) -> None:
    lucia = notifications.signed_in(*EVERYTHING)
    answer = lucia.put(TEMPLATE, {"subject": "{{ title }}", "body": body})
    assert answer.status_code == 200, answer.json["errors"]


def at_noon():
    return time_machine.travel(clock.now().replace(hour=11), tick=True)


def outcomes(notifications: ServiceUnderTest) -> dict[str, int]:
    """Of the campaign's messages to those who came by `people`."""
    rows = notifications.rows(
        "SELECT coalesce(reason, state), count(*) FROM messages WHERE type = 'campaign'"
        " AND client_id <> ALL(CAST(:others AS uuid[])) GROUP BY 1",
        others=[MARIA, CARLOS],
    )
    return dict(rows)


def test_three_in_a_row_pause_it_and_it_goes_on_with_those_who_were_not_written_to(
    notifications: ServiceUnderTest, admin: Caller, people: Callable[..., None]
) -> None:
    people("Ana", "Rota", "Rota", "Eva", "Rota", "Rota", "Rota", "Luz", "Sol")
    reword(notifications, BROKEN)
    with at_noon():
        admin = of_campaigns(notifications)
        campaign = plan(admin)
        start(admin, campaign)
        work(notifications)
        deliver_all(notifications)
        assert outcomes(notifications) == {"delivered": 2, "template": 5, "paused": 2}
        found = admin.get(f"{ROOT}/{campaign['id']}").json
        assert (found["state"], found["pause_reason"]) == ("paused", "template")
        (said,) = notifications.emitted(CAMPAIGN_PAUSED)
        assert (said.data["state"], said.data["pause_reason"]) == ("paused", "template")
        (change,) = notifications.rows(
            "SELECT changes FROM audit WHERE about = :id AND reason = 'template'", id=campaign["id"]
        )
        assert change == {"state": ["running", "paused"], "pause_reason": [None, "template"]}
        assert not let_go(notifications.database)
        deliver_all(notifications)
        assert outcomes(notifications)["paused"] == 2

        reword(notifications, "{{ text }}")
        assert admin.post(f"{ROOT}/{campaign['id']}/resume", version="*").json["pause_reason"] is None
        assert let_go(notifications.database)
        finish(notifications.database)
        assert admin.get(f"{ROOT}/{campaign['id']}").json["state"] == "running"
        deliver_all(notifications)
        assert outcomes(notifications) == {"delivered": 4, "template": 5}
        finish(notifications.database)
        assert admin.get(f"{ROOT}/{campaign['id']}").json["state"] == "ended"
    assert len(notifications.emitted(CAMPAIGN_STARTED)) == 2
    assert len(notifications.emitted(CAMPAIGN_FINISHED)) == 1


def test_failures_between_which_something_goes_pause_nothing(
    notifications: ServiceUnderTest, people: Callable[..., None]
) -> None:
    people("Rota", "Rota", "Ana", "Rota", "Rota")
    reword(notifications, BROKEN)
    with at_noon():
        admin = of_campaigns(notifications)
        campaign = plan(admin)
        start(admin, campaign)
        work(notifications)
        deliver_all(notifications)
        assert admin.get(f"{ROOT}/{campaign['id']}").json["state"] == "running"
        assert outcomes(notifications) == {"delivered": 1, "template": 4}


def test_what_a_person_pauses_is_sent_after_a_week_too_when_it_goes_on(
    notifications: ServiceUnderTest, people: Callable[..., None]
) -> None:
    people("Ana", "Eva")
    with at_noon():
        admin = of_campaigns(notifications)
        campaign = plan(admin)
        start(admin, campaign)
        work(notifications)
        admin.post(f"{ROOT}/{campaign['id']}/pause", version="*")
        deliver_all(notifications)
        assert outcomes(notifications) == {"paused": 2}
    with at_noon(), time_machine.travel(clock.now() + timedelta(days=9), tick=True):
        of_campaigns(notifications).post(f"{ROOT}/{campaign['id']}/resume", version="*")
        assert let_go(notifications.database)
        deliver_all(notifications)
        assert outcomes(notifications) == {"delivered": 2}


def test_what_waits_when_a_paused_campaign_is_ended_is_taken_back(
    notifications: ServiceUnderTest, people: Callable[..., None]
) -> None:
    people("Ana")
    with at_noon():
        admin = of_campaigns(notifications)
        campaign = plan(admin, steps=[SEND])
        start(admin, campaign)
        work(notifications)
        for act in ("pause", "end"):
            admin.post(f"{ROOT}/{campaign['id']}/{act}", version="*")
            deliver_all(notifications)
        while let_go(notifications.database):
            pass
        assert outcomes(notifications) == {"withdrawn": 1}
        assert progress(admin, campaign)["messages"] == {"withdrawn": 3}
