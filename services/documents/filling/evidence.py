"""What is hashed of a signed form: change a letter of it, and the hash is another. Pure."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson


def sha256(
    *,
    assignment_id: UUID,
    form_id: UUID,
    number: int,
    client_id: UUID,
    answers: dict[str, Any],
    signed_at: datetime,
    signed_by: str,
    address: str,
    browser: str,
) -> str:
    """Of everything that was signed, in one fixed form."""
    said = {
        "assignment": str(assignment_id),
        "form": f"{form_id}/{number}",
        "client": str(client_id),
        "answers": answers,
        "signed_at": signed_at.isoformat(timespec="microseconds"),
        "signed_by": signed_by,
        "address": address,
        "browser": browser,
    }
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()
