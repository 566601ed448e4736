"""A file on its way in: asked for first, then taken into the store, then named by a row."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from services.documents.contents.parts import MOST_OF_FIELDS
from services.documents.contents.receiving import CUT_OFF, Read, Received, receive, refused, too_large
from services.documents.documents import actions
from services.documents.stores.open import store
from services.documents.stores.port import StoreAway
from shared.api import platform, transaction


def take(document_id: UUID, ticket: str, read: Read, announced: int | None) -> UUID:
    """Takes the bytes of an announced document; no transaction is open while they come.

    What arrived and then found the document gone, or the client's same bytes there, is removed again; where that is cut
    off, `verify` does it. Raises NotFound, Conflict, Invalid, StoreAway.
    """
    config = platform().config
    with transaction() as session:
        document = actions.with_ticket(session, document_id, ticket)
        client_id, name, size = document.client_id, document.name, document.size
    if max(size, announced or 0) > config.files.most_bytes:
        raise too_large(config.files)
    if announced is not None and announced != size:
        raise refused(CUT_OFF)
    kept = store(config)
    received = receive(kept, config.files, client_id, name, read, size)
    used = False
    try:
        with transaction() as session:
            document = actions.with_ticket(session, document_id, ticket)
            used = actions.accept(session, document, received, config.files).id == received.blob_id
    finally:
        if not used:
            _remove(received)
    return document_id


def take_whole(given: dict[str, Any], read: Read, announced: int | None) -> UUID:
    """A document with its bytes at once; `announced` is how long the request is. Raises Invalid, StoreAway."""
    config = platform().config
    if (announced or 0) > config.files.most_bytes + MOST_OF_FIELDS:
        raise too_large(config.files)
    kept = store(config)
    received = receive(kept, config.files, given["client_id"], given["name"], read, None)
    used = False
    try:
        with transaction() as session:
            document, _ = actions.announce(session, given | {"size": received.size})
            used = actions.accept(session, document, received, config.files).id == received.blob_id
            return document.id
    finally:
        if not used:
            _remove(received)


def _remove(received: Received) -> None:
    with suppress(StoreAway):
        store(platform().config).remove(received.key)


def announce(given: dict[str, Any]) -> tuple[UUID, str]:
    """A new document and its ticket; too large a one is refused before anything is sent."""
    files = platform().config.files
    if given["size"] > files.most_bytes:
        raise too_large(files)
    with transaction() as session:
        document, ticket = actions.announce(session, given)
        return document.id, ticket
