"""The words by which a person makes SMS stop and come again. Pure."""

from shared.folding import fold

STOP, START = "stop", "start"
STOPS = {"stop", "stopall", "unsubscribe", "end", "quit", "cancel", "baja", "alto", "parar", "cancelar"}
STARTS = {"start", "unstop", "alta"}


def command(body: str) -> str | None:
    """What the whole answer says, whatever its case, accents and full stops; None for anything else."""
    word = fold(body).strip(" .!¡,;:\"'\t\r\n")
    return STOP if word in STOPS else START if word in STARTS else None
