"""An image holds one service: with the files that a build would give it, and no others, all of its code imports.

The build is followed by its own texts: what `Dockerfile.dockerignore` lets through, and what the stage `code` copies.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from shared.card import NAMES

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SERVICES = [name for name in NAMES if (ROOT / "services" / name / "__init__.py").exists()]
IMPORT_ALL = """
import sys
from importlib import import_module
from pathlib import Path

sys.path.insert(0, ".")
here = Path.cwd()
for path in sorted(here.rglob("*.py")):
    way = path.relative_to(here).with_suffix("").parts
    # Alembic runs its own files; gunicorn's settings and the assets' installer are no modules.
    if way[0] != "deploy" and "migrations" not in way[:-1] and "assets" not in way:
        import_module(".".join(way).removesuffix(".__init__"))
found = {name: module.__file__ for name, module in sys.modules.items() if name.split(".")[0] in ("services", "shared")}
print(*sorted(name for name, file in found.items() if file and not Path(file).is_relative_to(here)))
"""


@pytest.mark.parametrize("service", SERVICES)
def test_all_code_of_an_image_imports_without_the_other_services(service, tmp_path):
    for path in image_of(service):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, tmp_path / path)
    beside = {path.name for path in (tmp_path / "services").iterdir() if path.is_dir()}
    assert beside == {service}
    clean = {"PATH": "/usr/bin:/bin"}
    imported = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL], cwd=tmp_path, env=clean, capture_output=True, text=True
    )
    assert (imported.returncode, imported.stdout.strip()) == (0, ""), imported.stderr
    roles = subprocess.run(
        [sys.executable, "-m", "services", service, "--help"], cwd=tmp_path, env=clean, capture_output=True, text=True
    )
    assert roles.returncode == 0, roles.stderr
    assert "http" in roles.stdout


def image_of(service: str) -> list[Path]:
    """The files that the image of a service holds, by their path in the repository."""
    code = (DEPLOY / "Dockerfile").read_text().partition(" AS code\n")[2].partition("\nFROM ")[0]
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", code, re.MULTILINE)
    assert copied, "the stage `code` copies nothing"
    sources = [ROOT / name for line in copied for name in line.replace("${SERVICE}", service).split()]
    files = [file for source in sources for file in ([source] if source.is_file() else source.rglob("*"))]
    return [
        path
        for path in (file.relative_to(ROOT) for file in files if file.is_file())
        if is_let_through(path) and path.name != "conftest.py"  # which the stage deletes
    ]


def is_let_through(path: Path) -> bool:
    """By the rules of the build: the last one counts that names the path, or a folder above it."""
    found = True
    for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines():
        if line and not line.startswith("#"):
            rule = expression(line.removeprefix("!"))
            if any(rule.fullmatch(str(part)) for part in [PurePosixPath(path), *PurePosixPath(path).parents][:-1]):
                found = line.startswith("!")
    return found


def expression(pattern: str) -> re.Pattern[str]:
    """`**` stands for any folders, `*` for anything in a name."""
    parts = re.split(r"(\*\*/|\*\*|\*)", pattern)
    meant = {"**/": r"(?:.*/)?", "**": ".*", "*": "[^/]*"}
    return re.compile("".join(meant.get(part) or re.escape(part) for part in parts))


@pytest.mark.parametrize(
    ("path", "let_through"),
    [
        ("shared/config.py", True),
        ("services/web/static/js/main.js", True),
        ("deploy/gunicorn.conf.py", True),
        ("services/demo/run.py", False),
        ("services/clients/tests/test_demo.py", False),
        ("services/clients/dislikes/tests/x/y.py", False),
        ("shared/testing/service.py", False),
        ("services/web/static/vendor/htmx.org/htmx.min.js", False),
        ("deploy/make_secrets.py", False),
        ("README.md", False),
    ],
)
def test_the_rules_of_the_build_are_read_as_docker_reads_them(path, let_through):
    assert is_let_through(Path(path)) == let_through
