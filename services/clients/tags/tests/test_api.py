"""The tags of a client over HTTP: put as a whole, told, audited, and found by."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.clients.conftest import MADRID, UNKNOWN, Register
from services.clients.imports.exporting import export
from services.clients.imports.loading import load
from shared.contracts.clients import CLIENT_REGISTERED, CLIENT_STATED, CLIENT_TAGS_CHANGED, CLIENT_UPDATED
from shared.events.announce import announce
from shared.testing.service import Answer, Caller, ServiceUnderTest

CLIENTS = "/api/v1/clients"
TAGS = f"{CLIENTS}/tags"
Tag = Callable[..., str]


@pytest.fixture
def tag(lucia: Caller) -> Tag:
    """A function that adds a tag to the chain's list, and answers its id."""

    def one(name: str, **more: object) -> str:
        answer = lucia.post(TAGS, {"name": name} | more)
        assert answer.status_code == 201, answer.json
        return str(answer.json["id"])

    return one


def put(caller: Caller, client: dict, *tag_ids: object, **options: Any) -> Answer:
    return caller.put(f"{CLIENTS}/{client['id']}/tags", {"tag_ids": [str(each) for each in tag_ids]}, **options)


def test_tags_are_put_as_a_whole_told_and_audited(
    clients: ServiceUnderTest, lucia: Caller, register: Register, tag: Tag
) -> None:
    press, bride, client = tag("Press", position=2, colour="teal"), tag("Bride", position=1), register()
    assert (client["tag_ids"], client["tags"]) == ([], [])
    put(lucia, client, press, version=1)
    answer = put(lucia, client, bride, press, version=2)
    assert (answer.status_code, answer.json["version"], answer.headers["ETag"]) == (200, 3, '"3"')
    assert answer.json["tag_ids"] == [press, bride]
    assert [each["name"] for each in answer.json["tags"]] == ["Bride", "Press"], "in the chain's order"
    assert answer.json["tags"][1] == {"id": press, "name": "Press", "names": {}, "colour": "teal"}
    assert lucia.get(f"{CLIENTS}/{client['id']}").json == answer.json
    put(lucia, client, bride, version=3)
    said = [(event.subject, event.version, event.data) for event in clients.emitted(CLIENT_TAGS_CHANGED)]
    assert said == [
        (client["id"], 2, {"tag_ids": [press], "added": [press], "removed": []}),
        (client["id"], 3, {"tag_ids": [press, bride], "added": [bride], "removed": []}),
        (client["id"], 4, {"tag_ids": [bride], "added": [], "removed": [press]}),
    ]
    newest = lucia.get(f"{CLIENTS}/{client['id']}/changes").json["items"][0]
    assert newest["changes"] == {"tag_ids": [[press, bride], [bride]]}
    assert newest["actor_name"] == "Lucía Ortega"


def test_whatever_is_said_of_a_client_says_their_tags(
    clients: ServiceUnderTest, lucia: Caller, register: Register, tag: Tag
) -> None:
    press, client = tag("Press"), register()
    put(lucia, client, press)
    lucia.patch(f"{CLIENTS}/{client['id']}", {"last_name": "Pérez"})
    announce(clients.card, clients.database, "client", None)
    told = [clients.emitted(each)[0].data["tag_ids"] for each in (CLIENT_REGISTERED, CLIENT_UPDATED, CLIENT_STATED)]
    assert told == [[], [press], [press]]


def test_the_same_tags_again_in_whatever_order_are_no_change(
    clients: ServiceUnderTest, lucia: Caller, register: Register, tag: Tag
) -> None:
    press, bride, client = tag("Press"), tag("Bride"), register()
    versions = [put(lucia, client, *ids).json["version"] for ids in ((press, bride), (bride, press))]
    assert (versions, len(clients.emitted(CLIENT_TAGS_CHANGED))) == ([2, 2], 1)


def test_a_retired_tag_stays_with_who_has_it_and_is_given_to_nobody_else(
    lucia: Caller, register: Register, tag: Tag
) -> None:
    press, bride, ana, eva = tag("Press"), tag("Bride"), register(), register()
    put(lucia, ana, press)
    lucia.patch(f"{TAGS}/{press}", {"active": False})
    assert put(lucia, ana, press, bride).json["tag_ids"] == [press, bride]
    assert put(lucia, eva, bride, press).json["errors"] == {"tag_ids": {"1": ["This tag is no longer in use."]}}
    assert put(lucia, ana, bride).status_code == 200
    assert put(lucia, ana, bride, press).status_code == 422


def test_what_is_wrong_of_a_list_is_named_by_its_place_and_changes_nothing(
    lucia: Caller, register: Register, tag: Tag
) -> None:
    press, client = tag("Press"), register()
    path = f"{CLIENTS}/{client['id']}/tags"
    wrong = {
        "unknown": ([press, str(UNKNOWN)], {"1": ["There is no such tag."]}),
        "twice": ([press, press], {"1": ["This tag is in the list twice."]}),
        "no id": ([press, "vip"], {"1": ["This is not an id."]}),
        "too many": ([str(UNKNOWN)] * 51, ["This may have at most 50 characters or entries."]),
        "no list": ("vip", ["This must be a list."]),
        "nothing": (None, ["This may not be empty."]),
    }
    for name, (given, told) in wrong.items():
        answer = lucia.put(path, {"tag_ids": given})
        assert (answer.status_code, answer.json["errors"]) == (422, {"tag_ids": told}), name
    assert list(lucia.put(path, {}).json["errors"]) == ["tag_ids"]
    assert lucia.get(f"{CLIENTS}/{client['id']}").json == client


def test_tags_ask_for_the_version_and_the_permission_to_change_clients(
    clients: ServiceUnderTest, lucia: Caller, register: Register, tag: Tag
) -> None:
    press, client = tag("Press"), register()
    assert put(lucia, client, press, version=None).status_code == 428
    assert put(lucia, client, press, version=7).status_code == 412
    assert put(lucia, {"id": UNKNOWN}, press).status_code == 404
    assert put(clients.signed_in("clients.read", "clients.lists.write"), client, press).status_code == 403
    assert put(clients.anonymous(), client, press).status_code == 401
    elsewhere = clients.signed_in("clients.write", branches=[MADRID])
    assert put(elsewhere, client, press).status_code == 200, "a client belongs to the chain"


def found(lucia: Caller, **query: object) -> list[str]:
    answer = lucia.get(CLIENTS, query_string=query)
    assert answer.status_code == 200, answer.json
    return [client["first_name"] for client in answer.json["items"]]


def test_clients_are_listed_by_tag_in_every_order_page_by_page_and_with_a_search(
    lucia: Caller, register: Register, tag: Tag
) -> None:
    press, bride = tag("Press"), tag("Bride")
    for name, ids in (("Ana", [press]), ("Eva", [press, bride]), ("Ines", [bride]), ("Olga", [])):
        put(lucia, register(first_name=name), *ids)
    assert found(lucia, tag_id=press) == ["Eva", "Ana"]
    assert found(lucia, tag_id=press, sort="name") == ["Ana", "Eva"]
    assert found(lucia, tag_id=bride, sort="-changed") == ["Ines", "Eva"]
    assert found(lucia, tag_id=UNKNOWN) == []
    assert found(lucia, tag_id=press, search="lopez") == ["Ana", "Eva"]
    assert found(lucia, tag_id=press, search="lopes eva") == ["Eva"]
    assert found(lucia, tag_id=press, search="ines") == []
    first = lucia.get(f"{CLIENTS}?tag_id={press}&sort=name&limit=1").json
    assert found(lucia, tag_id=press, sort="name", limit=1, cursor=first["next_cursor"]) == ["Eva"]
    assert list(lucia.get(f"{CLIENTS}?tag_id=press").json["errors"]) == ["tag_id"]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("#nov", ["Ines", "Ana"]),
        ("#Novia2026", ["Ines", "Ana"]),
        ("# novia 2026", ["Ines", "Ana"]),
        ("#bride", ["Ines", "Ana"]),
        ("bride", ["Ines", "Ana"]),
        ("BRIDE 20", ["Ines", "Ana"]),
        ("#prénsa", ["Eva"]),
        ("pres", ["Presencia"]),  # a name that begins so comes first; the sign says that a tag is meant
        ("#press", ["Eva"]),
        ("#nothing", []),
        ("#", []),
        ("#%", []),
    ],
)
def test_after_a_sign_or_where_nobody_is_called_so_a_tag_finds_who_has_it(
    typed: str, names: list[str], lucia: Caller, register: Register, tag: Tag
) -> None:
    bride, press = tag("Bride 2026", names={"es": "Novia 2026"}), tag("Press", names={"es": "Prensa"})
    for name, ids in (("Ana", [bride]), ("Eva", [press]), ("Ines", [bride]), ("Presencia", [])):
        put(lucia, register(first_name=name), *ids)
    assert found(lucia, search=typed) == names


def test_a_file_gives_tags_by_name_and_takes_none_away(
    clients: ServiceUnderTest, lucia: Caller, tag: Tag, tmp_path: Path
) -> None:
    press, bride = tag("Press"), tag("Bride 2026", names={"es": "Novia 2026"})
    file = tmp_path / "clients.csv"
    file.write_text("external_id,first_name,tags\nA1,Ana,press| novia 2026\nA2,Eva,\nA3,Ines,Nobody\n")
    outcome = load(file, clients.database, clients.config.chain)
    assert (outcome.registered, outcome.refused_count) == (2, 1)
    ana = lucia.get(f"{CLIENTS}?search=ana").json["items"][0]
    assert ana["tag_ids"] == [press, bride]
    assert clients.emitted(CLIENT_REGISTERED)[0].data["tag_ids"] == [press, bride]
    (entry,) = lucia.get(f"{CLIENTS}/{ana['id']}/changes").json["items"]
    assert entry["changes"]["tag_ids"] == [[], [press, bride]]
    file.write_text("external_id,first_name,tags\nA1,Ana,\nA2,Eva,Press\n")
    load(file, clients.database, clients.config.chain)
    assert lucia.get(f"{CLIENTS}/{ana['id']}").json["tag_ids"] == [press, bride]
    with (tmp_path / "out.csv").open("w") as out:
        export(clients.database, out)
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert [line.rpartition(",")[2] for line in lines] == ["tags", "Press|Bride 2026", "Press"]
