"""P13 to P17: forms are built, assigned by hand and by rules, filled in, signed, proved, and expire."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
import time_machine
from PIL import Image
from sqlalchemy import text

from services.documents.assignments.work import expire_completed
from services.documents.conftest import CARLOS, EVERYTHING, MADRID, MARIA, PEELING
from services.documents.papers.verifying import prove
from services.documents.papers.work import print_papers
from services.documents.stores.open import store
from shared.contracts import bookings, clients, memberships
from shared.contracts import documents as said
from shared.testing.service import Caller, ServiceUnderTest

FORMS, RULES, ASSIGNED = (f"/api/v1/documents/{room}" for room in ("forms", "form-rules", "form-assignments"))
ME, HANDOVERS = "/api/v1/documents/me/forms", "/api/v1/documents/handovers"
SIGNATURE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAFUlEQVR4nGP8//8/A27AhEduBEsD"
    "AKXjAxF9kqZqAAAAAElFTkSuQmCC"
)
QUESTIONS: list[dict[str, Any]] = [
    {"key": "intro", "type": "heading", "label": {"es": "Antes de empezar", "en": "Before we begin"}},
    {"key": "phone", "type": "text", "label": {"es": "Teléfono"}, "profile": "phone", "updates_profile": True},
    {"key": "pregnant", "type": "yes_no", "label": {"es": "¿Está embarazada?"}, "required": True},
    {
        "key": "weeks", "type": "number", "label": {"es": "¿De cuántas semanas?"}, "required": True,
        "shown_if": {"question": "pregnant", "answer": "yes"},
    },
    {"key": "sign", "type": "signature", "label": {"es": "Firma"}, "required": True},
]  # fmt: skip
ANSWERS = {"phone": "+34 699 000 111", "pregnant": True, "weeks": 12, "sign": SIGNATURE}

Build = Callable[..., dict[str, Any]]


@pytest.fixture
def build(lucia: Caller) -> Build:
    def one(**more: Any) -> dict[str, Any]:
        given = {"name": "Consentimiento de láser", "names": {"en": "Laser consent"}, "questions": QUESTIONS} | more
        answer = lucia.post(FORMS, given)
        assert answer.status_code == 201, answer.json
        return answer.json

    return one


def assign(lucia: Caller, form: dict[str, Any], client_id: UUID = MARIA) -> dict[str, Any]:
    answer = lucia.post(ASSIGNED, {"client_id": str(client_id), "form_ids": [form["id"]]})
    assert answer.status_code == 201, answer.json
    return answer.json["items"][0]


def forms_of(lucia: Caller, client_id: UUID = MARIA) -> list[dict[str, Any]]:
    return lucia.get(f"{ASSIGNED}?client_id={client_id}").json["items"]


def as_maria(documents: ServiceUnderTest) -> Caller:
    return documents.signed_in(kind="client", id=MARIA, grants=[])


def sign(documents: ServiceUnderTest, assignment_id: str, answers: dict[str, Any] = ANSWERS) -> Any:
    maria = as_maria(documents)
    version = maria.post(f"{ME}/{assignment_id}/opening").json["version"]
    body = {"answers": answers, "browser": "Firefox"}
    return maria.post(f"{ME}/{assignment_id}/submission", body, version=f'"{version}"')


def test_other_questions_are_a_new_version_and_who_has_the_old_one_keeps_it(lucia: Caller, build: Build) -> None:
    form = build()
    mine = assign(lucia, form)
    changed = lucia.patch(f"{FORMS}/{form['id']}", {"questions": QUESTIONS[1:]}, version="*").json
    assert (changed["number"], len(changed["questions"])) == (2, 4)
    assert lucia.get(f"{ASSIGNED}/{mine['id']}").json["number"] == 1
    assert len(lucia.get(f"{FORMS}/{form['id']}/versions/1").json["questions"]) == 5
    same = lucia.patch(f"{FORMS}/{form['id']}", {"questions": QUESTIONS[1:]}, version="*").json
    assert same["number"] == 2


def test_questions_that_do_not_fit_are_named_by_their_place(lucia: Caller) -> None:
    wrong = [QUESTIONS[2], {**QUESTIONS[3], "shown_if": {"question": "pregnant", "answer": "perhaps"}}]
    answer = lucia.post(FORMS, {"name": "x", "questions": wrong})
    assert answer.status_code == 422
    assert list(answer.json["errors"]["questions"]) == ["1"]
    assert lucia.get(FORMS).json["items"] == []


def test_a_form_is_assigned_once_while_it_is_open(lucia: Caller, build: Build, documents: ServiceUnderTest) -> None:
    form = build()
    mine = assign(lucia, form)
    again = lucia.post(ASSIGNED, {"client_id": str(MARIA), "form_ids": [form["id"]]})
    assert (again.status_code, again.json["code"]) == (409, "form_open")
    [event] = documents.emitted(said.FORM_ASSIGNED)
    assert event.data["form_name"] == "Consentimiento de láser"
    assert lucia.delete(f"{ASSIGNED}/{mine['id']}", version="*").status_code == 204
    assert forms_of(lucia) == []
    assert assign(lucia, form)["state"] == "assigned"


def test_what_was_typed_is_there_later_and_what_was_signed_is_frozen(
    lucia: Caller, build: Build, documents: ServiceUnderTest
) -> None:
    mine = assign(lucia, build(valid_months=12))
    maria = as_maria(documents)
    opened = maria.post(f"{ME}/{mine['id']}/opening").json
    version = f'"{opened["version"]}"'
    saved = maria.put(f"{ME}/{mine['id']}/draft", {"answers": {"pregnant": True, "weeks": "x"}}, version=version)
    assert saved.json["version"] > opened["version"]
    assert maria.put(f"{ME}/{mine['id']}/draft", {"answers": {}}, version=version).status_code == 412
    assert maria.post(f"{ME}/{mine['id']}/opening").json["answers"]["pregnant"] is True

    refused = sign(documents, mine["id"], {"pregnant": True})
    assert (refused.status_code, sorted(refused.json["errors"]["answers"])) == (422, ["sign", "weeks"])
    assert sign(documents, mine["id"]).status_code == 204
    frozen = lucia.delete(f"{ASSIGNED}/{mine['id']}", version="*")
    assert (frozen.status_code, frozen.json["code"]) == (409, "form_completed")
    assert maria.put(f"{ME}/{mine['id']}/draft", {"answers": {}}, version="*").status_code == 409

    found = lucia.get(f"{ASSIGNED}/{mine['id']}/answers").json
    assert found["answers"]["weeks"] == 12
    assert (found["signed_by"], found["browser"]) == (f"client:{MARIA}", "Firefox")
    [event] = documents.emitted(said.FORM_COMPLETED)
    assert event.data["profile"] == {"phone": "+34 699 000 111"}
    assert "weeks" not in str(event.data)
    [reading] = lucia.get(f"{ASSIGNED}/{mine['id']}/readings").json["items"]
    assert (reading["how"], reading["actor_name"]) == ("answers", "Lucía Ortega")


def test_the_paper_shows_answers_signature_and_hash_and_verify_proves_it(
    lucia: Caller, build: Build, documents: ServiceUnderTest
) -> None:
    mine = assign(lucia, build())
    sign(documents, mine["id"])
    assert lucia.get(f"{ASSIGNED}/{mine['id']}/paper").status_code == 409
    assert print_papers(documents.database)
    assert not print_papers(documents.database)
    shown = lucia.get(f"{ASSIGNED}/{mine['id']}").json
    paper = lucia.get(f"{ASSIGNED}/{mine['id']}/paper")
    assert hashlib.sha256(paper.data).hexdigest() == shown["paper_sha256"]
    page = pypdfium2.PdfDocument(paper.data)[0].get_textpage().get_text_range()
    for words in ("Consentimiento de láser", "María López", "¿De cuántas semanas?", "12", "Firefox", "Salamanca"):
        assert words in page
    own = as_maria(documents).get(f"{ME}/{mine['id']}/paper")
    assert own.data == paper.data

    kept = store(documents.config)
    assert (prove(documents.database, kept).signed, prove(documents.database, kept).changed) == (1, [])
    with documents.database.transaction() as session:
        session.execute(text("UPDATE form_submissions SET answers = jsonb_set(answers, '{weeks}', '13')"))
    assert prove(documents.database, kept).changed == [UUID(mine["id"])]


def test_a_picture_of_a_form_is_kept_as_a_picture_and_stands_on_the_paper(
    lucia: Caller, documents: ServiceUnderTest
) -> None:
    def send(content: bytes) -> Any:
        return lucia.request("POST", f"{FORMS}/images", data=content, content_type="application/octet-stream")

    drawn = BytesIO()
    Image.effect_noise((900, 600), 60).save(drawn, "JPEG", quality=95)
    picture = send(drawn.getvalue()).json
    assert send(drawn.getvalue()).json["id"] == picture["id"]
    for wrong in (b"<svg/>", b"", b"%PDF-1.7", bytes(2_000_001)):
        assert send(wrong).status_code == 422, wrong[:10]
    shown = documents.anonymous().get(f"{FORMS}/images/{picture['id']}")
    assert (shown.status_code, shown.data[:4]) == (200, b"\x89PNG")

    body = {"key": "body", "type": "image", "label": {"es": "Zonas"}, "image_id": picture["id"]}
    form = lucia.post(FORMS, {"name": "Con imagen", "questions": [body, *QUESTIONS]}).json
    sign(documents, assign(lucia, form)["id"])
    assert print_papers(documents.database)
    [mine] = forms_of(lucia)
    page = pypdfium2.PdfDocument(lucia.get(f"{ASSIGNED}/{mine['id']}/paper").data)[0]
    assert sum(1 for _ in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])) == 2  # and the signature


def test_a_form_that_is_taken_back_ends_on_the_tablet_too(
    lucia: Caller, build: Build, documents: ServiceUnderTest
) -> None:
    mine = assign(lucia, build())
    token = lucia.post(f"{ASSIGNED}/{mine['id']}/handover").json["token"]
    lucia.delete(f"{ASSIGNED}/{mine['id']}", version="*")
    assert documents.anonymous().get(f"{HANDOVERS}/{token}").status_code == 404


def test_a_retired_form_is_not_assigned_by_its_rule(lucia: Caller, build: Build, documents: ServiceUnderTest) -> None:
    form = build()
    rule(lucia, form, "booked_service")
    lucia.patch(f"{FORMS}/{form['id']}", {"active": False}, version="*")
    book(documents, 1)
    assert forms_of(lucia) == []


def test_a_tablet_opens_one_form_and_nothing_else(lucia: Caller, build: Build, documents: ServiceUnderTest) -> None:
    mine = assign(lucia, build())
    handed = lucia.post(f"{ASSIGNED}/{mine['id']}/handover").json
    nobody, place = documents.anonymous(), f"{HANDOVERS}/{handed['token']}"
    shown = nobody.get(place)
    assert shown.json["form_name"] == "Consentimiento de láser"
    version = shown.headers["ETag"]
    assert nobody.post(f"{place}/submission", {"answers": ANSWERS}, version=version).status_code == 204
    assert nobody.get(place).status_code == 404
    found = lucia.get(f"{ASSIGNED}/{mine['id']}/answers").json
    assert (found["signed_by"], found["handed_over_by_name"]) == (f"client:{MARIA}", "Lucía Ortega")
    assert nobody.get(f"{HANDOVERS}/made-up").status_code == 404


def test_a_handover_is_over_after_two_hours(lucia: Caller, build: Build, documents: ServiceUnderTest) -> None:
    mine = assign(lucia, build())
    token = lucia.post(f"{ASSIGNED}/{mine['id']}/handover").json["token"]
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2, minutes=1), tick=False):
        assert documents.anonymous().get(f"{HANDOVERS}/{token}").status_code == 404


def test_another_client_sees_nothing_of_it(lucia: Caller, build: Build, documents: ServiceUnderTest) -> None:
    mine = assign(lucia, build())
    carlos = documents.signed_in(kind="client", id=CARLOS, grants=[])
    assert carlos.get(ME).json["items"] == []
    assert carlos.post(f"{ME}/{mine['id']}/opening").status_code == 404
    assert carlos.post(f"{ME}/{mine['id']}/submission", {"answers": ANSWERS}, version="*").status_code == 404
    assert carlos.get(f"{ME}/{mine['id']}/paper").status_code == 404


def test_answers_need_a_permission_of_their_own(lucia: Caller, build: Build, documents: ServiceUnderTest) -> None:
    mine = assign(lucia, build())
    sign(documents, mine["id"])
    someone = documents.signed_in("forms.read", "forms.assign")
    assert someone.get(f"{ASSIGNED}/{mine['id']}").status_code == 200
    assert someone.get(f"{ASSIGNED}/{mine['id']}/answers").status_code == 403
    assert someone.get(f"{ASSIGNED}/{mine['id']}/paper").status_code == 403


def rule(lucia: Caller, form: dict[str, Any], trigger: str, **more: Any) -> dict[str, Any]:
    answer = lucia.post(RULES, {"form_id": form["id"], "trigger": trigger} | more)
    assert answer.status_code == 201, answer.json
    return answer.json


def book(documents: ServiceUnderTest, number: int, service_id: UUID = PEELING) -> None:
    appointment = UUID(int=number)
    booked = {"appointment_id": str(appointment), "client_id": str(MARIA), "branch_id": str(MADRID)}
    booked["services"] = [{"service_id": str(service_id), "quantity": 1}]  # type: ignore[assignment]
    documents.deliver(bookings.APPOINTMENT_BOOKED, booked, subject=appointment)


def test_a_booked_service_assigns_once_what_is_not_good_any_more(
    lucia: Caller, build: Build, documents: ServiceUnderTest
) -> None:
    rule(lucia, build(valid_months=6), "booked_service", service_id=str(PEELING))
    book(documents, 1)
    book(documents, 2)
    [mine] = forms_of(lucia)
    assert (mine["by_rule"], mine["due_at"]) == (True, "2026-03-02T09:00:00+00:00")
    sign(documents, mine["id"])
    book(documents, 3)
    assert [each["state"] for each in forms_of(lucia)] == ["completed"]


def test_a_rule_of_the_first_visit_holds_for_the_first_visit_only(
    lucia: Caller, build: Build, documents: ServiceUnderTest
) -> None:
    book(documents, 1)
    rule(lucia, build(), "booked_service", first_visit_only=True)
    book(documents, 2)
    assert forms_of(lucia) == []


def test_new_clients_and_new_members_get_their_forms(lucia: Caller, build: Build, documents: ServiceUnderTest) -> None:
    plan = "0197a3c4-5a00-7000-8000-000000000077"
    rule(lucia, build(), "new_membership", plan_id=plan)
    rule(lucia, build(name="Bienvenida"), "new_client", branch_id=str(MADRID))
    member = {"client_id": str(MARIA), "branch_id": str(MADRID), "plan_id": plan}
    documents.deliver(memberships.MEMBERSHIP_STARTED, member, subject=UUID(int=7))
    documents.deliver(memberships.MEMBERSHIP_STARTED, member | {"plan_id": str(UUID(int=5))}, subject=UUID(int=8))
    assert [each["form_name"] for each in forms_of(lucia)] == ["Consentimiento de láser"]
    new = UUID(int=9)
    told = {"id": str(new), "first_name": "Nueva", "preferred_branch_id": str(MADRID)}
    documents.deliver(clients.CLIENT_REGISTERED, told, subject=new)
    assert [each["form_name"] for each in forms_of(lucia, new)] == ["Bienvenida"]


def test_a_form_expires_and_is_assigned_again_where_its_rule_renews(
    lucia: Caller, build: Build, documents: ServiceUnderTest
) -> None:
    rule(lucia, build(valid_months=1), "booked_service")
    book(documents, 1)
    sign(documents, forms_of(lucia)[0]["id"])
    assert not expire_completed(documents.database)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=40), tick=False):
        assert expire_completed(documents.database)
        lucia = documents.signed_in(*EVERYTHING)
        assert [each["state"] for each in forms_of(lucia)] == ["assigned", "expired"]
    assert len(documents.emitted(said.FORM_EXPIRED)) == 1


def test_a_rule_must_go_together(lucia: Caller, build: Build) -> None:
    form = build()
    wrong = lucia.post(RULES, {"form_id": form["id"], "trigger": "new_client", "service_id": str(PEELING)})
    assert (wrong.status_code, list(wrong.json["errors"])) == (422, ["service_id"])
    made = rule(lucia, form, "new_client")
    assert lucia.patch(f"{RULES}/{made['id']}", {"active": False}, version="*").json["active"] is False
    assert lucia.delete(f"{RULES}/{made['id']}", version="*").status_code == 204


def test_an_erased_client_leaves_no_answer_and_no_paper(
    lucia: Caller, build: Build, documents: ServiceUnderTest
) -> None:
    from services.documents.papers.erasing import remove_papers

    mine = assign(lucia, build())
    sign(documents, mine["id"])
    print_papers(documents.database)
    documents.deliver(clients.CLIENT_ERASED, subject=MARIA, version=9)
    assert remove_papers(documents.database)
    rows = documents.rows("SELECT answers, blob_id FROM form_submissions")
    assert [tuple(row) for row in rows] == [({}, None)]
    assert list(store(documents.config).everything()) == []
    assert prove(documents.database, store(documents.config)).signed == 0
