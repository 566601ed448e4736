"""How an address or a number is compared, shown in part, and placed on the globe."""

import hashlib
import hmac
from functools import lru_cache
from pathlib import Path

import phonenumbers
from phonenumbers import timezone
from sqlalchemy.orm import Session

from shared.config import Config

UNKNOWN_ZONE = "Etc/Unknown"


def hashed(session: Session, channel: str, address: str) -> str:
    """An address as it is kept where the address itself may not be: nobody without the key can guess it back."""
    return keyed(key_of(session.info["config"]), channel, address)


def keyed(key: bytes, channel: str, address: str) -> str:
    return hmac.new(key, f"{channel}:{address.casefold()}".encode(), hashlib.sha256).hexdigest()


_keys: dict[Path, bytes] = {}


def key_of(config: Config) -> bytes:
    """Read once: it is asked for with each event of a client."""
    if config.secrets not in _keys:
        _keys[config.secrets] = config.secret("suppression-key").encode()
    return _keys[config.secrets]


def masked(channel: str, address: str) -> str:
    """Enough for its owner to know it again, and for nobody else."""
    if channel == "email":
        local, _, domain = address.rpartition("@")
        return f"{local[:1]}•••@{domain}"
    return f"{address[:3]} ••• {address[-2:]}" if channel == "sms" else ""


@lru_cache(10_000)
def zones_of(number: str) -> tuple[str, ...]:
    """The time zones in which a telephone with this number may ring; none when nobody knows."""
    try:
        found = timezone.time_zones_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return ()
    return tuple(zone for zone in found if zone != UNKNOWN_ZONE)
