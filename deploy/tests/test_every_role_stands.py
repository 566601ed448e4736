"""Every service and role of every card runs in the containers of `make up` and on Kubernetes."""

import re
from pathlib import Path

import pytest
import yaml

from deploy.kubernetes.render import OVERLAYS, rendered
from shared.card import Card, installed

HOUSE = Path(__file__).parents[2]
CARDS = installed()
OPTIONAL = {("memberships", "sandbox")}
"""What is no role of a service, and started where somebody asks for it: the gateway of test cards."""


def wanted(cards: list[Card]) -> set[tuple[str, str]]:
    return {(card.name, role) for card in cards for role in card.roles}


def in_compose(text: str) -> set[tuple[str, str]]:
    """(service, role) of every container: its image is the service's, its command the role."""
    found = set()
    for container in yaml.safe_load(text)["services"].values():
        if "command" in container:
            found.add((container["image"].removeprefix("foyer-"), container["command"][0]))
    return found


def in_kubernetes(text: str) -> set[tuple[str, str]]:
    found = set()
    for manifest in yaml.safe_load_all(text):
        if manifest["kind"] in ("Deployment", "Job"):
            (container,) = manifest["spec"]["template"]["spec"]["containers"]
            found.add((container["image"].removeprefix("foyer-"), container["args"][0]))
    return found


def compose() -> dict:
    return yaml.safe_load((HOUSE / "docker-compose.yml").read_text())["services"]


def missing_from(cards: list[Card], there: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return wanted(cards) - there


def test_nothing_is_deployed_that_no_card_asks_for():
    every = [in_compose((HOUSE / "docker-compose.yml").read_text())]
    every += [in_kubernetes(rendered(overlay).read_text()) for overlay in OVERLAYS]
    for there in every:
        assert {(service, role) for service, role in there if service != "front"} <= wanted(CARDS) | OPTIONAL


def test_the_sandbox_is_started_only_where_it_is_asked_for():
    assert compose()["memberships-sandbox"]["profiles"] == ["sandbox"]
    for overlay in OVERLAYS:
        assert OPTIONAL.isdisjoint(in_kubernetes(rendered(overlay).read_text()))


def test_every_service_and_role_stands_in_docker_compose():
    assert missing_from(CARDS, in_compose((HOUSE / "docker-compose.yml").read_text())) == set()


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_service_and_role_stands_in_the_manifests(overlay):
    assert missing_from(CARDS, in_kubernetes(rendered(overlay).read_text())) == set()


@pytest.mark.planted
def test_a_role_that_was_forgotten_is_found():
    """A card of a service that nobody deployed."""
    planted = Card(name="loyalty", owns="points", does_not_know="", rooms=(), roles=("http", "relay"))
    text = (HOUSE / "docker-compose.yml").read_text()
    assert missing_from([*CARDS, planted], in_compose(text)) == {("loyalty", "http"), ("loyalty", "relay")}
    for overlay in OVERLAYS:
        there = in_kubernetes(rendered(overlay).read_text())
        assert missing_from([*CARDS, planted], there) == {("loyalty", "http"), ("loyalty", "relay")}


def test_no_relay_starts_before_every_queue_is_there():
    containers = compose()
    migrations = {name for name in containers if name.endswith("-migrate")}
    relays = [container for name, container in containers.items() if name.endswith("-relay")]
    assert relays and migrations
    for relay in relays:
        after = {name for name, how in relay["depends_on"].items() if how["condition"].endswith("successfully")}
        assert after == migrations


def test_both_front_doors_lead_to_every_api():
    names = {card.name for card in CARDS if "migrate" in card.roles}
    (route,) = re.findall(r"location ~ \^/api/v1/\(\?<service>([a-z|]+)\)", (HOUSE / "deploy/nginx.conf").read_text())
    assert set(route.split("|")) == names
    ingress = yaml.safe_load((HOUSE / "deploy/kubernetes/base/ingress.yaml").read_text())
    paths = {each["path"] for each in ingress["spec"]["rules"][0]["http"]["paths"]}
    assert paths == {"/", *(f"/api/v1/{name}" for name in names)}


def test_the_compose_file_holds_no_password_and_publishes_one_port():
    settings = {name for container in compose().values() for name in container.get("environment", {})}
    in_the_open = {name for name in settings if "PASSWORD" in name and not name.endswith("_FILE")}
    assert in_the_open == {"FOYER_DEMO_PASSWORD"}  # of people who exist only where somebody loads the demo's data
    assert [name for name, container in compose().items() if container.get("ports")] == ["front"]
