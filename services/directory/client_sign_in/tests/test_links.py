"""The client's way in: a link that is good once, for a while, in one browser, and tells nobody who is known."""

from datetime import timedelta
from time import perf_counter
from uuid import UUID, uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from shared import clock
from shared.contracts import clients
from shared.contracts.directory import SESSION_ENDED
from shared.demo_ids import demo_id

ROOT = "/api/v1/directory"
LINKS = f"{ROOT}/client-links"
BROWSER, ANOTHER = "b" * 32, "a" * 32
MARIA, PEDRO = uuid4(), uuid4()
OVER = "link_over"


@pytest.fixture
def portal(directory):
    """The machine that shows the portal, and María, whom an e-mail and a telephone reach."""
    known(directory, MARIA, "maria@example.com", "+34612345678")
    return directory.signed_in("directory.sessions.open", kind="machine", id=demo_id("machine", "web"))


def known(directory, client_id, email, phone, version=1, **more):
    said = {
        "first_name": "María", "middle_name": "", "last_name": "López", "language": "es", "archived": False,
        "emails": [{"address": email, "primary": True}],
        "phones": [{"number": phone, "type": "mobile", "primary": True}],
    }  # fmt: skip
    directory.deliver(clients.CLIENT_UPDATED, said | more, subject=client_id, version=version)


def ask(portal, contact="maria@example.com", browser=BROWSER, address="203.0.113.7"):
    return portal.post(LINKS, {"contact": contact, "browser": browser, "address": address})


def redeem(portal, link, browser=BROWSER, **more):
    sent = {"link": link, "browser": browser, "address": "203.0.113.7", **more}
    return portal.post(f"{LINKS}/redemption", sent)


def claims(directory, token):
    keys = directory.anonymous().get(f"{ROOT}/jwks").json
    return jwt.decode(token, KeySet.import_key_set(keys), algorithms=["Ed25519"]).claims


def test_a_link_lets_the_client_in_once_and_grants_nothing_else(directory, portal):
    link = ask(portal, "MARIA@example.com").json["link"]
    answer = redeem(portal, link)
    assert answer.status_code == 200, answer.json
    assert answer.json["people"] == [{"client_id": str(MARIA), "name": "María López", "language": "es"}]
    said = claims(directory, answer.json["access_token"])
    assert (said["sub"], said["grants"]) == (f"client:{MARIA}", [])
    assert redeem(portal, link).json["code"] == OVER


def test_a_link_is_over_after_a_quarter_of_an_hour(portal, travel_to):
    link = ask(portal).json["link"]
    travel_to(clock.now() + timedelta(minutes=15, seconds=1))
    assert redeem(portal_again(portal), link).json["code"] == OVER


def test_who_looks_at_a_link_does_not_use_it_up(portal):
    link = ask(portal).json["link"]
    for browser, needed in ((BROWSER, False), (ANOTHER, True), (BROWSER, False)):
        looked = portal.post(f"{LINKS}/look", {"link": link, "browser": browser})
        assert looked.json == {"code_needed": needed}
    assert redeem(portal, link).status_code == 200


def test_another_browser_needs_the_code_that_the_first_one_shows(portal):
    asked = ask(portal).json
    refused = redeem(portal, asked["link"], ANOTHER)
    assert (refused.status_code, refused.json["code"]) == (422, "code_needed")
    assert redeem(portal, asked["link"], ANOTHER, code=asked["code"]).status_code == 200


def test_a_code_is_guessed_five_times_at_most(portal):
    asked = ask(portal).json
    wrong = f"{(int(asked['code']) + 1) % 10**6:06}"
    for _ in range(5):
        assert redeem(portal, asked["link"], ANOTHER, code=wrong).status_code == 422
    assert redeem(portal, asked["link"], ANOTHER, code=asked["code"]).status_code == 429


def test_the_code_is_of_no_use_without_the_link(portal):
    asked = ask(portal).json
    assert redeem(portal, "x" * 43, ANOTHER, code=asked["code"]).json["code"] == OVER


@pytest.mark.parametrize("unknown", ["nobody@example.com", "+34699999999", "not a number", "@", "12"])
def test_nobody_learns_whether_an_address_is_known(portal, unknown):
    known, other = ask(portal), ask(portal, unknown)
    assert known.status_code == other.status_code == 202
    assert known.json.keys() == other.json.keys()
    assert [len(answer.json["link"]) for answer in (known, other)] == [43, 43]
    assert other.json["recipient"] is None
    look = [portal.post(f"{LINKS}/look", {"link": one.json["link"], "browser": BROWSER}).json for one in (known, other)]
    assert look[0] == look[1]
    assert redeem(portal, other.json["link"]).json["code"] == OVER


def test_an_unknown_address_takes_as_long_as_a_known_one(portal, monkeypatch):
    monkeypatch.setattr("services.directory.sign_in.attempts.MOST_PER_NAME", 1000)
    monkeypatch.setattr("services.directory.sign_in.attempts.MOST_PER_ADDRESS", 1000)

    def seconds(contact):
        began = perf_counter()
        ask(portal, contact)
        return perf_counter() - began

    seconds("maria@example.com")
    both = [(seconds("maria@example.com"), seconds("nobody@example.com")) for _ in range(25)]
    known, unknown = (min(times) for times in zip(*both, strict=True))
    assert abs(known - unknown) < 0.5 * known


def test_who_asks_too_often_waits_whether_or_not_the_address_is_known(portal):
    for contact in ("maria@example.com", "nobody@example.com"):
        assert [ask(portal, contact).status_code for _ in range(6)] == [202] * 5 + [429]
    # The same number written in other ways is the same number.
    assert [ask(portal, each).status_code for each in ("612 345 678", "612345678", "612-345678") * 2][5] == 429


def test_the_portals_attempts_do_not_keep_reception_out(directory, portal, monkeypatch):
    monkeypatch.setattr("services.directory.sign_in.attempts.MOST_PER_ADDRESS", 2)
    for contact in ("a@example.com", "b@example.com", "c@example.com"):
        ask(portal, contact, address="127.0.0.1")
    typed = {"grant_type": "password", "username": "reception", "password": "foyer-demo"}
    assert directory.anonymous().post(f"{ROOT}/tokens", typed).status_code == 200


def test_a_telephone_without_its_country_reaches_those_of_the_first_country_only(directory, portal):
    abroad = uuid4()
    known(directory, abroad, "john@example.com", "+1612345678")
    asked = ask(portal, "612 34 56 78").json
    assert asked["recipient"]["to"] == "+34612345678"
    assert asked["recipient"]["by"] == "sms"
    assert asked["recipient"]["client_ids"] == [str(MARIA)]


def test_an_address_of_several_clients_opens_a_choice(directory, portal):
    known(directory, PEDRO, "maria@example.com", "+34611111111", first_name="Pedro")
    answer = redeem(portal, ask(portal).json["link"]).json
    assert sorted(one["name"] for one in answer["people"]) == ["María López", "Pedro López"]
    assert "access_token" not in answer

    def choose(client_id, browser=BROWSER):
        sent = {"choice": answer["choice"], "browser": browser, "client_id": str(client_id)}
        return portal.post(f"{LINKS}/choice", sent)

    assert choose(uuid4()).status_code == 422
    assert choose(PEDRO, ANOTHER).status_code == 404
    chosen = choose(PEDRO)
    assert claims(directory, chosen.json["access_token"])["sub"] == f"client:{PEDRO}"
    assert choose(PEDRO).status_code == 404


def test_only_hashes_of_a_link_are_kept(directory, portal):
    asked = ask(portal).json
    [row] = directory.rows("SELECT client_links::text FROM client_links")
    assert asked["link"] not in row
    assert asked["code"] not in row
    assert BROWSER not in row


@pytest.mark.parametrize(
    ("contract", "said"),
    [
        (clients.CLIENT_ARCHIVED, {}),
        (clients.CLIENT_MERGED, {}),
        (clients.CLIENT_ERASED, {}),
        (clients.CLIENT_STATED, {"archived": True}),
    ],
)
def test_a_client_who_is_archived_merged_or_erased_is_signed_out_everywhere(directory, portal, contract, said):
    pending, opened = ask(portal).json["link"], redeem(portal, ask(portal).json["link"]).json
    me = directory.with_token(opened["access_token"])
    assert me.get(f"{ROOT}/me").json["kind"] == "client"
    directory.deliver(contract, said, subject=MARIA, version=5)
    directory.look_again()
    assert me.get(f"{ROOT}/me").status_code == 401
    renewal = {"refresh_token": opened["refresh_token"]}
    assert portal.post(f"{ROOT}/client-sessions/renewal", renewal).status_code == 401
    assert redeem(portal, pending).json["code"] == OVER
    [ended] = directory.emitted(SESSION_ENDED)
    assert UUID(ended.data["session_id"]) == UUID(claims(directory, opened["access_token"])["sid"])


def test_an_archiving_that_was_taken_back_before_it_arrived_ends_nothing(directory, portal):
    known(directory, MARIA, "maria@example.com", "+34612345678", version=7)
    redeem(portal, ask(portal).json["link"])
    directory.deliver(clients.CLIENT_ARCHIVED, subject=MARIA, version=6)
    assert directory.emitted(SESSION_ENDED) == []


def test_a_session_is_renewed_until_it_rests_or_is_two_weeks_old(portal, travel_to):
    renewal = {"refresh_token": redeem(portal, ask(portal).json["link"]).json["refresh_token"]}
    statuses = []
    for _ in range(15):
        travel_to(clock.now() + timedelta(hours=23))
        statuses.append(portal_again(portal).post(f"{ROOT}/client-sessions/renewal", renewal).status_code)
    assert statuses == [200] * 14 + [401]


def portal_again(portal):
    """Its next token, since it travels too."""
    from shared.testing.tokens import token

    fresh = token("directory.sessions.open", kind="machine", id=demo_id("machine", "web"))
    portal._headers["Authorization"] = f"Bearer {fresh}"
    return portal


def test_who_signs_out_is_refused_at_once(directory, portal):
    opened = redeem(portal, ask(portal).json["link"]).json
    me = directory.with_token(opened["access_token"])
    assert me.delete(f"{ROOT}/client-sessions/current", version=None).status_code == 204
    directory.look_again()
    assert me.get(f"{ROOT}/me").status_code == 401
    renewal = {"refresh_token": opened["refresh_token"]}
    assert portal.post(f"{ROOT}/client-sessions/renewal", renewal).status_code == 401


@pytest.mark.parametrize("made_up", ["x", "8d0f5c1e-6a0c-4a57-9d0b-2f4de1f6a1b2.x", "."])
def test_a_made_up_means_of_renewal_is_refused(portal, made_up):
    assert portal.post(f"{ROOT}/client-sessions/renewal", {"refresh_token": made_up}).status_code == 401


def test_only_the_portals_own_machine_asks_for_links(directory, portal):
    sent = {"contact": "maria@example.com", "browser": BROWSER, "address": "203.0.113.7"}
    assert directory.signed_in("clients.read").post(LINKS, sent).status_code == 403
    assert directory.anonymous().post(LINKS, sent).status_code == 401


def test_what_nobody_needs_any_more_is_forgotten(directory, portal, travel_to):
    from services.directory.client_sign_in.work import DUTIES

    redeem(portal, ask(portal).json["link"])
    ask(portal)
    travel_to(clock.now() + timedelta(days=16))
    for duty in DUTIES:
        assert duty.run(directory.database) is False
    assert directory.rows("SELECT count(*) FROM client_links") == [0]
    assert directory.rows("SELECT count(*) FROM client_sessions") == [0]
