"""Clients over HTTP."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from services.clients.conftest import EVERYTHING, MADRID, MIAMI, UNKNOWN, Register, furnish
from services.clients.profiles.duplicates import LIKELY
from services.clients.profiles.schemas import Client
from shared.contracts.clients import CLIENT_REGISTERED, CLIENT_UPDATED
from shared.testing.service import Caller, ServiceUnderTest

CLIENTS = "/api/v1/clients"
FRIEND = "00000000-0000-7000-8000-000000000b03"
WEB = "00000000-0000-7000-8000-000000000b02"

WHOLE = {
    "first_name": "María",
    "middle_name": "del Carmen",
    "last_name": "López García",
    "phones": [{"number": "612 34 56 78", "type": "mobile"}, {"number": "+1 305 555 0123", "type": "work"}],
    "emails": [{"address": "Maria@Example.COM"}],
    "address": {"country_code": "ES", "lines": ["Calle de Serrano 12"], "locality": "Madrid", "region": "Madrid",
                "postal_code": "28001"},
    "birth_date": "1990-05-17",
    "gender": "woman",
    "gender_description": "",
    "referral_method_id": WEB,
    "preferred_branch_id": str(MADRID),
    "language": "es",
}  # fmt: skip


def test_a_client_is_registered_with_everything_in_its_one_form(lucia: Caller) -> None:
    answer = lucia.post(CLIENTS, WHOLE)
    assert answer.status_code == 201
    assert answer.headers["ETag"] == '"1"'
    assert answer.json["phones"] == [
        {"number": "+34612345678", "type": "mobile", "primary": True},
        {"number": "+13055550123", "type": "work", "primary": False},
    ]
    assert answer.json["emails"] == [{"address": "Maria@example.com", "primary": True}]
    assert answer.json["status"]["name"] == "Active"
    assert answer.json["booking_block"] == {"blocked": False, "reason": None, "by": None, "at": None}


def test_what_is_answered_is_what_get_shows_and_the_schema_says(lucia: Caller, register: Register) -> None:
    client = register(**WHOLE)
    got = lucia.get(f"{CLIENTS}/{client['id']}")
    assert got.json == client
    assert set(client) == set(Client().fields)
    changed = lucia.patch(f"{CLIENTS}/{client['id']}", {"language": "en", "preferred_branch_id": str(MIAMI)})
    assert changed.json == lucia.get(f"{CLIENTS}/{client['id']}").json


def test_a_new_client_is_an_event_without_what_they_wrote_about_their_gender(
    clients: ServiceUnderTest, register: Register
) -> None:
    client = register(gender="other", gender_description="agénero")
    (event,) = clients.emitted(CLIENT_REGISTERED)
    assert (event.subject, event.version) == (client["id"], 1)
    assert event.data["last_name"] == "López"
    assert "gender_description" not in event.data


def test_a_change_is_an_event_that_names_the_fields(
    clients: ServiceUnderTest, lucia: Caller, register: Register
) -> None:
    client = register(**WHOLE)
    answer = lucia.patch(f"{CLIENTS}/{client['id']}", {"last_name": "Pérez", "first_name": "María"}, version=1)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    (event,) = clients.emitted(CLIENT_UPDATED)
    assert (event.version, event.data["changed"], event.data["last_name"]) == (2, ["last_name"], "Pérez")


def test_what_is_equal_already_is_no_change(clients: ServiceUnderTest, lucia: Caller, register: Register) -> None:
    client = register(**WHOLE)
    answer = lucia.patch(f"{CLIENTS}/{client['id']}", WHOLE, version=1)
    assert (answer.status_code, answer.json["version"]) == (200, 1)
    assert clients.emitted(CLIENT_UPDATED) == []


def test_a_second_save_is_told_what_changed_and_by_whom_and_how_it_is_now(lucia: Caller, register: Register) -> None:
    client = register(**WHOLE)
    lucia.patch(f"{CLIENTS}/{client['id']}", {"last_name": "Pérez"}, version=1, headers={"X-Foyer-Channel": "console"})
    answer = lucia.patch(f"{CLIENTS}/{client['id']}", {"last_name": "Gómez"}, version=1)
    assert (answer.status_code, answer.json["code"], answer.json["version"]) == (412, "stale", 2)
    (change,) = answer.json["changes"]
    assert (change["actor_name"], change["channel"]) == ("Lucía Ortega", "console")
    assert change["changes"] == {"last_name": ["López García", "Pérez"]}
    assert answer.json["current"]["last_name"] == "Pérez"
    assert lucia.get(f"{CLIENTS}/{client['id']}").json["last_name"] == "Pérez"


def test_a_save_without_a_version_is_asked_for_it(lucia: Caller, register: Register) -> None:
    path = f"{CLIENTS}/{register()['id']}"
    assert lucia.patch(path, {"last_name": "Pérez"}, version=None).status_code == 428
    assert lucia.patch(path, {"last_name": "Pérez"}, version="three").status_code == 400


def test_the_look_for_duplicates_reads_no_table_from_end_to_end_before_the_server_has_counted_it(
    clients: ServiceUnderTest,
) -> None:
    many = "INSERT INTO search_keys (key, client_id) SELECT 'n' || n, gen_random_uuid() FROM generate_series(1, 3000) n"
    with clients.database.transaction() as session:
        session.execute(text(many))
        session.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
        session.execute(text(f"PREPARE look (text[]) AS {LIKELY.replace('%(keys)s', '$1')}"))
        plan = session.scalars(text("EXPLAIN EXECUTE look ('{p612345678,emaria@example.com}')")).all()
        session.execute(text("DEALLOCATE look"))
    assert any("search_keys_pkey" in line for line in plan)
    assert not any("Seq Scan on" in line for line in plan)


@pytest.mark.parametrize(
    ("details", "matches"),
    [
        ({"phones": [{"number": "+34 612345678"}]}, ["phone"]),
        ({"emails": [{"address": "MARIA@example.com"}]}, ["email"]),
        ({"phones": [{"number": "612345678"}], "emails": [{"address": "maria@example.com"}]}, ["email", "phone"]),
    ],
)
def test_a_likely_duplicate_is_a_warning_that_one_may_overrule(
    details: dict, matches: list, lucia: Caller, register: Register
) -> None:
    known = register(**WHOLE)
    answer = lucia.post(CLIENTS, {"first_name": "M."} | details)
    assert (answer.status_code, answer.json["code"]) == (409, "likely_duplicates")
    assert answer.json["duplicates"] == [
        {"id": known["id"], "name": "María del Carmen López García", "matches": matches}
    ]
    assert lucia.post(f"{CLIENTS}?force=true", {"first_name": "M."} | details).status_code == 201


def test_a_number_that_only_ends_the_same_is_no_duplicate(lucia: Caller, register: Register) -> None:
    register(phones=[{"number": "+34612345678"}])
    assert lucia.post(CLIENTS, {"first_name": "M.", "phones": [{"number": "+34712345678"}]}).status_code == 201


def test_a_number_without_a_code_is_of_the_preferred_branch_and_else_of_the_chain(register: Register) -> None:
    assert register(phones=[{"number": "612345678"}])["phones"][0]["number"] == "+34612345678"
    there = register(phones=[{"number": "(305) 555-0123"}], preferred_branch_id=str(MIAMI))
    assert there["phones"][0]["number"] == "+13055550123"


def test_age_counts_in_the_zone_of_the_branch(travel_to, lucia: Caller, register: Register) -> None:
    here = register(birth_date="2008-06-10", preferred_branch_id=str(MADRID))["id"]
    there = register(birth_date="2008-06-10", preferred_branch_id=str(MIAMI))["id"]
    travel_to(datetime(2026, 6, 10, 1, 0, tzinfo=UTC))  # the tenth in Madrid, still the ninth in Miami
    lucia = lucia_again(lucia)
    shown = [lucia.get(f"{CLIENTS}/{client}").json for client in (here, there)]
    assert [(client["age"], client["minor"]) for client in shown] == [(18, False), (17, True)]


def lucia_again(lucia: Caller) -> Caller:
    """With a token that is good after a journey in time."""
    from shared.testing.tokens import token

    return Caller(lucia._client, {"Authorization": f"Bearer {token(*EVERYTHING)}"})


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"birth_date": "2999-01-01"}, "birth_date"),
        ({"birth_date": "1899-12-31"}, "birth_date"),
        ({"birth_date": "yesterday"}, "birth_date"),
        ({"preferred_branch_id": str(UNKNOWN)}, "preferred_branch_id"),
        ({"preferred_branch_id": "Salamanca"}, "preferred_branch_id"),
        ({"referral_method_id": str(UNKNOWN)}, "referral_method_id"),
        ({"referral_method_id": FRIEND}, "referred_by_client_id"),
        ({"referral_method_id": FRIEND, "referred_by_client_id": str(UNKNOWN)}, "referred_by_client_id"),
        ({"referral_method_id": WEB, "referred_by_client_id": str(UNKNOWN)}, "referred_by_client_id"),
        ({"referred_by_client_id": str(UNKNOWN)}, "referred_by_client_id"),
        ({"phones": [{"number": "12"}]}, "phones"),
        ({"phones": [{"number": "612345678"}, {"number": "+34612345678"}]}, "phones"),
        ({"phones": [{"number": "612345678", "type": "fax"}]}, "phones"),
        ({"phones": [{"number": "612345678", "primary": "yes"}]}, "phones"),
        ({"phones": "612345678"}, "phones"),
        ({"emails": [{"address": "maria"}]}, "emails"),
        ({"emails": [{"address": "a@example.com", "primary": True}, {"address": "b@example.com", "primary": True}]},
         "emails"),
        ({"address": {"country_code": "ES", "lines": [], "locality": "Madrid"}}, "address"),
        ({"address": {"country_code": "XX", "lines": ["a"]}}, "address"),
        ({"address": {"country_code": "ES", "lines": ["a"], "locality": "Madrid", "region": "Madrid",
                      "postal_code": "1"}}, "address"),
        ({"gender": "girl"}, "gender"),
        ({"language": "xx"}, "language"),
        ({"first_name": ""}, "first_name"),
        ({"first_name": None}, "first_name"),
        ({"first_name": 7}, "first_name"),
        ({"first_name": "a\u0007b"}, "first_name"),
        ({"first_name": "a" * 101}, "first_name"),
        ({"surname": "López"}, "surname"),
        ({"status_id": WEB}, "status_id"),
    ],
)  # fmt: skip
def test_bad_input_is_named_by_field_and_changes_nothing(
    details: dict, field: str, clients: ServiceUnderTest, lucia: Caller, register: Register
) -> None:
    client = register()
    clients.forget_emitted()
    for answer in (
        lucia.post(CLIENTS, {"first_name": "Ana"} | details),
        lucia.patch(f"{CLIENTS}/{client['id']}", details, version=1),
    ):
        assert answer.status_code == 422, answer.json
        assert field in answer.json["errors"]
        assert answer.mimetype == "application/problem+json"
    assert lucia.get(f"{CLIENTS}/{client['id']}").json == client
    assert clients.rows("SELECT count(*) FROM clients") == [1]
    assert clients.emitted() == []


def test_every_field_that_is_wrong_is_named_at_once(lucia: Caller) -> None:
    wrong = {
        "first_name": "Ana",
        "phones": [{"number": "12"}],
        "emails": [{"address": "x"}],
        "birth_date": "2999-01-01",
        "preferred_branch_id": str(UNKNOWN),
    }
    answer = lucia.post(CLIENTS, wrong)
    assert set(answer.json["errors"]) == {"phones", "emails", "birth_date", "preferred_branch_id"}
    assert answer.json["errors"]["phones"]["0"]["number"]


def test_a_friend_who_referred_is_named_and_goes_with_another_method(lucia: Caller, register: Register) -> None:
    friend, client = register(), register()
    path = f"{CLIENTS}/{client['id']}"
    named = lucia.patch(path, {"referral_method_id": FRIEND, "referred_by_client_id": friend["id"]})
    assert named.json["referred_by_client_id"] == friend["id"]
    assert lucia.patch(path, {"referral_method_id": WEB}).status_code == 422
    assert lucia.patch(path, {"referral_method_id": WEB, "referred_by_client_id": None}).status_code == 200
    itself = {"referral_method_id": FRIEND, "referred_by_client_id": client["id"]}
    assert lucia.patch(path, itself).json["errors"]["referred_by_client_id"]


def test_names_may_be_in_any_script(register: Register) -> None:
    for name in ("Ольга", "محمد", "美咲", "Siobhán", "O’Neill", "ﷺ" * 100, "नेहा"):
        assert register(first_name=name, last_name=name)["first_name"]


def test_who_is_not_there_is_not_found(lucia: Caller) -> None:
    assert lucia.get(f"{CLIENTS}/{UNKNOWN}").status_code == 404
    assert lucia.patch(f"{CLIENTS}/{UNKNOWN}", {"last_name": "Pérez"}).status_code == 404
    assert lucia.get(f"{CLIENTS}/7").status_code == 404


def test_nobody_without_a_token_or_without_the_permission(clients: ServiceUnderTest, register: Register) -> None:
    path = f"{CLIENTS}/{register()['id']}"
    for caller, status in ((clients.anonymous(), 401), (clients.signed_in("directory.read"), 403)):
        assert caller.get(path).status_code == status
        assert caller.post(CLIENTS, {"first_name": "Ana"}).status_code == status
        assert caller.patch(path, {"first_name": "Ana"}).status_code == status


def test_where_the_chain_parts_its_branches_one_sees_those_of_ones_own(service_of) -> None:
    service = service_of("clients", furnish, FOYER_CLIENTS_VISIBILITY="branch")
    everywhere = service.signed_in(*EVERYTHING)
    theirs = everywhere.post(CLIENTS, {"first_name": "Ana", "preferred_branch_id": str(MIAMI)}).json["id"]
    free = everywhere.post(CLIENTS, {"first_name": "Eva"}).json["id"]
    madrid = service.signed_in(*EVERYTHING, branches=[MADRID])
    assert madrid.get(f"{CLIENTS}/{theirs}").status_code == 404
    assert madrid.patch(f"{CLIENTS}/{theirs}", {"last_name": "X"}).status_code == 404
    assert madrid.get(f"{CLIENTS}/{theirs}/dislikes").status_code == 404
    assert madrid.get(f"{CLIENTS}/{free}").status_code == 200
    assert service.signed_in("clients.read", branches=[MIAMI]).get(f"{CLIENTS}/{theirs}").status_code == 200


def test_problems_are_said_in_spanish_too(clients: ServiceUnderTest) -> None:
    lucia = clients.signed_in(*EVERYTHING, language="es")
    answer = lucia.post(CLIENTS, {"first_name": "Ana", "birth_date": "2999-01-01"})
    assert answer.json["errors"]["birth_date"] == ["La fecha de nacimiento no puede estar en el futuro."]
