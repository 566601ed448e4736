"""The program that prints: `print.py FOLDER` makes `paper.pdf` of `paper.json` and the pictures beside it."""

import sys
from pathlib import Path

import typst

LOOK = Path(__file__).with_name("paper.typ")


def main(folder: Path) -> None:
    (folder / "paper.typ").write_text(LOOK.read_text())
    typst.compile(folder / "paper.typ", output=folder / "paper.pdf", root=folder, ignore_system_fonts=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
