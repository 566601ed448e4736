"""A CSV file as records, whatever its encoding and however broken: one that cannot be read is a problem, not an end.

Memory stays flat: no line is held beyond `LONGEST_LINE`, and no quoted cell beyond `LONGEST_CELL`, so that a quotation
mark that is never closed swallows some lines and not the file.
"""

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

LONGEST_LINE = 100_000
LONGEST_CELL = 20_000
SAMPLE = 256 * 1024
DELIMITERS = ",;\t|"
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}

TOO_LONG = f"the line has more than {LONGEST_LINE:,} characters"
UNREADABLE = "the line holds bytes that are no text in the encoding of the file"
TOO_MANY_CELLS = "the line has more cells than there are columns"


class BadFile(Exception):
    """Says in one line why a file cannot be imported at all."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the file, or several where a cell has line breaks."""

    line: int
    """The number of its first line, from 1."""
    cells: list[str]
    problem: str | None = None


@dataclass(frozen=True)
class Facts:
    """What must be known of a file before it is read."""

    encoding: str
    delimiter: str
    digest: bytes


def look_at(path: Path) -> Facts:
    """Finds out the encoding, the delimiter and the digest, reading the file once. Raises BadFile."""
    digest, decoder, odd = hashlib.blake2b(digest_size=16), codecs.getincrementaldecoder("utf-8")(), b""
    with path.open("rb") as file:
        head = file.read(SAMPLE)
        chunk = head
        while chunk:
            digest.update(chunk)
            if not odd:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    odd = chunk
            chunk = file.read(SAMPLE)
    encoding = _encoding(head, odd)
    first = head.decode(encoding, errors="replace").partition("\n")[0]
    if not first.strip():
        raise BadFile("the file is empty, or its first line is: it must name the columns")
    delimiter = max(DELIMITERS, key=first.count)
    return Facts(encoding, delimiter, digest.digest())


def _encoding(head: bytes, odd: bytes) -> str:
    """By its mark; UTF-8 when all of it is; else what the part that is not looks most like."""
    for mark, encoding in MARKS.items():
        if head.startswith(mark):
            return encoding
    if not odd:
        return "utf-8"
    matches = from_bytes(odd[:SAMPLE])
    as_good = [match.encoding for match in matches if match.chaos == matches[0].chaos]
    # A few accents look as good in many encodings; the one of Western spreadsheets is meant then.
    return as_good[0] if as_good and "cp1252" not in as_good else "cp1252"


def records(file: io.BufferedReader, facts: Facts) -> Iterator[Record]:
    """Every record of an opened file, the header first. Empty lines are left out."""
    csv.field_size_limit(LONGEST_CELL)
    lines = _Lines(file, facts.encoding)
    reader = csv.reader(lines, delimiter=facts.delimiter, strict=True)
    while True:
        first = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Record(first, [], f"the line cannot be read as CSV: {error}")
            continue
        if problem := lines.problem_since(first):
            yield Record(first, [], problem)
        elif any(cells):
            yield Record(first, cells)


class _Lines:
    """The lines of a file for the CSV reader, long ones cut short; knows which of them had a problem."""

    def __init__(self, file: io.BufferedReader, encoding: str) -> None:
        self.number = 0
        self._text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
        self._problem: tuple[int, str] = (0, "")
        self._ended = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = "" if self._ended else self._text.readline(LONGEST_LINE)
        if not line:
            self._end()
            raise StopIteration
        self.number += 1
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            self._problem = (self.number, TOO_LONG)
            self._skip_rest()
            return "\n"
        if "\ufffd" in line:
            self._problem = (self.number, UNREADABLE)
        return line.replace("\0", "\ufffd")

    def _end(self) -> None:
        if not self._ended:
            self._text.detach()  # the file is the caller's to close
            self._ended = True

    def problem_since(self, line: int) -> str | None:
        number, problem = self._problem
        return problem if number >= line else None

    def _skip_rest(self) -> None:
        while (part := self._text.readline(LONGEST_LINE)) and not part.endswith("\n"):
            pass
