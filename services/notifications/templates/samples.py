"""Three clients who do not exist, for whom a template is filled in before it is saved. Pure."""

from datetime import timedelta
from typing import Any

from services.notifications.catalogue.message_type import MessageType
from services.notifications.templates.engine import Plain
from services.notifications.templates.wording import Reader, worded
from shared import clock

READER = {"es": Reader("es", "ES", "Europe/Madrid"), "en": Reader("en", "US", "America/New_York")}
CLIENTS = (
    ("María José", "María José Fernández-Villaverde de la Torre"),
    ("Zoë", "Zoë O’Neil <b>& Sons</b>"),
    ("李", "李小龍"),
)
CALLED = {"plan": "Mensual Facial", "membership_plan": "Mensual Facial", "service": "Limpieza facial profunda"}


def filled_in(kind: MessageType, language: str, chain: str) -> list[dict[str, Plain]]:
    """The values for each of them: one for whom the event says everything, one for whom it says the least."""
    common = {"chain": chain, "branch": "Salamanca", "language": language, **dict.fromkeys(kind.secret, "https://…")}
    everything = worded(kind, _data(), READER[language], lambda what, value: CALLED[what])
    least: dict[str, Plain] = {name: [] if isinstance(value, list) else None for name, value in everything.items()}
    answers = (
        everything,
        {**everything, **{n: v for n, v in least.items() if kind.values[n].how in OPTIONAL}},
        everything,
    )
    return [
        {"first_name": first, "name": name, **common, **values}
        for (first, name), values in zip(CLIENTS, answers, strict=True)
    ]


OPTIONAL = ("plan", "membership_plan", "service", "services", "date", "last_day", "moment")
"""What an event may leave out."""


def _data() -> Any:
    """Something under every member that any type reads."""
    soon = clock.now() + timedelta(days=3)
    ids = {"service_id": "1", "plan_id": "1", "membership_id": "1", "services": [{"service_id": "1", "quantity": 1}]}
    days = (
        "starts_on",
        "next_payment_on",
        "period_starts_on",
        "period_ends_on",
        "frozen_from",
        "frozen_until",
        "ends_on",
    )
    moments = {name: soon.isoformat() for name in ("starts_at", "previous_starts_at", "next_attempt_at", "due_at")}
    texts = {"invoice_number": "M-000017", "card_brand": "visa", "brand": "visa", "card_last_four": "4242"}
    more = {"last_four": "7K2M", "package_name": "Bono 10 masajes", "title": "Te quedan 2 sesiones", "text": "Hola"}
    more["form_name"] = "Consentimiento de láser"
    numbers = {"amount": 4900, "fee": 9800, "currency": "EUR", "days": 15, "minutes_early": 10, "topic": "arrival"}
    dates = {name: soon.date().isoformat() for name in (*days, "expires_on")}
    return ids | dates | moments | texts | more | numbers
