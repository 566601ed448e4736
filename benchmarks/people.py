"""People for a large chain: names as they are spread in life, a few very common and very many rare. Always the same."""

import csv
import random
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

from services.clients.demo_names import AMERICAN, SPANISH
from shared.folding import fold

SYLLABLES = """
    ba be bar ca can co da del do fa fer ga gar go he her i ja la len lo lu ma mar me mo mon na ni no o pa pe pi qui
    ra re ri ro ru sa san se so ta te ti to tor u va ve vi za zu
"""
ENDINGS = "ez es o a as os al ar era ero ino ales edo iz"
COLUMNS = ("external_id", "first_name", "last_name", "phones", "emails", "birth_date", "language")


class People:
    def __init__(self, seed: int = 7) -> None:
        self._chance = random.Random(seed)
        self._first = [*SPANISH.women, *SPANISH.men, *AMERICAN.women, *AMERICAN.men]
        self._rare = sorted({self._surname() for _ in range(60_000)})
        self._chance.shuffle(self._first)
        self._chance.shuffle(self._rare)
        self._first_weights = list(accumulate(1 / (n + 5) for n in range(len(self._first))))
        self._rare_weights = list(accumulate(1 / (n + 10) for n in range(len(self._rare))))

    def details(self, count: int, start: int = 0) -> Iterator[dict[str, Any]]:
        """The contact details of so many people, as `new_client` takes them."""
        for number in range(start, start + count):
            first = self._chance.choices(self._first, cum_weights=self._first_weights)[0]
            last = f"{self._last()} {self._last()}"
            address = f"{fold(f'{first}.{last.split()[0]}').replace(' ', '')}{number}@example.com"
            yield {
                "first_name": first,
                "last_name": last,
                "phones": [{"number": self._phone(number), "type": "mobile", "primary": True}],
                "emails": [{"address": address, "primary": True}],
                "language": "es",
            }

    def write_csv(self, path: Path, count: int) -> None:
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for number, person in enumerate(self.details(count)):
                born = f"{1940 + number % 65}-{1 + number % 12:02d}-{1 + number % 28:02d}"
                phone, email = person["phones"][0]["number"], person["emails"][0]["address"]
                names = (person["first_name"], person["last_name"])
                writer.writerow([f"old-{number}", *names, phone, email, born, "es"])

    def _last(self) -> str:
        if self._chance.random() < 0.45:
            return self._chance.choice(SPANISH.last)
        return self._chance.choices(self._rare, cum_weights=self._rare_weights)[0]

    def _surname(self) -> str:
        syllables = self._chance.choices(SYLLABLES.split(), k=self._chance.choice((1, 2, 2, 3)))
        return ("".join(syllables) + self._chance.choice(ENDINGS.split())).capitalize()

    @staticmethod
    def _phone(number: int) -> str:
        return f"+346{(number * 7919 + 12_345_678) % 100_000_000:08d}"
