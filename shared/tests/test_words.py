"""Everything that is said to people is said in Spanish too."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.words import Words, catalogue, speak

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for folder in ("shared", "services")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "tests" not in path.parts
]


def messages(path: Path) -> Iterator[tuple[str, int]]:
    """Each message that a file says, and its line. Raises AssertionError for one that nobody could translate."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Words":
            message = node.args[0]
            if isinstance(message, ast.Constant) and isinstance(message.value, str):
                yield message.value, node.lineno


def placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


@pytest.fixture
def in_spanish() -> Iterator[None]:
    speak("es")
    yield
    speak("en")


def test_every_message_has_a_spanish_translation():
    spanish = catalogue("es")
    missing = [
        f"{path.relative_to(ROOT)}:{line} {message}"
        for path in SOURCES
        for message, line in messages(path)
        if message not in spanish
    ]
    assert not missing, "\n".join(missing)


def test_a_translation_keeps_the_places_of_its_message():
    for message, spanish in catalogue("es").items():
        assert placeholders(message) == placeholders(spanish), message


def test_no_translation_is_left_of_a_message_that_nobody_says():
    said = {message for path in SOURCES for message, _ in messages(path)}
    left = [
        f"{file.relative_to(ROOT)}: {message}"
        for file in [ROOT / "shared/es.po", *sorted(ROOT.glob("services/*/es.po"))]
        for message in catalogue_of(file)
        if message not in said
    ]
    assert not left, "\n".join(left)


def catalogue_of(file: Path) -> list[str]:
    from babel.messages.pofile import read_po

    with file.open("rb") as opened:
        return [str(entry.id) for entry in read_po(opened) if entry.id]


def test_a_message_is_said_in_the_language_of_who_reads_it(in_spanish):
    assert Words("This is needed.").format() == "Hace falta este dato."
    assert Words("Nobody has translated {this}.").format(this="this") == "Nobody has translated this."
