"""What a client sees of what they pay and own, and that it is theirs alone."""

from datetime import timedelta

import pytest

from services.memberships.billing.clock import CLOCK
from services.memberships.billing.period import raise_next_period
from services.memberships.cards.agreement import VERSION
from services.memberships.conftest import CARLOS, MADRID, MARIA, MIAMI, UNKNOWN
from services.memberships.memberships.models import Membership
from services.memberships.payments.activity import STATES
from services.memberships.portal.payments import OUTCOMES
from shared import clock
from shared.actor import acting

ME = "/api/v1/memberships/me"


@pytest.fixture
def maria(memberships):
    return memberships.signed_in(kind="client", id=MARIA, grants=[])


@pytest.fixture
def carlos(memberships):
    return memberships.signed_in(kind="client", id=CARLOS, grants=[])


def test_a_client_sees_their_memberships_with_the_next_payment_and_none_of_what_is_for_staff(maria, carlos, member):
    later = clock.today("Europe/Madrid") + timedelta(days=9)
    member(note="Se queja siempre", next_due_on=later)
    answer = maria.get(ME)
    [shown] = answer.json["items"]
    assert (shown["plan_name"], shown["label"], shown["pays"]) == ("Mensual Facial", "active", True)
    assert (shown["next_payment_on"], shown["next_payment_amount"]) == (later.isoformat(), 4900)
    assert not [word for word in ("Se queja", "Ortega", "warnings", "note", "employee") if word in answer.text]
    assert carlos.get(ME).json["items"] == []


def test_who_pays_for_another_sees_the_money_and_the_member_does_not(memberships, maria, carlos, member, card):
    membership = member(payer_id=CARLOS, card_id=card(client_id=CARLOS), standing="past_due")
    [paid] = carlos.get(ME).json["items"]
    assert (paid["client_name"], paid["label"], paid["card"]["last_four"]) == ("María López", "past_due", "4242")
    [had] = maria.get(ME).json["items"]
    assert (had["label"], had["card"], had["pays"]) == ("active", None, False)
    assert carlos.get(f"{ME}/{membership}/payments").status_code == 200
    assert maria.get(f"{ME}/{membership}/payments").status_code == 404


def test_every_state_of_a_payment_has_words_for_the_client():
    assert OUTCOMES.keys() == STATES.keys()


def test_a_failed_payment_is_told_in_plain_words(memberships, maria, member, lucia, card):
    from services.memberships.payments.work import DUTIES

    membership = member(card_id=card("insufficient_funds"))
    lucia.post(f"/api/v1/memberships/{membership}/process", {"period": 1})
    for duty in DUTIES:
        while duty.run(memberships.database):
            pass
    answer = maria.get(f"{ME}/{membership}/payments")
    [tried] = answer.json["items"]
    assert (tried["outcome"], tried["why"]) == ("failed", "There was not enough money on the card.")
    assert "Ortega" not in answer.text
    assert "insufficient_funds" not in answer.text


def test_a_client_chooses_which_of_their_own_cards_pays(memberships, maria, carlos, member, card):
    membership = member(card_id=card())
    other, foreign = card("slow", position=2), card(client_id=CARLOS)
    path = f"{ME}/{membership}/card"

    def pay_with(who, card_id):
        return who.request("PUT", path, json={"card_id": str(card_id)}, key="k" * 20 + str(card_id)[-6:])

    assert pay_with(maria, other).json["card"]["id"] == str(other)
    assert pay_with(maria, foreign).status_code == 404
    assert pay_with(carlos, foreign).status_code == 404
    assert maria.put(f"{ME}/cards/{other}/default").json["is_default"] is True
    assert maria.put(f"{ME}/cards/{foreign}/default").status_code == 404
    listed = {row["id"] for row in maria.get(f"{ME}/cards").json["items"]}
    assert str(foreign) not in listed
    assert len(listed) == 2


@pytest.fixture
def finished(sandbox):
    """A function that begins a setup as a client, chooses a test card in the gateway's form, and answers the setup."""

    def one(who, behaves="accepted", **given):
        begun = who.post(f"{ME}/cards/setups", given)
        assert begun.status_code == 201, begun.json
        sandbox.ask("POST", f"/v1/setups/{begun.json['client_secret']}/finish", behaves=behaves)
        return begun.json["setup"]

    return one


def test_a_client_adds_a_card_by_themselves_and_the_same_setup_again_adds_none(memberships, maria, lucia, finished):
    sent = {"setup": finished(maria), "agreement_version": VERSION, "for_others": True}
    first, again = maria.post(f"{ME}/cards", sent), maria.post(f"{ME}/cards", sent)
    assert (first.status_code, first.json) == (again.status_code, again.json) == (201, first.json)
    assert (first.json["last_four"], first.json["is_default"], first.json["will_charge"]) == ("4242", True, [])
    [seen] = lucia.get(f"/api/v1/memberships/cards?client_id={MARIA}").json["items"]
    assert (seen["id"], seen["agreement_version"], seen["for_others"]) == (first.json["id"], VERSION, True)
    assert seen["agreement"].startswith("I agree that this card is kept")
    [entry] = memberships.rows(f"SELECT actor, channel FROM audit WHERE row_id = '{seen['id']}'")
    assert tuple(entry) == (f"client:{MARIA}", "portal")


def test_the_setup_of_another_client_is_none(maria, carlos, finished):
    sent = {"setup": finished(carlos), "agreement_version": VERSION}
    assert maria.post(f"{ME}/cards", sent).status_code == 404
    assert maria.get(f"{ME}/cards").json["items"] == carlos.get(f"{ME}/cards").json["items"] == []


def test_no_card_is_kept_that_was_not_finished_or_not_agreed_to(maria, sandbox, finished):
    begun = maria.post(f"{ME}/cards/setups", {}).json["setup"]
    unfinished = maria.post(f"{ME}/cards", {"setup": begun, "agreement_version": VERSION})
    assert (unfinished.status_code, unfinished.json["code"]) == (409, "setup_unfinished")
    setup = finished(maria)
    silent = maria.post(f"{ME}/cards", {"setup": setup})
    assert (silent.status_code, list(silent.json["errors"])) == (422, ["agreement_version"])
    old = maria.post(f"{ME}/cards", {"setup": setup, "agreement_version": "2020-01"})
    assert (old.status_code, old.json["code"]) == (409, "agreement_changed")
    for name, value in (("client_id", str(CARLOS)), ("test_card", "accepted")):
        more = maria.post(f"{ME}/cards", {"setup": setup, "agreement_version": VERSION, name: value})
        assert (more.status_code, list(more.json["errors"])) == (422, [name])
    assert maria.get(f"{ME}/cards").json["items"] == []


def test_a_card_is_kept_where_the_membership_is_paid_that_it_is_for(
    memberships, maria, carlos, member, policy, finished
):
    policy(MIAMI, account="florida")
    member()
    abroad = member(branch_id=MIAMI, collection="waits_for_card")

    def account_of_new_card(**given):
        sent = {"setup": finished(maria, **given), "agreement_version": VERSION, **given}
        card = maria.post(f"{ME}/cards", sent).json["id"]
        return memberships.rows(f"SELECT account FROM cards WHERE id = '{card}'")

    assert account_of_new_card() == ["florida"]  # where something is owed
    assert account_of_new_card(membership_id=str(abroad)) == ["florida"]
    assert account_of_new_card(membership_id=str(member())) == ["main"]
    for who, other in ((carlos, abroad), (maria, UNKNOWN)):
        assert who.post(f"{ME}/cards/setups", {"membership_id": str(other)}).status_code == 404


def test_a_membership_that_waits_for_a_card_takes_the_one_that_the_client_adds(memberships, maria, member, finished):
    membership = member(collection="waits_for_card")
    with acting(CLOCK), memberships.database.transaction() as session:
        raise_next_period(session, session.get_one(Membership, membership, with_for_update=True))
    [told] = maria.post(f"{ME}/cards/setups", {"membership_id": str(membership)}).json["will_charge"]
    card = maria.post(f"{ME}/cards", {"setup": finished(maria), "agreement_version": VERSION}).json
    assert (told["amount"], card["will_charge"]) == (4900, [told])
    [shown] = maria.get(ME).json["items"]
    assert shown["card"]["id"] == card["id"]


def test_gift_cards_show_what_is_left_and_never_a_code(maria, carlos, lucia):
    sold = {"amount": 5000, "branch_id": str(MADRID), "buyer_id": str(MARIA), "holder_id": str(CARLOS),
            "tender": "cash"}  # fmt: skip
    made = lucia.post("/api/v1/memberships/gift-cards", sold).json
    for who, bought in ((maria, True), (carlos, False)):
        answer = who.get(f"{ME}/gift-cards")
        [shown] = answer.json["items"]
        assert (shown["bought"], shown["balance"], shown["last_four"]) == (bought, 5000, made["last_four"])
        assert made["code"] not in answer.text
        assert made["code"].replace("-", "").replace(" ", "") not in answer.text


def test_a_balance_is_shown_without_what_staff_wrote(maria, carlos, lucia):
    sent = {"kind": "added", "amount": 1500, "currency": "EUR", "description": "Por su queja", "branch_id": str(MADRID)}
    assert lucia.post(f"/api/v1/memberships/balances/{MARIA}/movements", sent).status_code == 201
    answer = maria.get(f"{ME}/balances")
    assert answer.json["items"] == [{"currency": "EUR", "amount": 1500}]
    assert "queja" not in answer.text
    assert carlos.get(f"{ME}/balances").json["items"] == []


def test_it_is_for_clients_only(lucia, memberships):
    for path in ("", "/credits", "/gift-cards", "/balances", "/cards"):
        assert lucia.get(f"{ME}{path}").status_code == 403
        assert memberships.anonymous().get(f"{ME}{path}").status_code == 401
