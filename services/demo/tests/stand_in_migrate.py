import psycopg

from shared.config import load

with psycopg.connect(load("clients").database_url) as session:
    session.execute("create table if not exists notes (note text primary key)")
