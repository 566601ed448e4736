"""Migrations are linear, make what the models say, and bring every table that all services have."""

from importlib import import_module
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from shared.card import installed
from shared.migrations.revisions import current_revision
from shared.migrations.run import scripts, upgrade
from shared.testing import rules
from shared.testing.platform_database import PLATFORM, new_platform_database

ROOT = Path(__file__).parents[2]
SERVICES = [service.name for service in installed() if "migrate" in service.roles]


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_are_linear_and_numbered(service):
    chain = ScriptDirectory.from_config(scripts(service))
    assert len(chain.get_heads()) == 1
    numbers = [revision.revision for revision in chain.walk_revisions()][::-1]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


@pytest.mark.parametrize("service", SERVICES)
def test_every_shared_table_is_brought(service):
    files = (ROOT / "services" / service / "migrations").glob("[0-9]*.py")
    called = set().union(*(rules.calls_in(file) for file in files))
    assert {make.__name__ for make in PLATFORM} <= called


@pytest.fixture
def shared_tables(postgres) -> set[str]:
    import psycopg

    url = new_platform_database(postgres)
    with psycopg.connect(url) as session:
        rows = session.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    postgres.drop_database(url.rpartition("/")[2])
    return {name for (name,) in rows} | {"alembic_version"}


@pytest.mark.parametrize("service", SERVICES)
def test_the_migrated_database_is_what_the_models_say(service_of, shared_tables, service):
    under_test = service_of(service)
    list(under_test.card.modules("models"))  # each room's tables register with the base
    base = import_module(f"services.{service}.models").Base

    def ours(thing, name, kind, reflected, compared) -> bool:
        return not (kind == "table" and reflected and name in shared_tables)

    with under_test.database.engine.connect() as connection:
        options = {"include_object": ours, "compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, base.metadata) == []


def test_migrate_of_a_release_that_is_rolled_back_to_leaves_the_newer_schema(service_of):
    under_test = service_of("clients")
    with under_test.database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    upgrade(under_test.config)
    with under_test.database.reading() as connection:
        assert current_revision(connection) == "9999"
