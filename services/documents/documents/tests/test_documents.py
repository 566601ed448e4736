"""P18 to P20: files of clients are added, seen, shown, deleted and brought back."""

from datetime import timedelta
from io import BytesIO
from random import Random

import pytest
from PIL import Image
from sqlalchemy import text

from services.documents.conftest import MARIA, MIAMI, UNKNOWN
from services.documents.contents.verifying import verify
from services.documents.documents.tests.conftest import CONSENT, PLAIN, ROOT, pdf, picture, upload
from services.documents.documents.work import purge_deleted
from services.documents.stores.open import store
from shared import clock
from shared.contracts import clients
from shared.contracts.documents import (
    DOCUMENT_ADDED,
    DOCUMENT_DELETED,
    DOCUMENT_HIDDEN,
    DOCUMENT_PURGED,
    DOCUMENT_RESTORED,
    DOCUMENT_SHOWN,
    ERASURE_COMPLETED,
)


def kept(documents):
    return sorted(key for key, _ in store(documents.config).everything())


def test_a_file_is_added_listed_and_opened_and_every_opening_is_on_record(documents, lucia, send):
    content = pdf()
    added = send("Consentimiento láser.pdf", content).json
    assert (added["state"], added["media_type"], added["size"]) == ("ready", "application/pdf", len(content))
    (said,) = documents.emitted(DOCUMENT_ADDED)
    assert said.data["client_id"] == str(MARIA) and "name" not in said.data
    (listed,) = lucia.get(f"{ROOT}?client_id={MARIA}").json["items"]
    assert listed["name"] == "Consentimiento láser.pdf" and listed["created_by_name"] == "Lucía Ortega"

    shown = lucia.get(f"{ROOT}/{added['id']}/content")
    assert shown.data == content and shown.headers["Content-Disposition"].startswith("inline")
    saved = lucia.get(f"{ROOT}/{added['id']}/content?download=true")
    assert saved.headers["Content-Disposition"].endswith("filename*=UTF-8''Consentimiento%20l%C3%A1ser.pdf")
    openings = lucia.get(f"{ROOT}/{added['id']}/openings").json["items"]
    assert [each["how"] for each in openings] == ["downloaded", "viewed"]
    assert {each["actor_name"] for each in openings} == {"Lucía Ortega"}


def test_a_part_is_served_and_what_is_known_already_is_not_sent_again(lucia, send):
    content = pdf()
    path = f"{ROOT}/{send(content=content).json['id']}/content"
    part = lucia.get(path, headers={"Range": "bytes=5-8"})
    assert (part.status_code, part.data) == (206, content[5:9])
    assert part.headers["Content-Range"] == f"bytes 5-8/{len(content)}"
    assert lucia.get(path, headers={"Range": f"bytes={len(content)}-"}).status_code == 416
    tag = lucia.get(path).headers["ETag"]
    assert lucia.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_the_same_bytes_are_kept_once_and_go_with_the_last(documents, lucia, send, travel_to):
    content = pdf()
    first, second = send(content=content).json, send("again.pdf", content).json
    assert second["same_bytes"] == 1 and len(kept(documents)) == 1
    lucia.delete(f"{ROOT}/{first['id']}")
    travel_to(clock.now() + timedelta(days=31))
    assert purge_deleted(documents.database) and not purge_deleted(documents.database)
    assert len(kept(documents)) == 1
    lucia = documents.signed_in("documents.read", "documents.delete")
    assert lucia.get(f"{ROOT}/{second['id']}/content").data == content
    lucia.delete(f"{ROOT}/{second['id']}")
    travel_to(clock.now() + timedelta(days=31))
    purge_deleted(documents.database)
    assert kept(documents) == [] and len(documents.emitted(DOCUMENT_PURGED)) == 2
    assert documents.rows("SELECT state, name FROM documents") == [("purged", "")] * 2


def test_what_was_deleted_is_brought_back_and_not_seen_meanwhile(documents, lucia, send):
    added = send().json
    assert lucia.delete(f"{ROOT}/{added['id']}", version=added["version"]).status_code == 204
    assert lucia.get(f"{ROOT}?client_id={MARIA}").json["items"] == []
    assert lucia.get(f"{ROOT}/{added['id']}/content").status_code == 404
    (deleted,) = lucia.get(f"{ROOT}?client_id={MARIA}&deleted=true").json["items"]
    assert deleted["gone_on"] > deleted["deleted_at"]
    again = lucia.delete(f"{ROOT}/{added['id']}")
    assert (again.status_code, again.json["code"]) == (409, "document_deleted")
    assert lucia.post(f"{ROOT}/{added['id']}/restore").json["state"] == "ready"
    assert len(documents.emitted(DOCUMENT_DELETED)) == len(documents.emitted(DOCUMENT_RESTORED)) == 1


def test_the_client_sees_what_is_shown_to_them_and_nothing_else(documents, lucia, send):
    hidden, shown = send("a.pdf", pdf("a")).json, send("b.png", picture(), visible_to_client=True).json
    maria = documents.signed_in(kind="client", id=MARIA)
    assert [each["id"] for each in maria.get(f"{ROOT}/me").json["items"]] == [shown["id"]]
    assert maria.get(f"{ROOT}/me/{shown['id']}/content").status_code == 200
    assert maria.get(f"{ROOT}/me/{hidden['id']}/content").status_code == 404
    assert documents.signed_in(kind="client", id=UNKNOWN).get(f"{ROOT}/me/{shown['id']}/content").status_code == 404
    assert lucia.get(f"{ROOT}/me").status_code == 403
    assert lucia.get(f"{ROOT}/{shown['id']}/openings").json["items"][0]["actor"] == f"client:{MARIA}"
    lucia.patch(f"{ROOT}/{shown['id']}", {"visible_to_client": False})
    lucia.patch(f"{ROOT}/{hidden['id']}", {"visible_to_client": True})
    assert [each["id"] for each in maria.get(f"{ROOT}/me").json["items"]] == [hidden["id"]]
    assert len(documents.emitted(DOCUMENT_HIDDEN)) == len(documents.emitted(DOCUMENT_SHOWN)) == 1


REFUSED = {
    "a page": ("page.html", b"<!doctype html><script>alert(1)</script>", "file"),
    "a drawing": ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "file"),
    "a program": ("program.pdf", b"MZ" + bytes(500), "file"),
    "an archive": ("archive.zip", b"PK\x03\x04" + bytes(500), "file"),
    "a way out": ("../../etc/passwd", b"%PDF-1.7", "name"),
    "a long name": ("x" * 300, b"%PDF-1.7", "name"),
    "no name": ("", b"%PDF-1.7", "name"),
    "empty": ("empty.pdf", b"", "size"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_taken_is_refused_at_its_field_and_nothing_is_kept(documents, send, what):
    name, content, field = REFUSED[what]
    answer = send(name, content)
    assert answer.status_code == 422 and field in answer.json["errors"], answer.json
    assert kept(documents) == [] and documents.emitted() == []


def test_a_file_is_what_its_bytes_are_and_is_saved_under_a_name_that_says_so(lucia, send):
    added = send("photo.jpg", pdf()).json
    assert added["media_type"] == "application/pdf"
    saved = lucia.get(f"{ROOT}/{added['id']}/content?download=true")
    assert 'filename="photo.jpg.pdf"' in saved.headers["Content-Disposition"]


def test_a_file_may_be_larger_than_any_other_request(lucia, send):
    content = pdf() + Random(1).randbytes(9_000_000)  # more than is read at a time, and no two pieces alike
    added = send(content=content)
    assert (added.status_code, added.json["size"]) == (200, len(content))
    assert lucia.get(f"{ROOT}/{added.json['id']}/content").data == content


def test_what_is_too_large_is_refused_before_anything_is_sent(documents, lucia):
    answer = lucia.post(ROOT, PLAIN | {"name": "film.pdf", "size": 5_000_000_000})
    assert answer.status_code == 422 and "500 MB" in answer.json["errors"]["file"][0]
    assert documents.rows("SELECT count(*) FROM documents") == [0]


def test_more_or_less_than_was_announced_is_not_kept(documents, lucia):
    for content in (pdf() + b"more", pdf()[:-10]):
        announced = lucia.post(ROOT, PLAIN | {"name": "cut.pdf", "size": len(pdf())}).json
        answer = upload(lucia, announced, content)
        assert answer.status_code == 422 and "whole" in answer.json["errors"]["file"][0]
    assert kept(documents) == []


def test_a_ticket_is_good_once_for_its_own_document_and_for_an_hour(lucia, travel_to):
    content = pdf()
    one, other = (lucia.post(ROOT, PLAIN | {"name": "x.pdf", "size": len(content)}).json for _ in range(2))
    crossed = {"ticket": one["ticket"], "document": other["document"]}
    assert upload(lucia, crossed, content).status_code == 404
    assert upload(lucia, one, content).status_code == 200
    assert upload(lucia, one, content).json["code"] == "has_content"
    travel_to(clock.now() + timedelta(minutes=61))
    assert upload(lucia, other, content).status_code == 404


def test_what_has_not_come_or_is_not_made_yet_is_told_from_what_is_not_there(lucia, send, work):
    announced = lucia.post(ROOT, PLAIN | {"name": "x.pdf", "size": 9}).json["document"]["id"]
    for part in ("content", "thumbnail"):
        answer = lucia.get(f"{ROOT}/{announced}/{part}")
        assert (answer.status_code, answer.json["code"]) == (409, "document_awaits_content")
    small = f"{ROOT}/{send().json['id']}/thumbnail"
    answer = lucia.get(small)
    assert (answer.status_code, answer.json["code"]) == (409, "preparation_waiting")
    work()
    assert lucia.get(small).status_code == 200
    broken = send("broken.pdf", b"%PDF-1.7\n" + b"\x00\xff" * 2000).json["id"]
    work()
    assert lucia.get(f"{ROOT}/{broken}/thumbnail").status_code == 404


def test_files_belong_to_the_branch_that_added_them(documents, send):
    added = send().json
    miami = documents.signed_in("documents.read", "documents.write", "documents.delete", branches=[MIAMI])
    assert miami.get(f"{ROOT}/{added['id']}").status_code == 404
    assert miami.get(f"{ROOT}/{added['id']}/content").status_code == 404
    assert miami.delete(f"{ROOT}/{added['id']}").status_code == 404
    assert miami.get(f"{ROOT}?client_id={MARIA}").json["items"] == []
    assert miami.post(ROOT, PLAIN | {"name": "x.pdf", "size": 9}).status_code == 403
    there = {**PLAIN, "branch_id": str(MIAMI)}
    assert miami.post(ROOT, there | {"name": "x.pdf", "size": 9}).status_code == 201


@pytest.mark.parametrize("field", ["client_id", "branch_id", "type_id"])
def test_what_is_not_there_is_refused_at_its_field(lucia, field):
    answer = lucia.post(ROOT, PLAIN | {"name": "x.pdf", "size": 9, field: str(UNKNOWN)})
    assert answer.status_code == 422 and list(answer.json["errors"]) == [field]


def test_a_picture_on_its_side_is_turned_and_does_not_tell_where_it_was_taken(lucia, send, work):
    told = Image.Exif()
    told[0x0112] = 6
    told.get_ifd(0x8825)[2] = (40.0, 25.0, 0.0)
    added = send("photo.jpg", picture("JPEG", (800, 400), exif=told)).json
    work()
    shown = Image.open(BytesIO(lucia.get(f"{ROOT}/{added['id']}/content").data))
    assert shown.size == (400, 800) and not shown.getexif().get_ifd(0x8825)
    thumbnail = Image.open(BytesIO(lucia.get(f"{ROOT}/{added['id']}/thumbnail").data))
    assert thumbnail.size == (240, 480)


def test_a_file_that_breaks_its_reader_costs_its_thumbnail_and_nothing_more(lucia, send, work):
    broken = send("broken.pdf", b"%PDF-1.7\n" + b"\x00\xff" * 2000).json
    bomb = send("bomb.png", picture("PNG", (1, 1))[:16] + (60_000).to_bytes(4, "big") * 2 + bytes(200)).json
    good = send("good.pdf", pdf()).json
    work()
    states = {each["id"]: each["preparation"] for each in lucia.get(f"{ROOT}?client_id={MARIA}").json["items"]}
    assert states == {broken["id"]: "failed", bomb["id"]: "failed", good["id"]: "made"}
    assert lucia.get(f"{ROOT}/{broken['id']}/content").status_code == 200


def test_rows_and_store_are_compared_and_what_is_left_over_is_removed(documents, send):
    send()
    place = store(documents.config)
    place.put(f"{MARIA}/left-over", [b"bytes of a killed upload"])
    found = verify(documents.database, place, repair=True, young=-1)
    assert (found.missing, found.stray) == ([], [f"{MARIA}/left-over"])
    assert verify(documents.database, place, repair=False, young=-1).stray == []
    place.remove(kept(documents)[0])
    assert len(verify(documents.database, place, repair=False).missing) == 1


def test_an_erased_client_takes_their_files_along(documents, send):
    send()
    documents.deliver(clients.CLIENT_ERASED, subject=MARIA, version=9)
    while purge_deleted(documents.database):
        pass
    assert kept(documents) == [] and documents.rows("SELECT name FROM documents") == [""]
    assert documents.emitted(ERASURE_COMPLETED)[0].data["rows"] >= 2


def test_types_are_the_chains_own(lucia):
    made = lucia.post(f"{ROOT}/types", {"name": "X-ray", "names": {"es": "Radiografía"}}).json
    assert lucia.post(f"{ROOT}/types", {"name": "x-RAY"}).status_code == 409
    assert lucia.patch(f"{ROOT}/types/{made['id']}", {"active": False}).json["active"] is False
    assert CONSENT in [each["id"] for each in lucia.get(f"{ROOT}/types?active=true").json["items"]]


def test_a_file_is_not_opened_before_the_scanner_has_said_that_it_is_harmless(documents, lucia, send):
    added = send().json
    with documents.database.transaction() as session:
        session.execute(text("UPDATE blobs SET scan = 'waiting'"))
    waiting = lucia.get(f"{ROOT}/{added['id']}/content")
    assert (waiting.status_code, waiting.json["code"]) == (409, "scan_waiting")
