"""What an attempt, a due and a refund may become. Pure: every pair of a state and an event stands in a table here.

In the tables `.` means that nothing changes (it was known, or came too late to matter) and `!` that it cannot happen:
who meets it has made a mistake, and `Impossible` is raised before anything is written.
"""

from collections.abc import Mapping

Table = Mapping[str, Mapping[str, str | None]]
"""State, then event, to the state that follows; None when it cannot happen."""


class Impossible(Exception):
    """An event that cannot happen in this state."""


def _table(drawn: str) -> Table:
    header, *lines = (line.split() for line in drawn.strip().splitlines())
    rows: dict[str, dict[str, str | None]] = {}
    for state, *results in lines:
        marks: dict[str, str | None] = {".": state, "!": None}
        rows[state] = {event: marks.get(result, result) for event, result in zip(header[1:], results, strict=True)}
    return rows


# send: it is being asked for. lost: whether a confirmation was carried out is not known. The others are what the
# gateway says of it. What was taken stays taken, and a success is believed however late it comes.
ATTEMPTS = _table("""
    state          send  lost     processing  needs_client  declined_soft  declined_hard  succeeded  void
    written        sent  !        !           !             declined_soft  declined_hard  !          void
    sent           .     unknown  processing  needs_client  declined_soft  declined_hard  succeeded  void
    unknown        .     .        processing  needs_client  declined_soft  declined_hard  succeeded  void
    processing     .     .        .           needs_client  declined_soft  declined_hard  succeeded  void
    needs_client   .     .        processing  .             declined_soft  declined_hard  succeeded  void
    declined_soft  !     !        .           .             .              .              succeeded  .
    declined_hard  !     !        .           .             .              .              succeeded  .
    void           !     !        .           .             .              .              succeeded  .
    succeeded      !     !        .           .             .              .              .          .
""")

# card: an attempt has succeeded. desk: paid at the desk, by the balance, or nothing was to be paid. refunded: all of
# it was given back; bounced: a refund that made it so has failed.
DUES = _table("""
    state        card  desk     skip     write_off    refunded  bounced  dispute   won   lost
    open         paid  settled  skipped  written_off  !         !        !         !     !
    paid         !     !        !        !            refunded  .        disputed  .     lost
    settled      !     !        !        !            refunded  .        !         !     !
    skipped      !     !        !        !            !         !        !         !     !
    written_off  paid  settled  !        .            !         !        !         !     !
    refunded     !     !        !        !            !         paid     disputed  .     lost
    disputed     !     !        !        !            .         .        .         paid  lost
    lost         !     !        !        !            .         .        .         paid  .
""")

# send: it is being asked for. lost: whether it was carried out is not known. accepted: it is on its way. A refund that
# has succeeded can still fail days later; one that has failed does not come to life again.
REFUNDS = _table("""
    state      send  lost     accepted  succeeded  failed
    written    sent  !        !         succeeded  failed
    sent       .     unknown  .         succeeded  failed
    unknown    sent  .        sent      succeeded  failed
    succeeded  !     !        .         .          failed
    failed     !     !        .         .          .
""")


def after(table: Table, state: str, event: str) -> str:
    """The state that follows. Raises Impossible."""
    result = table[state][event]
    if result is None:
        raise Impossible(f"{event} cannot happen to what is {state}")
    return result
