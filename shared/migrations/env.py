"""What Alembic runs: the migrations of one service, each in a transaction of its own, none waiting long for a lock."""

from alembic import context
from sqlalchemy import text

connection = context.config.attributes["connection"]
connection.execute(text("SET lock_timeout = '5s'"))
connection.execute(text("SET statement_timeout = '10min'"))
connection.commit()
context.configure(connection=connection, transaction_per_migration=True, target_metadata=None)
with context.begin_transaction():
    context.run_migrations()
