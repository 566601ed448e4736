"""Files to send, and the worker's turn at them."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from services.documents.conftest import MADRID, MARIA
from services.documents.contents.work import look_at_files
from shared.testing.service import Answer, Caller, ServiceUnderTest

ROOT = "/api/v1/documents"
CONSENT = "00000000-0000-7000-8000-000000000d01"
PLAIN = {"client_id": str(MARIA), "branch_id": str(MADRID), "type_id": CONSENT}

Send = Callable[..., Answer]


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 600), **told: Any) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, "teal").save(made, kind, **told)
    return made.getvalue()


def pdf(text: str = "Foyer") -> bytes:
    made = BytesIO()
    Image.new("RGB", (200, 280), "white").save(made, "PDF", title=text)
    return made.getvalue()


@pytest.fixture
def send(lucia: Caller) -> Send:
    """A function that announces a file and sends it; the answer to the bytes, or the refusal before them."""

    def both(name: str = "consent.pdf", content: bytes | None = None, **facts: Any) -> Answer:
        content = pdf() if content is None else content
        announced = lucia.post(ROOT, PLAIN | {"name": name, "size": len(content)} | facts)
        return upload(lucia, announced.json, content) if announced.status_code == 201 else announced

    return both


def upload(caller: Caller, announced: Any, content: bytes, **options: Any) -> Answer:
    headers = {"Upload-Ticket": announced["ticket"], "Content-Type": "application/octet-stream"}
    path = f"{ROOT}/{announced['document']['id']}/content"
    return caller.put(path, version=None, data=content, headers=headers, **options)


@pytest.fixture
def work(documents: ServiceUnderTest) -> Callable[[], None]:
    """A function that lets a worker do what there is to do with files."""

    def turns() -> None:
        while look_at_files(documents.database):
            pass

    return turns
