"""The one word that a person reads of a membership, from the facts about it. Pure."""

LABELS = (
    "pending", "trial", "active", "frozen", "ended",
    "past_due", "suspended", "needs_client", "waits_for_card", "leaving",
)  # fmt: skip


def label(lifecycle: str, standing: str, collection: str, *, leaving: bool) -> str:
    """What most needs to be known: an end, then money, then what the client must do, then the rest."""
    if lifecycle in {"ended", "pending"}:
        return lifecycle
    if standing == "suspended":
        return "suspended"
    if collection in {"needs_client", "waits_for_card"}:
        return collection
    if standing == "past_due":
        return "past_due"
    if leaving:
        return "leaving"
    return lifecycle
