"""Cards on file: saved, changed and removed, over HTTP and at the real sandbox."""

from dataclasses import replace

import pytest

from services.memberships.billing.clock import CLOCK
from services.memberships.billing.period import raise_next_period
from services.memberships.cards.agreement import VERSION
from services.memberships.cards.work import forget_removed
from services.memberships.conftest import CARLOS, EVERYTHING, MADRID, MARIA, MIAMI, UNKNOWN, furnish
from services.memberships.gateways.tests.sandbox_process import SandboxProcess
from services.memberships.memberships.models import Membership
from services.memberships.payments import work as payments
from shared.actor import acting
from shared.contracts.memberships import CARD_ADDED, CARD_REMOVED, CARD_UPDATED

CARDS = "/api/v1/memberships/cards"
MARIAS = {"client_id": str(MARIA), "branch_id": str(MADRID), "agreement_version": VERSION}


@pytest.fixture
def save(lucia, sandbox):
    """Saves a test card of María's, and answers what the API shows of it."""

    def one(test_card="accepted", **more):
        answer = lucia.post(CARDS, MARIAS | {"test_card": test_card} | more)
        assert answer.status_code == 201, answer.json
        return answer.json

    return one


@pytest.fixture
def owes(memberships, member):
    """A member whose first period is unpaid, by this card."""

    def one(card_id=None, **facts):
        membership_id = member(card_id=card_id, **facts)
        with acting(CLOCK), memberships.database.transaction() as session:
            raise_next_period(session, session.get_one(Membership, membership_id, with_for_update=True))
        return membership_id

    return one


def shown(lucia, client_id=MARIA):
    return lucia.get(f"{CARDS}?client_id={client_id}").json["items"]


def test_a_card_is_kept_with_the_text_that_the_client_agreed_to(memberships, lucia, save):
    spanish = memberships.signed_in(*EVERYTHING, language="es")
    card = spanish.post(CARDS, MARIAS | {"test_card": "accepted"}).json
    assert (card["brand"], card["last_four"], card["agreement_version"]) == ("visa", "4242", VERSION)
    assert card["agreement"].startswith("Acepto que esta tarjeta")
    assert shown(lucia) == [{name: value for name, value in card.items() if name != "will_charge"}]
    [said] = memberships.emitted(CARD_ADDED)
    assert said.data["last_four"] == "4242" and "token" not in said.data


def test_the_first_card_is_the_default_and_the_others_follow_in_their_order(lucia, save):
    assert [save(name)["is_default"] for name in ("accepted", "slow", "disputed")] == [True, False, False]
    assert [card["position"] for card in shown(lucia)] == [1, 2, 3]


def test_there_is_one_default_whichever_is_made_it(memberships, lucia, save):
    first, second = save(), save("slow")
    answer = lucia.patch(f"{CARDS}/{second['id']}", {"is_default": True, "for_others": True}, version=1)
    assert (answer.json["is_default"], answer.json["for_others"], answer.json["version"]) == (True, True, 2)
    assert {card["id"]: card["is_default"] for card in shown(lucia)} == {first["id"]: False, second["id"]: True}
    assert {event.subject for event in memberships.emitted(CARD_UPDATED)} == {first["id"], second["id"]}
    assert lucia.patch(f"{CARDS}/{second['id']}", {"is_default": False}).status_code == 422


def test_what_the_client_finished_at_the_gateway_is_saved_once(lucia, sandbox):
    begun = lucia.post(f"{CARDS}/setups", {"client_id": str(MARIA), "branch_id": str(MADRID)}).json
    assert begun["url"].endswith(begun["client_secret"]) and begun["agreement"]["version"] == VERSION
    given = MARIAS | {"setup": begun["setup"]}
    assert lucia.post(CARDS, given).json["code"] == "setup_unfinished"
    sandbox.ask("POST", f"/v1/setups/{begun['client_secret']}/finish", behaves="accepted")
    first, again = lucia.post(CARDS, given), lucia.post(CARDS, given)
    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert len(shown(lucia)) == 1


def test_the_setup_of_another_client_is_refused(lucia, sandbox):
    begun = lucia.post(f"{CARDS}/setups", {"client_id": str(CARLOS), "branch_id": str(MADRID)}).json
    sandbox.ask("POST", f"/v1/setups/{begun['client_secret']}/finish", behaves="accepted")
    answer = lucia.post(CARDS, MARIAS | {"setup": begun["setup"]})
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["setup"])


def test_an_agreement_to_a_text_of_yesterday_is_refused(lucia, sandbox):
    answer = lucia.post(CARDS, MARIAS | {"test_card": "accepted", "agreement_version": "2020-01"})
    assert (answer.status_code, answer.json["code"]) == (409, "agreement_changed")


def test_a_new_card_says_first_what_it_will_be_charged_and_then_it_is(memberships, lucia, save, owes):
    membership_id = owes()
    setup = lucia.post(f"{CARDS}/setups", {"client_id": str(MARIA), "branch_id": str(MADRID)}).json
    card = save()
    assert card["will_charge"] == setup["will_charge"]
    assert [(each["membership_id"], each["period"]) for each in card["will_charge"]] == [(str(membership_id), 1)]
    while payments.charge(memberships.database):
        pass
    assert memberships.rows("SELECT state, amount FROM dues") == [("paid", card["will_charge"][0]["amount"])]
    assert save("slow")["will_charge"] == []


def test_a_card_that_is_needed_is_removed_only_for_another(memberships, lucia, save, member):
    first, second = save(), save("slow")
    membership_id = member(card_id=first["id"])
    refused = lucia.delete(f"{CARDS}/{first['id']}")
    assert (refused.status_code, refused.json["code"]) == (409, "card_needed")
    assert [(need["kind"], need["id"]) for need in refused.json["needed_by"]] == [("membership", str(membership_id))]
    assert [card["id"] for card in refused.json["replacements"]] == [second["id"]]
    assert lucia.delete(f"{CARDS}/{first['id']}?replacement={UNKNOWN}").status_code == 422
    assert lucia.delete(f"{CARDS}/{first['id']}?replacement={second['id']}").status_code == 204
    assert [(card["id"], card["is_default"]) for card in shown(lucia)] == [(second["id"], True)]
    assert [str(card) for card in memberships.rows("SELECT card_id FROM memberships")] == [second["id"]]
    assert [event.subject for event in memberships.emitted(CARD_REMOVED)] == [first["id"]]
    assert lucia.delete(f"{CARDS}/{first['id']}").status_code == 404


def test_a_card_is_not_removed_while_a_payment_with_it_is_on_its_way(lucia, save, owes):
    first, second = save("slow"), save()
    owes(card_id=first["id"])
    for choice in ("", f"?replacement={second['id']}"):
        answer = lucia.delete(f"{CARDS}/{first['id']}{choice}")
        assert (answer.status_code, answer.json["code"]) == (409, "payment_on_its_way")


def test_the_debt_of_a_membership_that_has_ended_keeps_its_card(memberships, lucia, save, owes):
    card = save("insufficient_funds")
    owes(card_id=card["id"])
    while payments.charge(memberships.database):
        pass
    with memberships.database.transaction() as session:
        session.query(Membership).update({"lifecycle": "ended"})
    refused = lucia.delete(f"{CARDS}/{card['id']}")
    assert [need["kind"] for need in refused.json["needed_by"]] == ["debt"]


def test_the_gateway_forgets_a_removed_card_as_soon_as_it_answers(memberships, lucia, save, sandbox):
    card = save()
    assert lucia.delete(f"{CARDS}/{card['id']}").status_code == 204
    away = replace(memberships.database.config, sandbox_url="http://127.0.0.1:9")
    here, memberships.database.config = memberships.database.config, away
    assert not forget_removed(memberships.database)
    memberships.database.config = here
    assert forget_removed(memberships.database) and not forget_removed(memberships.database)
    [token] = memberships.rows("SELECT token FROM cards")
    assert sandbox.rows("SELECT removed FROM cards WHERE id = ?", token) == [(1,)]


def test_a_gateway_that_is_down_is_said_in_words_and_nothing_is_kept(service_of, memberships, tmp_path):
    away = SandboxProcess(tmp_path)  # never started
    service = service_of("memberships", furnish, **away.settings)
    lucia = service.signed_in(*EVERYTHING, language="es")
    answer = lucia.post(CARDS, MARIAS | {"test_card": "accepted"})
    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert answer.json["detail"].startswith("El servicio de pagos no responde")
    assert service.rows("SELECT count(*) FROM cards") == [0]


def test_who_may_keep_cards_at_one_branch_keeps_none_at_another(memberships, sandbox):
    reception = memberships.signed_in("memberships.cards.write", branches=[MADRID])
    assert reception.post(CARDS, MARIAS | {"test_card": "accepted", "branch_id": str(MIAMI)}).status_code == 403


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"branch_id": str(UNKNOWN)}, "branch_id"),
        ({"test_card": "none"}, "test_card"),
        ({"number": "4242424242424242"}, "number"),
    ],
)
def test_bad_input_is_a_problem_that_names_its_field(lucia, sandbox, given, field):
    answer = lucia.post(CARDS, MARIAS | {"test_card": "accepted"} | given)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_a_client_whom_nobody_knows_has_no_cards(lucia):
    assert lucia.get(f"{CARDS}?client_id={UNKNOWN}").status_code == 404
