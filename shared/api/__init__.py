"""The HTTP door, the same for every service: problems, permissions, versions, pages, OpenAPI, health, metrics."""

from shared.api.door import ANYONE, CLIENT, PUBLIC, Door, principal
from shared.api.platform import platform, reading, transaction

__all__ = ["ANYONE", "CLIENT", "PUBLIC", "Door", "platform", "principal", "reading", "transaction"]
