"""The demo's consents and campaigns: loaded once the clients have come, once, and as any other."""

from collections.abc import Callable
from typing import Any

from services.notifications import demo
from services.notifications.campaigns.tests.verbs import ROOT, of_campaigns, work
from services.notifications.conftest import deliver_all
from shared.contracts import clients
from shared.demo_ids import branch_of_client, demo_client
from shared.testing.service import ServiceUnderTest

FEW = 40


def come(service: ServiceUnderTest, numbers: range) -> None:
    for number in numbers:
        said: dict[str, Any] = {
            "id": str(demo_client(number)),
            "language": "es",
            "first_name": "Ana",
            "last_name": f"Ruiz {number}",
        }
        said |= {"preferred_branch_id": str(branch_of_client(number))}
        said |= {"emails": [{"address": f"ana{number}@example.com", "primary": True}], "phones": []}
        service.deliver(clients.CLIENT_REGISTERED, said, subject=demo_client(number))


def completed(service: ServiceUnderTest) -> int:
    times = 0
    while demo.complete(service.database, FEW):
        times += 1
    return times


def test_once_the_clients_have_come_some_have_agreed_and_there_are_campaigns_to_look_at(
    service_of: Callable[..., ServiceUnderTest],
) -> None:
    service = service_of("notifications")
    come(service, range(1, FEW))
    assert completed(service) == 0
    come(service, range(FEW, FEW + 1))
    assert completed(service) == 2
    assert completed(service) == 0
    agreed = dict(service.rows("SELECT channel, count(*) FROM consents GROUP BY channel"))
    assert 0 < agreed["push"] < agreed["email"] < FEW
    assert service.rows("SELECT count(*) FROM preference_changes WHERE source <> 'import' OR wording_id IS NULL") == [0]

    admin = of_campaigns(service)
    states = {row["name"]: (row["state"], row["id"]) for row in admin.get(ROOT).json["items"]}
    assert {name: state for name, (state, _) in states.items()} == {
        "Vuelta al cuidado": "ended",
        "Otoño en Gràcia": "running",
        "Cumpleaños": "draft",
    }
    over = admin.get(f"{ROOT}/{states['Vuelta al cuidado'][1]}").json["progress"]
    assert over["done"] == over["entered"] == sum(over["messages"].values()) > over["messages"]["delivered"] > 0
    unread = service.signed_in("messages.read").get("/api/v1/notifications/replies?unread=true").json["items"]
    assert len(unread) == 4
    work(service)
    deliver_all(service)
    under_way = admin.get(f"{ROOT}/{states['Otoño en Gràcia'][1]}").json["progress"]
    assert under_way["waiting"] == under_way["entered"] > 0
