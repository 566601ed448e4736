"""Finds clients: the best first, over a million of them, as one types.

First by the beginnings of keys, in a b-tree, or by several words at once, in the one trigram index. Only when that
finds nobody, the name of a tag is looked for, and then a typing error: what is one letter off first, what is merely
similar last. After `#` only tags are looked at.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from services.clients.profiles.client import Client
from services.clients.profiles.rows import CLIENT, VISIBLE
from services.clients.profiles.search_text import NAME
from services.clients.search.asked import Asked, one_letter_off, read, tag_key
from shared.db import run

MOST_FOUND = 1000
"""A search tells the best of those it finds, up to here."""
RANKED = 500
"""Of how many who have all the words the best are chosen."""
SHORTEST_WITH_ERROR = 4
MOST_CORRECTIONS = 8

KEPT = f"""
    c.archived_at IS NULL AND {VISIBLE}
    AND (%(branch_id)s::uuid IS NULL OR c.preferred_branch_id = %(branch_id)s)
    AND (%(status_id)s::uuid IS NULL OR c.status_id = %(status_id)s)
    AND (%(tag_id)s::uuid IS NULL OR c.tag_ids @> ARRAY[%(tag_id)s::uuid])
"""
TAGGED = "AND c.tag_ids <> '{}' AND c.tag_ids && %(tag_ids)s::uuid[]"
"""Who has one of these; the first half is what the index says of whom it holds."""
LAST = "\U0010ffff"
"""Sorts after every other letter."""

BY_BEGINNING = f"""
    SELECT hit.client_id AS id
    FROM unnest(%(beginnings)s::text[]) WITH ORDINALITY AS begun (key, n)
    CROSS JOIN LATERAL (
        SELECT k.key, k.client_id FROM search_keys k JOIN clients c ON c.id = k.client_id
        WHERE k.key >= begun.key AND k.key < begun.key || '{LAST}' AND {KEPT}
        ORDER BY k.key, k.client_id LIMIT %(most)s
    ) AS hit
    ORDER BY begun.n, hit.key, hit.client_id LIMIT %(most)s
"""
KNOWN_BEGINNINGS = f"""
    SELECT begun.key FROM unnest(%(beginnings)s::text[]) WITH ORDINALITY AS begun (key, n)
    WHERE EXISTS (SELECT FROM search_keys k WHERE k.key >= begun.key AND k.key < begun.key || '{LAST}')
    ORDER BY begun.n LIMIT {MOST_CORRECTIONS}
"""
SIMILAR = f"""
    SELECT c.id FROM clients c WHERE %(typed)s <%% c.search_text AND {KEPT}
    ORDER BY %(typed)s <<-> c.search_text, c.id LIMIT %(most)s
"""
AMONG = "AND c.id = ANY(%(few)s::uuid[])"
WITH_TAG = {
    which: f"SELECT c.id FROM clients c WHERE {KEPT} {which} ORDER BY c.id DESC LIMIT %(most)s"
    for which in (TAGGED, AMONG)
}
ANY_WITH_TAG = f"SELECT c.id FROM clients c WHERE true {TAGGED} LIMIT %(most)s"
FEW = 2000
"""So many who have a tag are looked up one by one; when there are more, an order is walked until a page is full."""
TAGS = "SELECT id, name, names FROM tags"
BY_IDS = f"{CLIENT} WHERE c.id = ANY(%(ids)s::uuid[])"

Filters = dict[str, Any]
"""`branch_id`, `status_id`, `tag_id` and `within` (see `rows.VISIBLE`)."""


def find(connection: Connection, typed: str, filters: Filters, *, offset: int, limit: int) -> list[Client]:
    """The clients who are meant, the best first, from `offset`."""
    asked, bound = read(typed), {**filters, "most": min(offset + limit, MOST_FOUND)}
    for step in (_exactly, _tagged, _one_letter_off, _similar):
        if found := step(connection, asked, bound):
            return clients_of(connection, list(dict.fromkeys(found))[offset : offset + limit])
    return []


def clients_of(connection: Connection, ids: Sequence[UUID]) -> list[Client]:
    """The clients with these ids, in this order."""
    rows = {row["id"]: row for row in run(connection, BY_IDS, {"ids": list(ids)})}
    return [rows[client_id] for client_id in ids if client_id in rows]


def _exactly(connection: Connection, asked: Asked, bound: Filters) -> list[UUID]:
    found: list[UUID] = []
    if asked.beginnings:
        found = _ids(connection, BY_BEGINNING, bound | {"beginnings": list(asked.beginnings)})
    if not found and asked.parts:
        found = _by_parts(connection, [[part] for part in asked.parts], bound)
    return found


def with_tags(connection: Connection, tag_ids: Sequence[UUID]) -> tuple[str, Filters]:
    """The condition for who has one of these tags, and what it takes.

    PostgreSQL takes any rare tag for one that 0.5 % have, and would walk a million clients to meet ten of them.
    """
    found = _ids(connection, ANY_WITH_TAG, {"tag_ids": tag_ids, "most": FEW + 1})
    return (AMONG, {"few": found}) if len(found) <= FEW else (TAGGED, {"tag_ids": tag_ids})


def _tagged(connection: Connection, asked: Asked, bound: Filters) -> list[UUID]:
    """Those who have a tag of which the name begins so in any language, the newest first. A chain has few tags."""
    if not asked.tag:
        return []
    meant = [
        tag["id"]
        for tag in run(connection, TAGS, {})
        if any(tag_key(name).startswith(asked.tag) for name in (tag["name"], *tag["names"].values()))
    ]
    if not meant:
        return []
    which, values = with_tags(connection, meant)
    return _ids(connection, WITH_TAG[which], bound | values)


def _one_letter_off(connection: Connection, asked: Asked, bound: Filters) -> list[UUID]:
    if max(map(len, asked.words), default=0) < SHORTEST_WITH_ERROR:
        return []
    meant = [_corrections(connection, word) for word in asked.words]
    if len(meant) == 1:
        return _ids(connection, BY_BEGINNING, bound | {"beginnings": [NAME + word for word in meant[0]]})
    if not all(meant):
        return []
    # Most people err in one word: a word that begins somebody's name is first taken for right.
    likely = [words[:1] if words[0] == typed else words for words, typed in zip(meant, asked.words, strict=True)]
    return _with_words(connection, likely, bound) or _with_words(connection, meant, bound)


def _with_words(connection: Connection, words: list[list[str]], bound: Filters) -> list[UUID]:
    return _by_parts(connection, [[f"% {word}%" for word in alternatives] for alternatives in words], bound)


def _corrections(connection: Connection, word: str) -> list[str]:
    """The words that begin a name somebody has, and may be what was meant; the one that was typed first."""
    words = [word] if len(word) < SHORTEST_WITH_ERROR else [word, *one_letter_off(word)]
    keys = list(dict.fromkeys(NAME + one for one in words))
    return [row["key"][1:] for row in run(connection, KNOWN_BEGINNINGS, {"beginnings": keys})]


def _similar(connection: Connection, asked: Asked, bound: Filters) -> list[UUID]:
    typed = " ".join(asked.words)
    if len(typed) < SHORTEST_WITH_ERROR:
        return []
    return _ids(connection, SIMILAR, bound | {"typed": typed})


def _by_parts(connection: Connection, parts: list[list[str]], bound: Filters) -> list[UUID]:
    """Those whose text has one of each list of parts; who has most of them as whole words first."""
    values = {f"p{n}_{m}": part for n, parts_ in enumerate(parts) for m, part in enumerate(parts_)}
    return _ids(connection, _having_parts(tuple(len(one) for one in parts)), bound | values)


def _ids(connection: Connection, statement: str, values: Filters) -> list[UUID]:
    return [row["id"] for row in run(connection, statement, values)]


@cache
def _having_parts(sizes: tuple[int, ...]) -> str:
    """The statement for so many parts with so many alternatives each; written out, since an index takes no LIKE ANY."""
    places = [[f"%(p{n}_{m})s::text" for m in range(size)] for n, size in enumerate(sizes)]
    having = " AND ".join("(" + " OR ".join(f"c.search_text LIKE {one}" for one in ones) + ")" for ones in places)
    whole = " + ".join(
        f"(hit.search_text || ' ' LIKE left({one}, -1) || ' %%')::int" for ones in places for one in ones
    )
    return f"""
        SELECT hit.id FROM (
            SELECT c.id, c.search_text FROM clients c WHERE {having} AND {KEPT} LIMIT {RANKED}
        ) AS hit ORDER BY {whole} DESC, hit.search_text, hit.id LIMIT %(most)s
    """
