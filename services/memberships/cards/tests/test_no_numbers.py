"""No card's number ever enters this system: there is no room for one, and none is written down."""

import re
from itertools import chain
from pathlib import Path

HOUSE = Path(__file__).parents[4]
NUMBER = re.compile(rb"(?<![0-9A-Fa-f.-])(?:[0-9][ -]?){12,18}[0-9](?![0-9A-Fa-f.-])")
FOLDERS = ("services", "shared", "deploy", "examples")
KINDS = (".py", ".html", ".js", ".json", ".yaml", ".sql", ".po", ".md")
ROOM_FOR_ONE = {"number", "card_number", "pan", "cvc", "cvv", "security_code"}


def is_a_card_number(digits: str) -> bool:
    """By its first digit and its check digit (ISO/IEC 7812)."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return digits[0] in "3456" and sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def test_no_file_of_the_product_holds_a_card_number():
    files = chain.from_iterable((HOUSE / folder).rglob("*") for folder in FOLDERS)
    found = []
    for file in files:
        if file.suffix in KINDS and not {"tests", "vendor", "node_modules"} & set(file.parts):
            numbers = (re.sub(rb"[ -]", b"", match[0]).decode() for match in NUMBER.finditer(file.read_bytes()))
            found += [f"{file.relative_to(HOUSE)}: {number}" for number in numbers if is_a_card_number(number)]
    assert found == []


def test_a_number_would_be_found():
    assert is_a_card_number("42" * 8) and NUMBER.search(b"pay with 4242 4242 4242 4242!")


def test_no_shape_of_a_card_has_room_for_its_number(memberships):
    document = memberships.anonymous().get("/api/v1/memberships/openapi.json").json
    paths = {path: verbs for path, verbs in document["paths"].items() if "/cards" in path and "gift" not in path}
    assert paths
    named = set(re.findall(r'"#/components/schemas/(\w+)"', str(paths).replace("'", '"')))
    rooms = {name: set(document["components"]["schemas"][name].get("properties", {})) for name in named}
    assert {name: room & ROOM_FOR_ONE for name, room in rooms.items() if room & ROOM_FOR_ONE} == {}


def test_no_table_has_a_column_for_a_card_number(memberships):
    columns = memberships.rows("SELECT column_name FROM information_schema.columns WHERE table_name = 'cards'")
    assert not ROOM_FOR_ONE & set(columns)
