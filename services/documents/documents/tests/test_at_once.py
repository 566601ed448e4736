"""Integrators send fields and file at once, as a form: read as it comes, and kept whole or not at all."""

from io import BytesIO

import pytest

from services.documents.conftest import MADRID, MARIA, UNKNOWN
from services.documents.documents.tests.conftest import CONSENT, ROOT, pdf
from services.documents.stores.open import store


def at_once(caller, content, name="Consentimiento.pdf", **more):
    fields = {"client_id": str(MARIA), "branch_id": str(MADRID), "type": CONSENT, **more}
    data = {**{key: value for key, value in fields.items() if value is not None}, "file": (BytesIO(content), name)}
    return caller.request("POST", ROOT, data=data, content_type="multipart/form-data")


def test_a_file_with_its_fields_is_a_document(documents, lucia):
    content = pdf() + bytes(3_000_000)
    answer = at_once(lucia, content, visible_to_client="true")
    assert answer.status_code == 201, answer.json
    made = answer.json["document"]
    assert (answer.json["ticket"], made["state"], made["name"]) == (None, "ready", "Consentimiento.pdf")
    assert (made["visible_to_client"], made["size"]) == (True, len(content))
    assert lucia.get(f"{ROOT}/{made['id']}/content").data == content


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"client_id": "x"}, "client_id"),
        ({"client_id": str(UNKNOWN)}, "client_id"),
        ({"type": None}, "type"),
        ({"type": str(UNKNOWN)}, "type_id"),
        ({"visible_to_client": "perhaps"}, "visible_to_client"),
        ({"nonsense": "1"}, "nonsense"),
    ],
)
def test_a_field_that_is_wrong_is_named_and_nothing_is_kept(documents, lucia, wrong, field):
    answer = at_once(lucia, pdf(), **wrong)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])
    assert list(store(documents.config).everything()) == []


def test_what_is_no_file_of_ours_or_no_form_at_all_is_refused(documents, lucia):
    assert at_once(lucia, b"MZ a program").json["errors"].keys() == {"file"}
    cut = lucia.request("POST", ROOT, data=b"--x\r\nnonsense", content_type="multipart/form-data; boundary=x")
    assert cut.status_code == 422
    assert list(store(documents.config).everything()) == []
