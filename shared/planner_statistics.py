"""Has the server count tables that have grown much: it plans by what it counted last.

PostgreSQL does so by itself, a minute or more after a table has changed. Until then a table that was empty is read from
end to end where an index would do, and a session that prepared a statement meanwhile keeps to that plan. So whoever
writes thousands of rows at once has them counted on the way.
"""

import psycopg
from psycopg import sql

from shared.db import Database
from shared.readers import driver

GROWN = """
    SELECT relname FROM pg_class
    WHERE oid = ANY(%(tables)s::regclass[]) AND pg_relation_size(oid) / current_setting('block_size')::int >
        greatest(2 * relpages, 100)
    ORDER BY relname
"""
"""Tables of twice as many pages as when they were counted; the first hundred pages are read as fast as any index."""


def count_grown(database: Database, *tables: str) -> None:
    """Counts those of the tables that are twice as large as when they were counted last, and no other. Every session
    plans anew what it does with them."""
    with database.reading() as connection:
        session: psycopg.Connection = driver(connection)
        for (name,) in session.execute(GROWN, {"tables": list(tables)}).fetchall():
            session.execute(sql.SQL("ANALYZE (SKIP_LOCKED) {}").format(sql.Identifier(name)))
