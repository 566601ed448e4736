"""What the sandbox is asked, by method and path, and which page of the book answers it."""

import re
from collections.abc import Callable
from typing import Any

from services.memberships.gateways.sandbox.book import Book, Refused

Body = dict[str, Any]
Asked = Callable[[Book, Body, str], Any]

NAME = r"([a-z]+_[0-9a-f]{32})"
CARD_CHANGES = ("behaves", "last_four", "exp_month", "exp_year")

ROUTES: tuple[tuple[str, str, Asked], ...] = (
    ("POST", "/v1/customers", lambda book, body, _: book.add_customer(body["account"], body["client_id"])),
    ("POST", "/v1/setups", lambda book, body, _: book.begin_setup(**body)),
    ("GET", f"/v1/setups/{NAME}", lambda book, _, name: book.setup(name)),
    ("POST", f"/v1/setups/{NAME}/finish", lambda book, body, name: book.finish_setup(name, body["behaves"])),
    ("GET", f"/v1/cards/{NAME}", lambda book, _, name: book.card(name)),
    ("DELETE", f"/v1/cards/{NAME}", lambda book, _, name: book.remove_card(name)),
    (
        "PATCH",
        f"/v1/cards/{NAME}",
        lambda book, body, name: book.change_card(name, **{k: v for k, v in body.items() if k in CARD_CHANGES}),
    ),
    ("POST", "/v1/payments", lambda book, body, _: book.create(**body)),
    ("GET", f"/v1/payments/{NAME}", lambda book, _, name: book.payment(name)),
    ("POST", f"/v1/payments/{NAME}/confirm", lambda book, _, name: book.confirm(name)),
    ("POST", f"/v1/payments/{NAME}/ask-client", lambda book, body, name: book.ask_client(name, body["return_url"])),
    ("POST", f"/v1/payments/{NAME}/cancel", lambda book, _, name: book.cancel(name)),
    (
        "POST",
        f"/v1/payments/{NAME}/refunds",
        lambda book, body, name: book.refund(name, body["amount"], body["refund_id"]),
    ),
    ("GET", f"/v1/payments/{NAME}/refunds", lambda book, _, name: {"refunds": book.refunds_of(name)}),
    ("GET", f"/v1/refunds/{NAME}", lambda book, _, name: book.refund_named(name)),
    ("GET", f"/v1/disputes/{NAME}", lambda book, _, name: book.dispute(name)),
    ("POST", f"/v1/disputes/{NAME}/close", lambda book, body, name: book.close_dispute(name, body["state"])),
)
_COMPILED = tuple((method, re.compile(pattern), asked) for method, pattern, asked in ROUTES)


def answer(book: Book, method: str, path: str, body: Body) -> tuple[int, Body]:
    """Status and body. What the book refuses is 400 with its code, an unknown path 404."""
    for wanted, pattern, asked in _COMPILED:
        if wanted == method and (match := pattern.fullmatch(path)):
            return _said(book, asked, body, match[1] if match.lastindex else "")
    return 404, {"code": "no_such_path"}


def _said(book: Book, asked: Asked, body: Body, name: str) -> tuple[int, Body]:
    try:
        return 200, asked(book, body, name)
    except Refused as error:
        return 400, {"code": str(error)}
    except (KeyError, TypeError) as error:
        return 400, {"code": "malformed", "message": repr(error)}
