"""Nobody reaches further, or gives away more, than they hold."""

from typing import Any
from uuid import UUID

import pytest

from shared.auth.permissions import PERMISSIONS
from shared.contracts.directory import SESSION_ENDED
from shared.demo_ids import BRICKELL, GRACIA, SALAMANCA, demo_id

EMPLOYEES = "/api/v1/directory/employees"
ROLES = "/api/v1/directory/roles"
TOKENS = "/api/v1/directory/tokens"
RECEPTION_ROLE, MANAGER_ROLE, ADMIN_ROLE, PROFESSIONAL_ROLE = (
    str(demo_id("role", name)) for name in ("Recepción", "Gerencia", "Administración", "Profesional")
)


def path(name: str) -> str:
    return f"{EMPLOYEES}/{demo_id('employee', name)}"


def held(role: str, *branches: UUID | None) -> list[dict[str, str | None]]:
    return [{"role_id": role, "branch_id": str(branch) if branch else None} for branch in branches]


@pytest.fixture
def admin(directory):
    return directory.signed_in(*PERMISSIONS, id=demo_id("employee", "Elena Vidal"))


@pytest.fixture
def manager(directory):
    """The demo's manager, of Salamanca and Gràcia."""
    answer = directory.anonymous().post(
        TOKENS, {"grant_type": "password", "username": "manager", "password": "foyer-demo"}
    )
    caller = directory.with_token(answer.json["access_token"])
    directory.forget_emitted()
    return caller


def test_a_manager_adds_somebody_at_their_own_branch_with_a_role_that_they_hold(manager):
    sent = {
        "name": "Sara Gil",
        "username": "sara",
        "password": "long enough",
        "branch_ids": [str(SALAMANCA)],
        "roles": held(RECEPTION_ROLE, SALAMANCA),
    }
    answer = manager.post(EMPLOYEES, sent)
    assert answer.status_code == 201, answer.json
    assert "password" not in answer.json


@pytest.mark.parametrize(
    "beyond",
    [
        {"branch_ids": [str(BRICKELL)]},
        {"branch_ids": []},
        {"branch_ids": [str(SALAMANCA)], "roles": held(RECEPTION_ROLE, BRICKELL)},
        {"branch_ids": [str(SALAMANCA)], "roles": held(RECEPTION_ROLE, None)},
        {"branch_ids": [str(SALAMANCA)], "roles": held(ADMIN_ROLE, SALAMANCA)},
    ],
)
def test_a_manager_adds_nobody_beyond_their_branches_and_permissions(directory, manager, beyond):
    assert manager.post(EMPLOYEES, {"name": "Sara Gil", **beyond}).status_code == 403
    assert directory.emitted() == []


@pytest.mark.parametrize("name", ["Emily Carter", "Michael Reyes", "Elena Vidal"])
@pytest.mark.parametrize("change", [{"name": "Mine"}, {"active": False}, {"username": "mine"}, {"roles": []}])
def test_a_manager_reaches_nobody_of_another_branch_and_nobody_above_them(directory, manager, name, change):
    assert manager.patch(path(name), change).status_code == 403
    assert directory.emitted() == []


def test_who_may_do_more_keeps_their_password_from_who_may_do_less(admin, manager):
    here = [str(SALAMANCA)]
    assert admin.patch(path("Elena Vidal"), {"branch_ids": here}).status_code == 200
    refused = manager.put(f"{path('Elena Vidal')}/password", {"password": "now it is mine"})
    assert refused.status_code == 403
    assert refused.json["code"] == "beyond_own_permissions"
    assert manager.put(f"{path('Lucía Ortega')}/password", {"password": "a new password"}).status_code == 204


def test_a_manager_moves_nobody_out_of_reach_or_into_it(manager):
    assert manager.patch(path("Lucía Ortega"), {"branch_ids": [str(BRICKELL)]}).status_code == 403
    assert manager.patch(path("Lucía Ortega"), {"branch_ids": [str(GRACIA)]}).status_code == 200
    assert manager.patch(path("Ashley Brooks"), {"branch_ids": [str(GRACIA)]}).status_code == 403


def test_a_new_password_ends_the_sessions_of_the_old_one(directory, admin):
    token = {"grant_type": "password", "username": "reception", "password": "foyer-demo"}
    directory.anonymous().post(TOKENS, token)
    assert admin.put(f"{path('Lucía Ortega')}/password", {"password": "quite another"}).status_code == 204
    assert len(directory.emitted(SESSION_ENDED)) == 1
    assert directory.anonymous().post(TOKENS, token).status_code == 401
    assert directory.anonymous().post(TOKENS, token | {"password": "quite another"}).status_code == 200
    shown = admin.get(f"{path('Lucía Ortega')}/changes").text
    assert "quite another" not in shown
    assert "argon2" not in shown


def test_the_last_who_may_change_roles_cannot_lose_it(directory, admin):
    changes: list[dict[str, Any]] = [{"active": False}, {"username": None}, {"roles": []}]
    for change in [*changes, {"roles": held(ADMIN_ROLE, SALAMANCA)}]:
        refused = admin.patch(path("Elena Vidal"), change)
        assert refused.status_code == 409, refused.json
        assert refused.json["code"] == "last_administrator"
    assert directory.emitted() == []
    assert admin.patch(path("Javier Robles"), {"roles": held(ADMIN_ROLE, None)}).status_code == 200
    assert admin.patch(path("Elena Vidal"), {"roles": []}).status_code == 200


def test_two_administrators_who_remove_each_other_at_once_leave_one(directory, admin):
    import gevent

    admin.patch(path("Javier Robles"), {"roles": held(ADMIN_ROLE, None)})
    answers = [
        gevent.get_hub().threadpool.spawn(lambda name=name: admin_again(directory).patch(path(name), {"roles": []}))
        for name in ("Javier Robles", "Elena Vidal")
    ]
    assert sorted(answer.get().status_code for answer in answers) == [200, 409]


def admin_again(directory):
    return directory.signed_in(*PERMISSIONS, id=demo_id("employee", "Emily Carter"))


def test_nobody_makes_a_role_of_what_they_do_not_hold(directory):
    keeper = directory.signed_in("directory.roles.write", "directory.read", "clients.read")
    assert keeper.post(ROLES, {"name": "Mine", "permissions": ["clients.read"]}).status_code == 201
    assert keeper.post(ROLES, {"name": "More", "permissions": ["clients.export"]}).status_code == 403
    assert keeper.patch(f"{ROLES}/{RECEPTION_ROLE}", {"permissions": ["clients.export"]}).status_code == 403
    assert keeper.patch(f"{ROLES}/{RECEPTION_ROLE}", {"permissions": []}).status_code == 403
    of_a_branch = directory.signed_in("directory.roles.write", "clients.read", branches=[SALAMANCA])
    assert of_a_branch.post(ROLES, {"name": "Here", "permissions": ["clients.read"]}).status_code == 403


def test_the_role_that_holds_everything_cannot_be_emptied_and_a_held_role_not_removed(admin):
    refused = admin.patch(f"{ROLES}/{ADMIN_ROLE}", {"permissions": ["clients.read"]})
    assert (refused.status_code, refused.json["code"]) == (409, "role_holds_everything")
    assert admin.patch(f"{ROLES}/{ADMIN_ROLE}", {"name": "Administrators"}).status_code == 200
    assert admin.delete(f"{ROLES}/{RECEPTION_ROLE}").json["code"] == "role_held"
    unused = admin.post(ROLES, {"name": "Nobody's", "permissions": []}).json["id"]
    assert admin.delete(f"{ROLES}/{unused}").status_code == 204
    assert admin.get(f"{ROLES}/{unused}").status_code == 404


def test_an_unknown_branch_or_role_is_named(admin):
    nowhere = "0197a3c4-5a00-7000-8000-00000000ffff"
    for wrong, field in (
        ({"branch_ids": [nowhere]}, "branch_ids"),
        ({"roles": [{"role_id": nowhere, "branch_id": None}]}, "roles"),
        ({"roles": [{"role_id": RECEPTION_ROLE, "branch_id": nowhere}]}, "roles"),
    ):
        answer = admin.post(EMPLOYEES, {"name": "Sara Gil", **wrong})
        assert answer.status_code == 422
        assert field in answer.json["errors"]


def test_a_token_stays_small_however_many_branches_somebody_has(directory, admin):
    made = [
        admin.post(
            "/api/v1/directory/branches",
            {
                "name": f"Branch {number}",
                "country": "ES",
                "time_zone": "Europe/Madrid",
                "currency": "EUR",
                "language": "es",
                "weight_unit": "kg",
            },
        ).json["id"]
        for number in range(80)
    ]
    some = {"roles": held(PROFESSIONAL_ROLE, *made[:40]), "username": "walker", "password": "long enough"}
    assert admin.post(EMPLOYEES, {"name": "Sara Gil", **some}).status_code == 201
    answer = directory.anonymous().post(
        TOKENS, {"grant_type": "password", "username": "walker", "password": "long enough"}
    )
    assert len(answer.json["access_token"]) < 4096
    too_many = admin.post(EMPLOYEES, {"name": "Sara Gil", "roles": held(PROFESSIONAL_ROLE, *made)})
    assert too_many.status_code == 422
    assert "roles" in too_many.json["errors"]


def test_a_sign_in_name_is_one_persons(admin):
    refused = admin.patch(path("Pablo Herrero"), {"username": "reception"})
    assert refused.status_code == 409
    assert "username" in refused.json["errors"]
