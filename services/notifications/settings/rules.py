"""What holds for a branch: its own settings over the chain's over the defaults. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import time
from functools import lru_cache
from typing import Any

import orjson

from services.notifications.catalogue.message_type import CHANNELS, KINDS

Layer = Mapping[str, Any]

MIDNIGHT = "24:00"
DEFAULT_ON: Mapping[str, Mapping[str, bool]] = {
    kind: {channel: kind != "marketing" for channel in CHANNELS} for kind in KINDS
}
"""A default is no consent: marketing is off until somebody has agreed."""


@dataclass(frozen=True, slots=True)
class Rules:
    opens: str = "08:00"
    """Before this time of the client's day nothing rings that can wait."""
    closes: str = "21:00"
    marketing_most: int = 3
    """Advertising messages to one client, over all campaigns and channels, within `marketing_days`."""
    marketing_days: int = 7
    defaults: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    """By kind and channel, where it is not as by default."""
    sender: Mapping[str, str] = field(default_factory=dict)
    """`from` and `reply_to` of e-mail, `number` of an SMS."""

    @classmethod
    def of(cls, *layers: Layer | None) -> "Rules":
        """The later a layer, the more it counts; defaults and sender are put together name by name."""
        found: dict[str, Any] = {"defaults": {}, "sender": {}}
        for layer in layers:
            for name, value in (layer or {}).items():
                if name == "defaults":
                    for kind, switches in value.items():
                        found["defaults"][kind] = {**found["defaults"].get(kind, {}), **switches}
                elif name == "sender":
                    found["sender"] = {**found["sender"], **value}
                else:
                    found[name] = value
        return cls(**{each.name: found[each.name] for each in fields(cls) if each.name in found})

    def is_on(self, kind: str, channel: str) -> bool:
        """For a client who has chosen nothing."""
        if kind == "marketing":
            return False
        return self.defaults.get(kind, {}).get(channel, DEFAULT_ON.get(kind, {}).get(channel, True))

    @property
    def day(self) -> tuple[time, time]:
        closes = time.max if self.closes == MIDNIGHT else time.fromisoformat(self.closes)
        return time.fromisoformat(self.opens), closes


@lru_cache(1000)
def read(*layers: str | None) -> Rules:
    """`Rules.of` layers as JSON: put together once for all messages of a branch, as long as its settings are these."""
    return Rules.of(*(orjson.loads(layer) if layer else None for layer in layers))
