"""Files to try Foyer with: small pictures and PDFs of the first clients, made here."""

import hashlib
from datetime import timedelta
from io import BytesIO
from uuid import UUID

from PIL import Image, ImageDraw
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.documents.contents.receiving import receive
from services.documents.demo_forms import give
from services.documents.documents.actions import accept
from services.documents.documents.models import Document
from services.documents.forms.models import Form
from services.documents.stores.open import store
from shared import clock
from shared.actor import Context, acting
from shared.config import Config
from shared.db import Database
from shared.demo_ids import branch_of_client, demo_client, demo_id

CONSENT, IDENTITY, REPORT, PHOTO = (UUID(f"00000000-0000-7000-8000-000000000d0{number}") for number in (1, 2, 3, 4))
FILES = (
    ("Consentimiento informado.pdf", CONSENT, "PDF", True),
    ("Informe dermatológico.pdf", REPORT, "PDF", False),
    ("Antes del tratamiento.jpg", PHOTO, "JPEG", True),
    ("DNI.png", IDENTITY, "PNG", False),
)
CLIENTS = 12
BY = "Lucía Ortega"


def load(config: Config) -> None:
    """Loads the demo where there are no documents yet, and no forms."""
    database = Database(config)
    with database.reading() as connection:
        there = connection.scalar(select(func.count()).select_from(Document))
    if not there:
        by = Context(f"staff:{demo_id('employee', BY)}", "import")
        for number in range(1, CLIENTS + 1):
            with acting(by), database.transaction() as session:
                _give(session, config, number)
    _give_forms(database)
    database.close()


def _give_forms(database: Database) -> None:
    with acting(Context(f"staff:{demo_id('employee', BY)}", "import")), database.transaction() as session:
        if not session.scalar(select(func.count()).select_from(Form)):
            give(session)


def _give(session: Session, config: Config, number: int) -> None:
    for place in range(1 + number % len(FILES)):
        name, type_id, kind, visible = FILES[place]
        content, client_id = BytesIO(drawn(name, kind, number)), demo_client(number)
        received = receive(store(config), config.files, client_id, name, content.read, None)
        document = Document(
            id=demo_id("document", f"{number} {place}"), version=1, client_id=client_id,
            branch_id=branch_of_client(number), type_id=type_id, name=name, size=received.size,
            visible_to_client=visible, state="awaits_content", ticket_hash=hashlib.sha256(b"").digest(),
            created_at=clock.now() - timedelta(days=number * 9 + place), created_by=f"staff:{demo_id('employee', BY)}",
        )  # fmt: skip
        session.add(document)
        session.flush()
        accept(session, document, received, config.files)


def drawn(text: str, kind: str, number: int) -> bytes:
    """A page, or a photo of a colour, that says what it is."""
    page = kind == "PDF"
    colour = "white" if page else f"hsl({number * 29 % 360}, 35%, 70%)"
    picture = Image.new("RGB", (595, 842) if page else (900, 675), colour)
    pen = ImageDraw.Draw(picture)
    pen.text((60, 70), text.rpartition(".")[0], fill="#0f3d38", font_size=30)
    for line in range(12 if page else 0):
        pen.rectangle((60, 150 + line * 36, 535 - line * 23 % 120, 158 + line * 36), fill="#d5dedc")
    made = BytesIO()
    picture.save(made, kind)
    return made.getvalue()
