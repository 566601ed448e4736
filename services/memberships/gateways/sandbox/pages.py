"""The sandbox's pages for people: the form where a card is chosen, and the bank that asks the client to confirm.

A page's address holds a name that nobody guesses; whoever has it is the client.
"""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from babel.numbers import format_currency, get_currency_precision
from jinja2 import Environment, FileSystemLoader
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from services.memberships.gateways.sandbox.book import Book, Refused, Row
from services.memberships.gateways.sandbox.cards import CARDS
from shared.words import LANGUAGES, Words, language, say, speak

Answer = tuple[int, list[tuple[str, str]], bytes]

HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
]
CHOOSE, BANK = Words("Which card shall it be?"), Words("Your bank")
NAMES = {
    "accepted": Words("Accepted"),
    "soft_decline": Words("Declined, may be tried again"),
    "hard_decline": Words("Declined for good"),
    "insufficient_funds": Words("Not enough money"),
    "expired": Words("Expired"),
    "needs_client": Words("The bank asks the client each time"),
    "slow": Words("A slow bank"),
    "answer_lost": Words("Paid, and the answer is lost"),
    "refund_fails": Words("A refund fails later"),
    "disputed": Words("Each payment is disputed later"),
}
SAID = (
    Words("This is the sandbox: no money moves."),
    Words("Do you confirm this payment?"),
    Words("Confirm"),
    Words("Refuse"),
    Words("The payment is confirmed. You may close this page."),
    Words("Nothing was paid. You may close this page."),
    Words("The card is saved. You may close this page."),
    Words("Save this card"),
)
"""What the templates say; here so that the translations are held complete."""

_templates = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)


def answer(book: Book, environ: dict[str, Any], body: bytes) -> Answer:
    """A page, or after a form the way back."""
    accepted = parse_accept_header(environ.get("HTTP_ACCEPT_LANGUAGE", ""), LanguageAccept)
    speak(accepted.best_match(LANGUAGES) or "en")
    page, _, name = environ["PATH_INFO"].removeprefix("/sandbox/").partition("/")
    form = {field: values[0] for field, values in parse_qs(body.decode()).items()}
    shown = {"bank": _bank, "cards": _card_form}.get(page)
    try:
        return shown(book, name, form) if shown else (404, HEADERS, b"")
    except Refused:
        return 404, HEADERS, b""


def _bank(book: Book, name: str, form: dict[str, str]) -> Answer:
    payment = book.payment(name)
    if form:
        payment = book.answer_bank(name, form.get("answer") == "yes")
        if payment["return_url"]:
            return _back_to(payment["return_url"])
    return _page("bank.html", BANK, payment=payment, card=book.card(payment["card"]), amount=_amount(payment))


def _card_form(book: Book, secret: str, form: dict[str, str]) -> Answer:
    setup = book.setup(secret)
    if form:
        setup = book.finish_setup(secret, form.get("card", ""))
        if setup["return_url"]:
            return _back_to(setup["return_url"])
    return _page("card.html", CHOOSE, setup=setup, cards={name: NAMES[name] for name in CARDS})


def _page(template: str, title: Words, **values: Any) -> Answer:
    page = _templates.get_template(template).render(title=say(title), say=say, language=language(), **values)
    return 200, HEADERS, page.encode()


def _back_to(url: str) -> Answer:
    return 303, [*HEADERS, ("Location", url)], b""


def _amount(payment: Row) -> str:
    major = payment["amount"] / 10 ** get_currency_precision(payment["currency"])
    return str(format_currency(major, payment["currency"], locale=language()))
