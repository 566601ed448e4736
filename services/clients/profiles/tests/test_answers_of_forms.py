"""What a form offers to the profile is taken over when it is right, and audited as the client's."""

from uuid import UUID

from shared.contracts import documents


def offer(clients, client, profile, subject=7):
    data = {"client_id": client["id"], "profile": profile}
    clients.deliver(documents.FORM_COMPLETED, data, subject=UUID(int=subject))


def test_a_number_becomes_the_primary_one_and_the_history_says_so(clients, lucia, register):
    client = register(phones=[{"number": "+34612345678", "type": "home", "primary": True}])
    offer(clients, client, {"phone": "+34 699 00 01 11", "birth_date": "1990-05-17"})
    found = lucia.get(f"/api/v1/clients/{client['id']}").json
    assert [(each["number"], each["primary"]) for each in found["phones"]] == [
        ("+34699000111", True),
        ("+34612345678", False),
    ]
    assert found["birth_date"] == "1990-05-17"
    [entry, _] = lucia.get(f"/api/v1/clients/{client['id']}/changes").json["items"]
    assert (entry["channel"], sorted(entry["changes"])) == ("event", ["birth_date", "phones"])


def test_what_cannot_be_right_leaves_the_profile_as_it_is_and_the_rest_is_taken(clients, lucia, register):
    client = register()
    offer(clients, client, {"phone": "12", "first_name": "Mariana"})
    found = lucia.get(f"/api/v1/clients/{client['id']}").json
    assert (found["first_name"], found["phones"]) == ("Mariana", [])
    offer(clients, client, {}, subject=8)
    assert lucia.get(f"/api/v1/clients/{client['id']}").json["version"] == found["version"]
