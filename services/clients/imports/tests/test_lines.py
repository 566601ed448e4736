"""Files as they come: encodings, delimiters, and what is broken."""

from pathlib import Path

import pytest

from services.clients.imports.lines import LONGEST_LINE, BadFile, Record, look_at, records


def read(path: Path) -> list[Record]:
    facts = look_at(path)
    with path.open("rb") as file:
        return list(records(file, facts))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_usual_encoding_and_delimiter_is_read(encoding: str, delimiter: str, tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    lines = [["first_name", "last_name"], ["María", "Muñoz Ibáñez"], ["Begoña", "Núñez"], ["José", "Peña, hijo"]]
    cells = [delimiter.join(f'"{cell}"' for cell in line) for line in lines]
    path.write_bytes("\r\n".join(cells).encode(encoding))
    assert [record.cells for record in read(path)] == lines


def test_an_accent_late_in_a_long_file_still_tells_its_encoding(tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_bytes(b"first_name\n" + b"Ana\n" * 200_000 + "Begoña\n".encode("cp1252"))
    assert read(path)[-1].cells == ["Begoña"]


def test_a_line_of_ten_megabytes_is_a_problem_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_bytes(b"first_name\nAna\n" + b"x" * 10_000_000 + b"\nEva\n")
    found = read(path)
    assert [(record.line, record.cells) for record in found] == [
        (1, ["first_name"]),
        (2, ["Ana"]),
        (3, []),
        (4, ["Eva"]),
    ]
    assert found[2].problem and f"{LONGEST_LINE:,}" in found[2].problem


def test_a_quotation_mark_that_is_never_closed_costs_some_lines_and_not_the_file(tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text("first_name\nAna\n" + 'x"y"z\n' + '"Eva\n' + "Paula\n" * 10_000)
    found = read(path)
    assert [record.line for record in found if record.problem] == [4]
    assert sum(record.cells == ["Paula"] for record in found) > 5_000


def test_a_cell_may_have_line_breaks_and_the_number_is_of_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text('first_name,address_1\nAna,"Calle 1\nBajo"\n\nEva,\n')
    assert [(record.line, record.cells[0]) for record in read(path)] == [(1, "first_name"), (2, "Ana"), (5, "Eva")]


def test_bytes_that_are_no_text_are_a_problem_of_their_line(tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_bytes("\ufefffirst_name\nMaría\n".encode() + b"\xff\xfe\x00\nEva\n")
    assert [bool(record.problem) for record in read(path)] == [False, False, True, False]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_told_in_one_line(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_bytes(content)
    with pytest.raises(BadFile, match="must name the columns"):
        look_at(path)
