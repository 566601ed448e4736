"""Whether anything new may come to a client."""

from services.documents.copies.models import Client
from shared.errors import Conflict
from shared.words import Words

ARCHIVED = Words("This client is archived. Nothing is added to them any more.")
MERGED = Words("This client was merged into another one. Add it to that profile.")


def must_be_served(client: Client) -> None:
    """Raises Conflict."""
    if client.merged_into is not None:
        raise Conflict(MERGED, code="client_merged")
    if client.archived:
        raise Conflict(ARCHIVED, code="client_archived")
