"""Each guard is seen to fail: a violation of its rule is planted in a copy of the house (`make test-guards`)."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUARDS = "tests-e2e/guards"
CARD = "services/clients/__init__.py"
MIGRATION = "services/clients/migrations/0001_house.py"

pytestmark = [pytest.mark.planted, pytest.mark.timeout(300)]


@dataclass(frozen=True)
class Plant:
    """`old` becomes `new` in a file; without `old`, `new` is put at its end."""

    guard: str
    file: str
    new: str
    old: str = ""
    seen: str = ""
    """What the guard then says."""


HOUSE = f"{GUARDS}/test_house.py"
EVENTS = f"{GUARDS}/test_events.py::test_"
ROUTES = f"{GUARDS}/test_routes.py::test_every_"
MIGRATIONS = f"{GUARDS}/test_migrations.py::test_"
PUBLISHED = "shared/contracts/tests/test_published.py::test_"
SECOND_HEAD = """\
revision = "0002"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
"""

PLANTS = {
    "a service imports another": Plant(
        HOUSE, "services/clients/app.py", "import services.directory.app\n", seen="imports services.directory.app"
    ),
    "shared imports a service": Plant(
        HOUSE, "shared/ids.py", "from services.clients import CARD\n", seen="imports services.clients.CARD"
    ),
    "somebody reads the environment": Plant(
        HOUSE, "shared/ids.py", "import os\n\nHOME = os.environ['HOME']\n", seen="reads os.environ"
    ),
    "somebody asks Python for the time": Plant(
        HOUSE, "shared/ids.py", "from datetime import datetime\n\nBEGAN = datetime.now()\n", seen="asks datetime.now"
    ),
    "somebody asks the database for the time": Plant(
        HOUSE, MIGRATION, "timestamptz NOT NULL DEFAULT now()", "timestamptz NOT NULL", "asks now()"
    ),
    "a service needs what its image does not hold": Plant(
        f"{GUARDS}/test_images.py", "services/clients/app.py", "import shared.testing.rules\n", seen="shared.testing"
    ),
    "somebody sleeps": Plant(
        HOUSE, "shared/ids.py", "import time\n\n\ndef nap():\n    time.sleep(1)\n", seen="asks time.sleep"
    ),
    "an action publishes": Plant(
        HOUSE, "services/clients/app.py", "def shout(bus):\n    bus.publish([])\n", seen="calls publish"
    ),
    "a service speaks to the broker": Plant(HOUSE, "services/clients/app.py", "import kombu\n", seen="imports kombu"),
    "a card forgets what is emitted": Plant(
        f"{EVENTS}the_card_says_what_the_code_emits", CARD, "", "        clients.DISLIKE_ADDED,\n", "dislike.added.v1"
    ),
    "a card forgets what is heard": Plant(
        f"{EVENTS}the_card_says_what_the_code_reacts_to",
        CARD,
        "",
        "        directory.SESSION_ENDED,\n",
        "session.ended",
    ),
    "a card forgets a room": Plant(
        f"{EVENTS}the_card_says_which_rooms_there_are", CARD, "", '        "dislikes",\n', "dislikes"
    ),
    "a card names a role that no code needs": Plant(
        f"{EVENTS}a_service_has_the_roles_that_its_code_needs",
        "services/web/__init__.py",
        'roles=("http", "relay")',
        'roles=("http",)',
        "relay",
    ),
    "a contract that no code emits": Plant(
        f"{EVENTS}a_contract_is_whole_and_somebody_emits_it",
        "shared/contracts/clients.py",
        'CLIENT_SHOUTED = Contract("clients.client.shouted.v1", Nothing, "They shouted.", {})\n',
        seen="no code emits it",
    ),
    "a contract without its example": Plant(
        f"{EVENTS}a_contract_is_whole_and_somebody_emits_it",
        "shared/contracts/clients.py",
        "{}",
        '{"blocked": True}',
        "blocked",
    ),
    "bindings that stay": Plant(
        f"{EVENTS}queues_and_bindings",
        "shared/events/rabbitmq.py",
        "for type_ in ():",
        "for type_ in {*Contract.known, *no_more} - set(types):",
        "clients.client.registered.v1",
    ),
    "a route that forgets to ask": Plant(
        f"{ROUTES}route", "shared/api/door.py", "guarded.forgotten = needs", "guarded.needs = needs", "/api/v1/"
    ),
    "a page that is open": Plant(
        f"{ROUTES}page", "services/web/session/views.py", "    return None\n", "    raise SignedOut\n", "OPEN_PAGES"
    ),
    "two heads of migrations": Plant(
        f"{MIGRATIONS}migrations_are_linear", "services/clients/migrations/0002_more.py", SECOND_HEAD, seen="heads"
    ),
    "a migration that makes another column": Plant(
        f"{MIGRATIONS}the_migrated_database",
        MIGRATION,
        "booking_block_reason bytea",
        "booking_block_reason text",
        "booking_block_reason",
    ),
    "a shared table that is not brought": Plant(
        f"{MIGRATIONS}every_shared_table",
        "shared/migrations/tables.py",
        "def platform_99() -> None:\n    pass\n",
        seen="platform_99",
    ),
    "a published schema that differs": Plant(
        f"{PUBLISHED}the_published_files",
        "shared/contracts/directory.py",
        '"New."',
        '"The chain has a new branch."',
        "build",
    ),
    "a break of a contract": Plant(
        f"{PUBLISHED}no_change_breaks",
        "shared/contracts/directory.py",
        "    session_id = fields.String(required=True)",
        "    session_id = fields.UUID(required=True)",
        "format was uuid",
    ),
    "psycopg before gevent": Plant(
        f"{GUARDS}/test_sleeping.py::test_they_overlap_in_relay",
        "services/__main__.py",
        "import click\nimport psycopg\n",
        "import click\n",
        "< 3.0",
    ),
    "a role that does not stand in compose": Plant(
        "deploy/tests/test_every_role_stands.py",
        "docker-compose.yml",
        "  clients-relay: {<<: *clients, command: [http]",
        "  clients-relay: {<<: *clients, command: [relay]",
        "relay",
    ),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Path:
    """A copy of what is committed or about to be."""
    copy = tmp_path_factory.mktemp("house")
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    for name in ("services/web/assets/node_modules", "services/web/static"):
        if (ROOT / name).exists() and not (copy / name).exists():
            (copy / name).symlink_to(ROOT / name)
    return copy


@pytest.mark.parametrize("name", PLANTS)
def test_a_guard_sees_what_was_planted(house, name):
    plant = PLANTS[name]
    file = house / plant.file
    before = file.read_text() if file.exists() else None
    if plant.old:
        assert before is not None
        assert plant.old in before, "there is nothing to replace any more"
        file.write_text(before.replace(plant.old, plant.new))
    else:
        gap = "\n\n" if before else ""
        file.write_text(f"{before or ''}{gap}{plant.new}")
    try:
        asked = guard(house, plant.guard)
    finally:
        file.unlink() if before is None else file.write_text(before)
    assert asked.returncode != 0, "it sees nothing"
    assert plant.seen in asked.stdout, asked.stdout[-3000:]


def guard(house: Path, test: str) -> subprocess.CompletedProcess[str]:
    """Runs the tests whose names begin so."""
    file, _, name = test.partition("::")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-k", name or "test_", file]
    return subprocess.run(command, cwd=house, capture_output=True, text=True, timeout=280)
