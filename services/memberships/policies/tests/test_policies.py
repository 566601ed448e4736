from services.memberships.conftest import MADRID, MIAMI, UNKNOWN
from services.memberships.policies import actions

CHAIN = "/api/v1/memberships/policies"
SPAIN = [{"category": "standard", "rate": "21", "since": "2012-09-01"}]


def test_a_branch_overrides_the_chain_and_the_chain_the_defaults(memberships, lucia):
    assert lucia.put(CHAIN, {"charge_hour": 9, "arrears": "none"}).status_code == 200
    answer = lucia.put(f"{CHAIN}/{MADRID}", {"charge_hour": 10, "taxes": SPAIN})
    assert (answer.json["own"], answer.headers["ETag"]) == ({"charge_hour": 10, "taxes": SPAIN}, '"1"')
    in_force = answer.json["in_force"]
    assert (in_force["charge_hour"], in_force["arrears"], in_force["cooling_off_days"]) == (10, "none", 14)
    with memberships.database.transaction() as session:
        assert actions.policy_of(session, MADRID).taxes[0].rate == "21"
        assert actions.policy_of(session, MIAMI).charge_hour == 9
    assert lucia.get(f"{CHAIN}/{MIAMI}").json["own"] == {}


def test_two_who_change_it_at_once_do_not_undo_each_other(lucia):
    assert lucia.put(CHAIN, {"charge_hour": 9}, version=0).status_code == 200
    late = lucia.put(CHAIN, {"charge_hour": 7}, version=0)
    assert late.status_code == 412
    assert late.json["changes"][0]["changes"] == {"charge_hour": [None, 9]}
    assert lucia.put(CHAIN, {"charge_hour": 7}, version=None).status_code == 428


def test_rules_that_do_not_suit_each_other_are_refused_by_field(lucia):
    for given, field in (
        ({"retry_days": [1], "attempts_before_suspension": 3}, "attempts_before_suspension"),
        ({"gift_card_months": 6}, "gift_card_months"),
        ({"taxes": SPAIN * 2}, "taxes"),
        ({"charge_hour": 24}, "charge_hour"),
        ({"taxes": [SPAIN[0] | {"rate": "a lot"}]}, "taxes"),
        ({"surprise": 1}, "surprise"),
    ):
        answer = lucia.put(CHAIN, given)
        assert (answer.status_code, list(answer.json["errors"])) == (422, [field])
    assert lucia.get(CHAIN).json["own"] == {}


def test_a_change_of_the_chain_that_breaks_a_branchs_rules_is_refused(lucia):
    assert lucia.put(f"{CHAIN}/{MADRID}", {"attempts_before_suspension": 5}).status_code == 200
    assert lucia.put(CHAIN, {"retry_days": [1, 3]}).status_code == 422


def test_only_who_may_changes_it_and_an_unknown_branch_is_not_there(memberships, lucia):
    of_madrid = memberships.signed_in("memberships.policies.write", "memberships.read", branches=[MADRID])
    assert of_madrid.put(f"{CHAIN}/{MADRID}", {}).status_code == 200
    assert of_madrid.put(f"{CHAIN}/{MIAMI}", {}).status_code == 403
    assert of_madrid.put(CHAIN, {}).status_code == 403
    assert lucia.put(f"{CHAIN}/{UNKNOWN}", {}).status_code == 404
    assert lucia.get(f"{CHAIN}/{UNKNOWN}").status_code == 404
