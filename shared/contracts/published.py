"""The contracts as files, committed: what outsiders read, and what a change of the code is held against."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from shared import clock
from shared.contracts.asyncapi import document
from shared.contracts.compatibility import JSONSchema, breaks
from shared.contracts.contract import Contract

FOLDER = Path(__file__).parent / "published"
ASYNCAPI = "asyncapi.json"


def files(contracts: Iterable[Contract]) -> dict[str, bytes]:
    """File name to content, as the contracts in the code would have it."""
    known = list(contracts)
    made = {f"{each.type}.json": _written(each.json_schema) for each in known}
    return made | {ASYNCAPI: _written(document(known))}


def differences(contracts: Iterable[Contract], folder: Path = FOLDER) -> list[str]:
    """The names of the files that are missing, too many or not what the code says."""
    wanted = files(contracts)
    there = {path.name: path.read_bytes() for path in folder.glob("*.json")}
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def broken(contracts: Iterable[Contract], folder: Path = FOLDER) -> Iterator[str]:
    """What the code would break of what is published, each in a line that names type and member."""
    known = {each.type: each for each in contracts}
    for path in sorted(folder.glob("*.v*.json")):
        before: JSONSchema = orjson.loads(path.read_bytes())
        if path.stem in known:
            for line in breaks(before, known[path.stem].json_schema):
                yield f"{path.stem}: {line}"
        elif (ends := before.get("x-deprecated")) is None or ends > clock.now().date().isoformat():
            yield f"{path.stem}: would be gone; a type is deprecated first, and sent until its day"


def write(contracts: Iterable[Contract], folder: Path = FOLDER) -> None:
    wanted = files(contracts)
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.json"):
        if path.name not in wanted:
            path.unlink()
    for name, content in wanted.items():
        (folder / name).write_bytes(content)


def _written(content: JSONSchema) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
