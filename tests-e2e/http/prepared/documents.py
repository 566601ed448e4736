"""Documents in every state, forms, and assignments of which some are signed and some handed over on a tablet."""

from io import BytesIO
from itertools import count
from typing import Any

from PIL import Image

from services.documents.contents.work import look_at_files
from services.documents.papers.work import print_papers
from shared.testing.service import ServiceUnderTest

from . import BRANCH, CLIENT, OTHER, PEELING, as_admin, as_client, maker, neighbours

ROOT = "/api/v1/documents"
TYPE = "00000000-0000-7000-8000-000000000d01"
QUESTION = {"key": "sun", "type": "yes_no", "label": {"es": "¿Ha tomado el sol?"}}
ANSWERS = {"sun": True}


class Desk:
    """What staff and clients do before the fuzzing."""

    def __init__(self, service: ServiceUnderTest) -> None:
        self.made, self.admin = maker(service), service.with_token(as_admin())
        self.names = count(1)

    def new_form(self) -> str:
        return self.made("/forms", {"name": f"Láser {next(self.names)}", "questions": [QUESTION]})

    def announced(self, name: str) -> tuple[str, str]:
        body = {"client_id": str(CLIENT), "branch_id": str(BRANCH), "type_id": TYPE, "name": f"{name}.png"}
        told = self.admin.post(ROOT, body | {"size": len(picture(name)), "visible_to_client": True}).json
        return told["document"]["id"], told["ticket"]

    def document(self, name: str) -> str:
        id, ticket = self.announced(name)
        headers = {"Upload-Ticket": ticket, "Content-Type": "application/octet-stream"}
        answer = self.admin.put(f"{ROOT}/{id}/content", version=None, data=picture(name), headers=headers)
        assert answer.status_code == 200, answer.json
        return id

    def assigned(self) -> str:
        """Of a form of its own: nobody gets the same one twice."""
        body = {"client_id": str(CLIENT), "form_ids": [self.new_form()]}
        told = self.admin.post(f"{ROOT}/form-assignments", body)
        return str(told.json["items"][0]["id"])

    def signed(self) -> str:
        id = self.assigned()
        self.made(f"/form-assignments/{id}/submission", {"answers": ANSWERS})
        return id

    def handed_over(self) -> str:
        return str(self.admin.post(f"{ROOT}/form-assignments/{self.assigned()}/handover").json["token"])

    def several(self, make: Any, *args: Any) -> list[str]:
        return [make(*args) for _ in range(8)]


def prepare(service: ServiceUnderTest) -> dict[str, Any]:
    neighbours(service)
    desk = Desk(service)
    several = desk.several
    form = desk.new_form()
    rule = {"form_id": form, "trigger": "booked_service", "service_id": str(PEELING)}

    ready, deleted = several(desk.document, "a"), several(desk.document, "b")
    for id in deleted:
        assert desk.admin.delete(f"{ROOT}/{id}").status_code == 204
    completed = several(desk.signed)
    while look_at_files(service.database) or print_papers(service.database):
        pass
    waits, ticket = desk.announced("c")
    answers, one = f"{ROOT}/form-assignments/{{assignment_id}}", "assignment_id"
    return {
        "token": as_admin(),
        "client_token": as_client(CLIENT),
        "tokens": {},
        "examples": {},
        "path": {
            "client_id": [CLIENT, OTHER],
            "document_id": ready,
            f"DELETE {ROOT}/{{document_id}} document_id": several(desk.document, "d"),
            f"POST {ROOT}/{{document_id}}/restore document_id": deleted,
            f"PUT {ROOT}/{{document_id}}/content document_id": [waits],
            # What a client is not shown is not there for them.
            f"GET {ROOT}/me/{{document_id}}/content document_id": ready,
            f"GET {ROOT}/me/{{document_id}}/thumbnail document_id": ready,
            "form_id": [form],
            "number": [1],
            "rule_id": several(desk.made, "/form-rules", rule),
            "type_id": [desk.made("/types", {"name": f"Informe {number}"}) for number in range(8)],
            "image_id": [desk.admin.post(f"{ROOT}/forms/images", data=picture("e")).json["id"]],
            one: several(desk.assigned),
            f"POST {answers}/handover {one}": several(desk.assigned),
            f"GET {answers}/answers {one}": completed,
            f"GET {answers}/paper {one}": completed,
            f"GET {answers}/readings {one}": completed,
            f"GET {ROOT}/me/forms/{{assignment_id}}/paper {one}": completed,
            f"PUT {ROOT}/me/forms/{{assignment_id}}/draft {one}": several(desk.assigned),
            "token": several(desk.handed_over),
            f"PUT {ROOT}/handovers/{{token}}/draft token": several(desk.handed_over),
        },
        "headers": {"Upload-Ticket": ticket},
        "bytes": {
            f"PUT {ROOT}/{{document_id}}/content": picture("c").hex(),
            f"POST {ROOT}/forms/images": picture("e").hex(),
            f"POST {ROOT} file": picture("f").hex(),
        },
        "body": {
            "client_id": [CLIENT, OTHER],
            "branch_id": [BRANCH],
            "type_id": [TYPE],
            f"POST {ROOT} type": [TYPE],
            f"POST {ROOT} name": ["Informe {new}.pdf"],
            f"POST {ROOT}/forms name": ["Formulario {new}"],
            f"POST {ROOT}/types name": ["Tipo {new}"],
            "size": [1000],
            "form_id": [form],
            "form_ids": [[desk.new_form()] for _ in range(20)],
            "plan_id": [None],
            "service_id": [None, PEELING],
            "questions": [[QUESTION], [QUESTION, QUESTION | {"key": "name", "type": "text", "profile": "first_name"}]],
            "answers": [ANSWERS, {}],
        },
        "whole": {
            f"POST {ROOT}/form-rules": [rule, {"form_id": form, "trigger": "new_client", "renews": False}],
            f"PATCH {ROOT}/form-rules/{{rule_id}}": [rule, {"active": False}, {"renews": True}],
        },
    }  # fmt: skip


def picture(name: str) -> bytes:
    made = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(made, "PNG", title=name)
    return made.getvalue() + name.encode()
