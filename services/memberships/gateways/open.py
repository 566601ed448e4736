"""The gateway of this installation: one object per account, made once and kept."""

from functools import cache

from services.memberships.gateways.port import Gateway
from services.memberships.gateways.sandbox_gateway import Call, SandboxGateway, over_http
from shared.config import Config


def gateway(config: Config, account: str) -> Gateway:
    """Safe to ask for again and again: the same object, with its open connections. Raises BadConfiguration without
    the secret of the account."""
    return sandbox(config, account)


def sandbox(config: Config, account: str) -> SandboxGateway:
    key = config.secret("sandbox-key")
    return SandboxGateway(account, _sandbox_calls(config.sandbox_url, key), key, config.base_url)


@cache
def _sandbox_calls(url: str, key: str) -> Call:
    return over_http(url, key)
