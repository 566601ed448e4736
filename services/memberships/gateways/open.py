"""The gateway of this installation: one object per account, made once and kept with its open connections."""

from collections.abc import Mapping
from functools import cache

from services.memberships.gateways.port import BadSignature, Gateway, Said
from services.memberships.gateways.sandbox_gateway import Call, SandboxGateway, over_http
from shared.config import Config

STRIPE_KEY, STRIPE_PUBLISHABLE, STRIPE_WEBHOOK = "stripe-key-", "stripe-publishable-key-", "stripe-webhook-"


def gateway(config: Config, account: str) -> Gateway:
    """Cheap to ask for again and again. Raises BadConfiguration without the secrets of the account."""
    return stripe(config, account) if config.gateway == "stripe" else sandbox(config, account)


def sandbox(config: Config, account: str) -> SandboxGateway:
    """The same, when it is the sandbox: with the means to choose a test card."""
    key = config.secret("sandbox-key")
    return SandboxGateway(account, _sandbox_calls(config.sandbox_url, key), key, config.base_url)


def stripe(config: Config, account: str) -> Gateway:
    """Its keys are read each time: a new one counts at once."""
    webhook = config.secrets / f"{STRIPE_WEBHOOK}{account}"
    secret = webhook.read_text().strip() if webhook.exists() else None
    return _stripe_account(account, config.secret(f"{STRIPE_KEY}{account}"), secret, config.stripe_url)


def publishable_key(config: Config, account: str) -> str | None:
    """What Stripe's script in the browser names itself by. It is no secret; it lies beside those of the account."""
    return config.secret(f"{STRIPE_PUBLISHABLE}{account}") if config.gateway == "stripe" else None


def must_be_whole(config: Config) -> None:
    """Raises BadConfiguration when an account of Stripe's could be charged, and no card be saved for it."""
    if config.gateway != "stripe":
        return
    for key in sorted(config.secrets.glob(f"{STRIPE_KEY}*")):
        config.secret(f"{STRIPE_PUBLISHABLE}{key.name.removeprefix(STRIPE_KEY)}")


def hear(config: Config, headers: Mapping[str, str], body: bytes) -> list[Said]:
    """What a webhook says, of whichever account has signed it. Raises BadSignature."""
    for account in _accounts_that_tell(config):
        try:
            return gateway(config, account).read_webhook(headers, body)
        except BadSignature:
            continue
    raise BadSignature


def _accounts_that_tell(config: Config) -> list[str]:
    """The sandbox has one key for all its accounts, and says itself of which it speaks."""
    if config.gateway == "sandbox":
        return ["main"]
    return sorted(path.name.removeprefix(STRIPE_WEBHOOK) for path in config.secrets.glob(f"{STRIPE_WEBHOOK}*"))


@cache
def _sandbox_calls(url: str, key: str) -> Call:
    return over_http(url, key)


@cache
def _stripe_account(account: str, key: str, webhook_secret: str | None, url: str) -> Gateway:
    from services.memberships.gateways.stripe_gateway import StripeGateway  # a second of imports that few need

    return StripeGateway(account, key, webhook_secret, url)
