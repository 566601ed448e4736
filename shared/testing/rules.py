"""The rules of the house that can be read off its text. Each answers who breaks it, as "file:line what".

They are given the root of the house, so that a test can plant a violation in a copy of it.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ENVIRONMENT = "shared/config.py"
CLOCK = "shared/clock.py"
MAY_SLEEP = {
    "shared/postgres_server.py": "waits for a process",
    "shared/aside.py": "gives way, and waits for nothing",
    "services/demo/supervisor.py": "looks at its processes",
    "services/demo/leftovers.py": "waits for processes to end",
}
"""Who waits on time, and measures how long: nobody else has to."""
MAY_MEASURE = {"shared/telemetry.py": "how long a request took"}
RELAY, TRANSPORT = "shared/events/relay.py", "shared/events/rabbitmq.py"
BROKER_CLIENTS = {"amqp", "kombu", "pika"}
TIME_IN_SQL = re.compile(
    r"\b(now\(\)|(clock|statement|transaction)_timestamp\(\)|(current_(date|time|timestamp)|local(time|timestamp))\b)",
    re.IGNORECASE,
)
TIME_IN_PYTHON = {
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "monotonic"),
    ("time", "perf_counter"),
    ("time", "sleep"),
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("func", "now"),
    ("func", "current_date"),
    ("func", "current_timestamp"),
}

Tree = ast.Module


def imports_of_other_services(root: Path) -> list[str]:
    """Services never import each other. The demo knows them all."""
    broken = []
    for path, tree in _sources(root, "services/*/**/*.py"):
        own = path.split("/")[1]
        broken += [
            f"{path}:{line} imports {name}"
            for line, name in _imports(tree)
            if own != "demo" and name.startswith("services.") and name.split(".")[1] != own
        ]
    return broken


def imports_of_services(root: Path) -> list[str]:
    """`shared` knows no service."""
    return [
        f"{path}:{line} imports {name}"
        for path, tree in _sources(root, "shared/**/*.py")
        for line, name in _imports(tree)
        if name.split(".")[0] == "services"
    ]


def readers_of_the_environment(root: Path) -> list[str]:
    """Only `shared/config.py` reads the environment."""
    return [
        f"{path}:{line} reads {name}"
        for path, tree in _sources(root, "*/**/*.py")
        if path != ENVIRONMENT and path.split("/")[0] in ("shared", "services", "deploy")
        for line, name in [*_attributes(tree), *_imports(tree)]
        if name in ("os.environ", "os.environb", "os.getenv", "os.putenv")
    ]


def askers_of_the_time(root: Path) -> list[str]:
    """Only `shared/clock.py` asks for the time, in Python as in SQL; only named places wait on it."""
    broken = []
    for path, tree in _sources(root, "*/**/*.py"):
        if path == CLOCK or path in MAY_SLEEP or path in MAY_MEASURE or not _is_the_product(path):
            continue
        asked = [(line, name) for line, name in _attributes(tree) if tuple(name.split(".")[-2:]) in TIME_IN_PYTHON]
        asked += [(line, name) for line, name in _imports(tree) if tuple(name.split(".")) in TIME_IN_PYTHON]
        asked += [(line, found[0]) for line, text in _texts(tree) if (found := TIME_IN_SQL.search(text))]
        broken += [f"{path}:{line} asks {name}" for line, name in asked]
    return broken


def publishers(root: Path) -> list[str]:
    """Only the relay publishes, and only the transport speaks to a broker."""
    broken = []
    for path, tree in _sources(root, "*/**/*.py"):
        if not _is_the_product(path):
            continue
        if path != RELAY:
            broken += [f"{path}:{line} calls publish" for line, name in _calls(tree) if name == "publish"]
        if path != TRANSPORT:
            broken += [f"{path}:{line} calls {name}" for line, name in _calls(tree) if name == "basic_publish"]
            broken += [f"{path}:{line} imports {n}" for line, n in _imports(tree) if n.split(".")[0] in BROKER_CLIENTS]
    return broken


def said_by(root: Path, service: str) -> set[str]:
    """The names of the contracts that a service's code uses for anything but to listen: what it emits."""
    said: set[str] = set()
    for path, tree in _sources(root, f"services/{service}/**/*.py"):
        if not _is_the_product(path) or path == f"services/{service}/__init__.py":
            continue
        listened = {
            id(argument)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "on"
            for argument in node.args
        }
        names = {
            (each.asname or each.name): each.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("shared.contracts")
            for each in node.names
        }
        for node in ast.walk(tree):
            if id(node) in listened:
                continue
            if isinstance(node, ast.Name) and node.id in names:
                said.add(names[node.id])
            elif isinstance(node, ast.Attribute) and getattr(node.value, "id", None) in names:
                said.add(node.attr)
    return {name for name in said if name.isupper()}


def calls_in(path: Path) -> set[str]:
    """The names of what a file calls."""
    return {name for _, name in _calls(ast.parse(path.read_text()))}


def _is_the_product(path: str) -> bool:
    """Not a test, nor what tests are made of, nor a tool beside the product."""
    parts = path.split("/")
    return (
        parts[0] in ("shared", "services", "deploy")
        and "tests" not in parts
        and "testing" not in parts
        and parts[-1] != "conftest.py"
    )


def _sources(root: Path, pattern: str) -> Iterator[tuple[str, Tree]]:
    for path in sorted(root.glob(pattern)):
        name = path.relative_to(root).as_posix()
        if "node_modules" not in name and not name.startswith("."):
            yield name, ast.parse(path.read_text())


def _imports(tree: Tree) -> Iterator[tuple[int, str]]:
    """What is imported, each name with its module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, each.name) for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{each.name}") for each in node.names)


def _attributes(tree: Tree) -> Iterator[tuple[int, str]]:
    """`a.b` of every `a.b`, and `x.a.b` too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            yield node.lineno, ast.unparse(node)


def _calls(tree: Tree) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, str(getattr(node.func, "attr", None) or getattr(node.func, "id", ""))


def _texts(tree: Tree) -> Iterator[tuple[int, str]]:
    """The strings of the code, without its docstrings."""
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value
