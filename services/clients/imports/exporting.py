"""Writes every client as a line of a CSV file that `import` reads."""

import csv
from typing import Any, TextIO

from sqlalchemy import text

from services.clients.imports.columns import COLUMNS, line_of
from services.clients.profiles.rows import READ
from shared.db import Database

CLIENTS = text(
    f"""
    SELECT {", ".join(f"c.{name}" for name in READ)}, substr(i.key, 2) AS external_id
    FROM clients c LEFT JOIN (SELECT client_id, min(key) AS key FROM imported_lines WHERE key LIKE 'x%'
        GROUP BY client_id) AS i ON i.client_id = c.id
    WHERE c.archived_at IS NULL ORDER BY c.id
    """
)
NAMES = text(
    "SELECT id, name FROM branches UNION ALL SELECT id, name FROM statuses UNION ALL SELECT id, name"
    " FROM referral_methods UNION ALL SELECT id, name FROM tags WHERE active"
)
PAGE = 2000


def export(database: Database, out: TextIO) -> int:
    """Writes all clients but archived ones, as of one moment; answers how many. Memory stays flat.

    Who came without an external id gets ours, by which `import` knows them again.
    """
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    count = 0
    with database.engine.connect() as connection:
        names: dict[Any, str] = {row.id: row.name for row in connection.execute(NAMES)}
        rows = connection.execution_options(yield_per=PAGE).execute(CLIENTS).mappings()
        for page in rows.partitions():
            writer.writerows(line_of(row, row["external_id"] or str(row["id"]), names) for row in map(dict, page))
            count += len(page)
    return count
