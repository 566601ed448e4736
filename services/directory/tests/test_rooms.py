"""What every noun of the directory promises at its door."""

from typing import Any

import pytest

from shared.contracts import directory as contracts
from shared.demo_ids import BRICKELL, GRACIA, SALAMANCA, demo_id

BASE = "/api/v1/directory"
BRANCH = {
    "name": "Chamberí",
    "country": "ES",
    "time_zone": "Europe/Madrid",
    "currency": "EUR",
    "language": "es",
    "weight_unit": "kg",
}
NOUNS: dict[str, tuple[str, dict[str, Any], dict[str, Any], str]] = {
    "branches": ("directory.branches.write", BRANCH, {"name": "Chamberí Norte"}, "branch"),
    "employees": ("directory.employees.write", {"name": "Ana Gil"}, {"name": "Ana Gil Ruiz"}, "employee"),
    "services": (
        "directory.menu.write",
        {
            "name": "Masaje tailandés",
            "category": "Masajes",
            "duration_minutes": 90,
            "prices": [{"branch_id": str(GRACIA), "amount": 8000, "currency": "EUR"}],
        },
        {"duration_minutes": 80},
        "service",
    ),
    "roles": (
        "directory.roles.write",
        {"name": "Prácticas", "permissions": ["clients.read", "directory.read"]},
        {"permissions": ["clients.read"]},
        "role",
    ),
}
noun = pytest.mark.parametrize("noun", NOUNS)


@pytest.fixture
def admin(directory):
    from shared.auth.permissions import PERMISSIONS

    return directory.signed_in(*PERMISSIONS, id=demo_id("employee", "Elena Vidal"))


@noun
def test_what_is_added_is_shown_changed_announced_and_on_record(directory, admin, noun):
    _, sent, change, name = NOUNS[noun]
    added = admin.post(f"{BASE}/{noun}", sent)
    assert added.status_code == 201, added.json
    assert added.headers["ETag"] == '"1"'
    path = f"{BASE}/{noun}/{added.json['id']}"
    assert admin.get(path).json == added.json
    assert {key: added.json[key] for key in sent} == sent

    changed = admin.patch(path, change, version=1)
    assert changed.status_code == 200, changed.json
    assert changed.headers["ETag"] == '"2"'
    assert changed.json == added.json | change | {"version": 2}

    first, second = directory.emitted()
    assert (first.type, first.version) == (f"directory.{name}.added.v1", 1)
    assert (second.type, second.version) == (f"directory.{name}.changed.v1", 2)
    assert second.data["changed"] == list(change)
    assert first.actor == second.actor == f"staff:{demo_id('employee', 'Elena Vidal')}"

    newest, oldest = admin.get(f"{path}/changes").json["items"]
    assert newest["actor_name"] == oldest["actor_name"] == "Elena Vidal"
    [(field, (before, after))] = newest["changes"].items()
    assert (before, after) == (added.json[field], change[field])


@noun
def test_a_second_save_is_told_what_changed_and_by_whom(directory, admin, noun):
    _, sent, change, _ = NOUNS[noun]
    path = f"{BASE}/{noun}/{admin.post(f'{BASE}/{noun}', sent).json['id']}"
    assert admin.patch(path, change, version=1).status_code == 200
    stale = admin.patch(path, change, version=1)
    assert stale.status_code == 412
    assert stale.json["version"] == 2
    [seen] = stale.json["changes"]
    assert seen["actor_name"] == "Elena Vidal"
    assert list(seen["changes"]) == list(change)
    assert admin.patch(path, change, version=None).status_code == 428
    assert admin.patch(path, change, version="three").status_code == 400
    assert len(directory.emitted()) == 2


@noun
def test_saving_what_is_already_so_changes_nothing(directory, admin, noun):
    _, sent, _, _ = NOUNS[noun]
    added = admin.post(f"{BASE}/{noun}", sent)
    again = admin.patch(f"{BASE}/{noun}/{added.json['id']}", sent)
    assert again.json == added.json
    assert len(directory.emitted()) == 1


@noun
def test_changing_takes_the_permission_and_reading_another(directory, noun):
    permission, sent, change, _ = NOUNS[noun]
    reader = directory.signed_in("directory.read")
    assert reader.post(f"{BASE}/{noun}", sent).status_code == 403
    assert directory.signed_in(permission).get(f"{BASE}/{noun}").status_code == 403
    assert directory.anonymous().get(f"{BASE}/{noun}").status_code == 401
    row = reader.get(f"{BASE}/{noun}").json["items"][0]
    assert reader.patch(f"{BASE}/{noun}/{row['id']}", change).status_code == 403
    assert reader.get(f"{BASE}/{noun}/{row['id']}/changes").status_code == 403
    assert directory.emitted() == []


@noun
def test_a_name_is_taken_whatever_its_case_and_accents(admin, noun):
    if noun == "employees":
        pytest.skip("two people may have one name")
    _, sent, _, _ = NOUNS[noun]
    assert admin.post(f"{BASE}/{noun}", sent).status_code == 201
    refused = admin.post(f"{BASE}/{noun}", sent | {"name": sent["name"].upper()})
    assert refused.status_code == 409
    assert "name" in refused.json["errors"]


@noun
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": 7}, "name"),
        ({"name": ""}, "name"),
        ({"name": "x" * 1000}, "name"),
        ({"name": "a\x07b"}, "name"),
        ({"name": None}, "name"),
        ({"surprise": 1}, "surprise"),
        ({"id": "0197a3c4-5a00-7000-8000-000000000001"}, "id"),
        ({"version": 9}, "version"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_changes(directory, admin, noun, wrong, field):
    _, sent, _, _ = NOUNS[noun]
    row = admin.get(f"{BASE}/{noun}").json["items"][0]
    for answer in (
        admin.post(f"{BASE}/{noun}", sent | wrong),
        admin.patch(f"{BASE}/{noun}/{row['id']}", wrong),
    ):
        assert answer.status_code == 422
        assert answer.mimetype == "application/problem+json"
        assert field in answer.json["errors"]
    assert directory.emitted() == []
    assert admin.get(f"{BASE}/{noun}/{row['id']}").json == row


@noun
def test_a_list_is_paged_by_name_and_found_without_accents(admin, noun):
    names = []
    cursor = ""
    while cursor is not None:
        page = admin.get(f"{BASE}/{noun}?limit=2" + (f"&cursor={cursor}" if cursor else "")).json
        assert len(page["items"]) <= 2
        names += [item["name"] for item in page["items"]]
        cursor = page["next_cursor"]
    everything = [item["name"] for item in admin.get(f"{BASE}/{noun}?limit=200").json["items"]]
    assert names == everything
    assert len(set(names)) == len(names)


def test_a_search_forgives_case_and_accents(admin):
    def found(noun: str, words: str) -> list[str]:
        return [item["name"] for item in admin.get(f"{BASE}/{noun}?search={words}").json["items"]]

    assert found("branches", "GRACIA") == ["Gràcia"]
    assert found("employees", "sáez") == ["Carmen Sáez"]
    massages = ["Masaje con piedras calientes", "Masaje descontracturante", "Masaje relajante"]
    assert found("services", "masaje") == massages
    assert found("services", "100%25") == []


@pytest.mark.parametrize("cursor", ["x", "bnVsbA", "WzEsMl0", "WyJcdTAwMDAiLCJ4Il0", "eyJhIjoxfQ", "é", "W10", "%00"])
def test_a_cursor_that_we_did_not_give_is_refused(admin, cursor):
    assert admin.get(f"{BASE}/branches?cursor={cursor}").status_code == 422


def test_pickers_ask_for_what_a_branch_has(admin):
    employees = admin.get(f"{BASE}/employees?branch_id={BRICKELL}&active=true").json["items"]
    assert {one["name"] for one in employees} == {
        "Elena Vidal", "Emily Carter", "Michael Reyes", "Ashley Brooks", "Daniel Kim",
    }  # fmt: skip
    assert len(admin.get(f"{BASE}/services?branch_id={SALAMANCA}&category=Masajes").json["items"]) == 5


def test_an_unknown_one_is_not_found(admin):
    for noun in NOUNS:
        path = f"{BASE}/{noun}/0197a3c4-5a00-7000-8000-00000000ffff"
        assert admin.get(path).status_code == 404
        assert admin.patch(path, {}).status_code == 404
        assert admin.get(f"{path}/changes").status_code == 404
        assert admin.get(f"{BASE}/{noun}/not-an-id").status_code == 404


def test_everything_can_be_announced_again(directory):
    from shared.events.announce import announce

    stated = {"branch": 3, "employee": 12, "service": 25, "role": 4}
    for subject, count in stated.items():
        assert announce(directory.card, directory.database, subject, None) == count
    contracted = (
        contracts.BRANCH_STATED, contracts.EMPLOYEE_STATED, contracts.SERVICE_STATED, contracts.ROLE_STATED,
    )  # fmt: skip
    assert [len(directory.emitted(contract)) for contract in contracted] == list(stated.values())


def test_permissions_are_told_in_the_readers_language(directory):
    for language, words in (("en", "See clients"), ("es", "Ver clientes")):
        reader = directory.signed_in("directory.read", language=language)
        items = reader.get(f"{BASE}/permissions").json["items"]
        assert {"name": "clients.read", "description": words} in items
