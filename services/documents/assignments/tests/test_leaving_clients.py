"""Files and forms of a client who is archived, or turns out to be another one twice."""

import pytest

from services.documents.assignments.tests.test_forms_of_clients import ANSWERS, ASSIGNED, FORMS, ME, QUESTIONS, RULES
from services.documents.conftest import CARLOS, MARIA
from services.documents.documents.tests.conftest import PLAIN, ROOT
from shared.contracts import bookings, clients
from shared.contracts.documents import FORM_REMOVED

INTO_CARLOS = {"surviving_id": str(CARLOS)}


@pytest.fixture
def form(lucia):
    """A function that builds a form, and answers its id."""
    return lambda name="Láser": lucia.post(FORMS, {"name": name, "questions": QUESTIONS}).json["id"]


@pytest.fixture
def assign(lucia):
    """A function that assigns a form to María."""
    return lambda form_id: lucia.post(ASSIGNED, {"client_id": str(MARIA), "form_ids": [form_id]})


def assigned(lucia):
    return {each["form_id"]: each["state"] for each in lucia.get(f"{ASSIGNED}?client_id={MARIA}").json["items"]}


@pytest.mark.parametrize(
    ("contract", "data", "code"),
    [(clients.CLIENT_ARCHIVED, {}, "client_archived"), (clients.CLIENT_MERGED, INTO_CARLOS, "client_merged")],
)
def test_nothing_new_comes_to_who_is_archived_or_merged(documents, lucia, form, assign, contract, data, code):
    wanted = form()
    lucia.post(RULES, {"form_id": wanted, "trigger": "booked_service"})
    documents.deliver(contract, data, subject=MARIA, version=9)
    refused = assign(wanted), lucia.post(ROOT, PLAIN | {"name": "DNI.pdf", "size": 10})
    assert [(answer.status_code, answer.json["code"]) for answer in refused] == [(409, code)] * 2
    documents.deliver(bookings.APPOINTMENT_BOOKED, {"client_id": str(MARIA)}, subject=MARIA)
    assert assigned(lucia) == {}


def test_open_forms_of_who_is_merged_are_taken_back_and_what_they_signed_stays_theirs(documents, lucia, form, assign):
    signed, waits = form(), form("Piel")
    done = assign(signed).json["items"][0]["id"]
    assert lucia.post(f"{ASSIGNED}/{done}/submission", {"answers": ANSWERS}, version="*").status_code == 201
    assign(waits)
    documents.deliver(clients.CLIENT_MERGED, INTO_CARLOS, subject=MARIA, version=9)
    assert assigned(lucia) == {signed: "completed"}
    (said,) = documents.emitted(FORM_REMOVED)
    assert (said.data["client_id"], said.data["form_id"]) == (str(MARIA), waits)
    in_the_portal = documents.signed_in(kind="client", id=CARLOS, grants=[])
    assert in_the_portal.get(ME).json["items"] == in_the_portal.get(ROOT + "/me").json["items"] == []


def test_forms_of_who_is_archived_stay_for_them_to_fill_in(documents, lucia, form, assign):
    mine = form()
    assign(mine)
    documents.deliver(clients.CLIENT_ARCHIVED, subject=MARIA, version=9)
    assert assigned(lucia) == {mine: "assigned"}
