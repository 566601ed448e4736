"""Every setting, read once from the environment. Nobody else in the house reads `os.environ`.

A setting has a default that works or is required, and all that is wrong is reported together when a process starts.
Connection settings may hold `{service}`, so that one environment serves several services in one process.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from environs import Env, EnvError
from marshmallow import ValidationError

from shared import clock


class BadConfiguration(Exception):
    """Says in one text what is wrong with every setting that is wrong."""


@dataclass(frozen=True)
class Chain:
    """Where the chain is at home: what holds where no branch says better."""

    country: str
    """ISO 3166-1 alpha-2; the country of a telephone number without a code."""
    time_zone: str
    """IANA name; where a client without a preferred branch has their "today"."""
    name: str
    """As messages say it."""


@dataclass(frozen=True)
class Messaging:
    """By which ways messages leave the house. Each has a default that needs no account: an outbox that shows them."""

    email: str
    """`outbox` or `smtp`. Secret: `smtp-password`, where there is a user."""
    smtp_host: str
    smtp_port: int
    smtp_security: str
    """`none`, `starttls` or `tls`."""
    smtp_user: str
    email_from: str
    """`Name <address>`: who writes where a branch has no sender of its own."""
    dkim_domain: str
    """Signs e-mail where it is set. Secret: `dkim-key`, a private key as PEM."""
    dkim_selector: str
    sms: str
    """`outbox` or `twilio`. Secret: `twilio-auth-token`."""
    twilio_url: str
    twilio_account: str
    twilio_number: str
    push: str
    """`outbox` or `webpush`. Secret: `vapid-key`, the raw private key in base64url."""
    vapid_subject: str
    push_hosts: tuple[str, ...]
    """Ends of the host names of the push services that a browser may name."""
    sns_topic: str
    """The topic under which Amazon SES tells of bounces; what comes under another is not heard."""
    sns_certificates: str
    """With which addresses the certificates begin by which Amazon signs what it tells: a regular expression."""
    rates: Mapping[str, float]
    """Messages a second by channel, for all workers together."""


@dataclass(frozen=True)
class IdentityProvider:
    """The chain's own OpenID Connect provider, where its people sign in. Its secret, if any: `oidc-client-secret`."""

    name: str
    """What people call it: the button says "Sign in with …". Its host unless `FOYER_OIDC_NAME` says otherwise."""
    issuer: str
    client_id: str
    claim: str
    """The claim that holds a person's sign-in name here."""
    scope: str
    redirect_uri: str
    """Where it sends people back to: a page of the console."""


@dataclass(frozen=True)
class BucketOfFiles:
    """A bucket of any S3, with the secrets `s3-access-key` and `s3-secret-key`."""

    name: str
    endpoint: str | None
    """None for Amazon's own."""
    region: str
    access_key: str
    secret_key: str


@dataclass(frozen=True)
class Files:
    """Where the bytes of documents are kept, and what is taken."""

    place: Path | BucketOfFiles
    most_bytes: int
    media_types: tuple[str, ...]
    scanner: str
    """`HOST:PORT` of a ClamAV, before whose word nobody opens a file; empty for none."""
    keep_deleted: timedelta
    """How long what was deleted can be brought back."""


@dataclass(frozen=True)
class Config:
    service: str
    database_url: str
    """`postgresql://…`; this service's own database. Where the environment has none, the secret `database-url`."""
    amqp_url: str | None
    """RabbitMQ, or None for the embedded transport. Where the environment has none, the secret `amqp-url`."""
    bus_url: str | None
    """The database of the embedded transport; used only without `amqp_url`."""
    base_url: str
    """Where people and services reach the installation, without a slash at the end."""
    directory_url: str
    """Where the directory answers; its JWKS is the one look-up between services."""
    proxies: int
    """How many proxies stand in front and add to X-Forwarded-For; with 0 nobody's word is taken for where they are."""
    secrets: Path
    """The folder with one file per secret: what Kubernetes mounts, and what the demo makes at its first start."""
    demo: bool
    log_level: str
    clock_offset: timedelta
    pool_size: int
    retry_delays: tuple[float, ...]
    """Seconds before the second, third … attempt of a reaction; after the last it is a dead letter."""
    metrics_port: int
    """Where the roles without HTTP of their own serve /healthz, /readyz and /metrics; 0 for nowhere."""
    clients_visibility: str
    """`chain`: who may read clients anywhere reads all; `branch`: only those of their branches, or of none yet."""
    gateway: str
    """`sandbox` or `stripe`: who takes the money of cards."""
    sandbox_url: str
    """Where the sandbox answers; its pages for people are below `base_url`, at /sandbox/."""
    sandbox_webhook_url: str
    """Where the sandbox tells what happened."""
    stripe_url: str
    """Where Stripe answers, or who stands in for it in tests."""
    files: Files
    chain: Chain
    messaging: Messaging
    identity_provider: IdentityProvider | None

    def secret(self, name: str) -> str:
        """The text of one secret. Raises BadConfiguration with the path of the file that is missing."""
        path = self.secrets / name
        try:
            return path.read_text().strip()
        except OSError as error:
            raise BadConfiguration(f"the secret {name!r} cannot be read from {path}: {error.strerror}") from error


SANDBOX_WEBHOOKS = "/api/v1/memberships/webhooks/sandbox"
RETRY_DELAYS = (1.0, 5.0, 30.0, 120.0, 600.0, 3600.0)


def load(service: str, environ: Mapping[str, str] | None = None) -> Config:
    """The configuration of `service`. Raises BadConfiguration that lists every problem."""
    env = _reader(environ)
    with env.prefixed("FOYER_"):
        base_url = env.str("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
        secrets = Path(env.str("SECRETS", "/run/secrets/foyer"))
        database_url = _kept(secrets / "database-url")
        config = Config(
            service=service,
            database_url=_for(
                service,
                env.str("DATABASE_URL", database_url, validate=_is_postgresql)
                if database_url or service == "web"
                else env.str("DATABASE_URL", validate=[_is_given, _is_postgresql]),
            ),
            amqp_url=_for(service, env.str("AMQP_URL", _kept(secrets / "amqp-url"), validate=_is_amqp)) or None,
            bus_url=env.str("BUS_URL", "", validate=_is_postgresql) or None,
            base_url=base_url,
            directory_url=env.str("DIRECTORY_URL", base_url).rstrip("/"),
            proxies=env.int("PROXIES", 0, validate=_is_not_negative),
            secrets=secrets,
            demo=env.bool("DEMO", False),
            log_level=env.str("LOG_LEVEL", "info", validate=_one_of("debug", "info", "warning", "error")),
            clock_offset=timedelta(seconds=env.float("CLOCK_OFFSET", 0.0)),
            pool_size=env.int("POOL_SIZE", 20),
            retry_delays=tuple(env.list("RETRY_DELAYS", list(RETRY_DELAYS), subcast=float)),
            metrics_port=env.int("METRICS_PORT", 0),
            clients_visibility=env.str("CLIENTS_VISIBILITY", "chain", validate=_one_of("chain", "branch")),
            gateway=_gateway(env),
            sandbox_url=env.str("SANDBOX_URL", "http://127.0.0.1:8001").rstrip("/"),
            sandbox_webhook_url=env.str("MEMBERSHIPS_URL", base_url).rstrip("/") + SANDBOX_WEBHOOKS,
            stripe_url=env.str("STRIPE_URL", "https://api.stripe.com").rstrip("/"),
            files=_files(env, secrets),
            chain=Chain(
                country=env.str("CHAIN_COUNTRY", "ES", validate=_is_country),
                time_zone=env.str("CHAIN_TIME_ZONE", "Europe/Madrid", validate=_is_time_zone),
                name=env.str("CHAIN_NAME", "Foyer"),
            ),
            messaging=_messaging(env),
            identity_provider=_identity_provider(env, base_url),
        )
    _seal(env)
    if environ is None:  # a process reads its settings before anything else, so its clock is right from here on
        clock.travel(config.clock_offset)
    return config


MEDIA_TYPES = (
    "application/pdf", "image/jpeg", "image/png", "image/webp", "image/gif", "image/heic", "image/tiff", "text/plain",
    "application/msword", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.ms-excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)  # fmt: skip


def _files(env: Env, secrets: Path) -> Files:
    bucket = env.str("FILES_BUCKET", "")
    return Files(
        place=BucketOfFiles(
            name=bucket,
            endpoint=env.str("S3_URL", "") or None,
            region=env.str("S3_REGION", "us-east-1"),
            access_key=_kept(secrets / "s3-access-key"),
            secret_key=_kept(secrets / "s3-secret-key"),
        )
        if bucket
        else Path(env.str("FILES_FOLDER", "/var/lib/foyer/files")),
        most_bytes=env.int("FILES_MOST_BYTES", 500_000_000, validate=_is_not_negative),
        media_types=tuple(env.list("FILES_MEDIA_TYPES", list(MEDIA_TYPES))),
        scanner=env.str("CLAMAV", ""),
        keep_deleted=timedelta(days=env.float("FILES_KEEP_DELETED_DAYS", 30.0)),
    )


def _gateway(env: Env) -> str:
    return env.str("GATEWAY", "sandbox", validate=_one_of("sandbox", "stripe"))


PUSH_HOSTS = ("googleapis.com", "push.services.mozilla.com", "push.apple.com", "notify.windows.com")
SNS_CERTIFICATES = r"https://sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/"


def _messaging(env: Env) -> Messaging:
    return Messaging(
        email=env.str("EMAIL_PROVIDER", "outbox", validate=_one_of("outbox", "smtp")),
        smtp_host=env.str("SMTP_HOST", "127.0.0.1"),
        smtp_port=env.int("SMTP_PORT", 25, validate=_is_port),
        smtp_security=env.str("SMTP_SECURITY", "none", validate=_one_of("none", "starttls", "tls")),
        smtp_user=env.str("SMTP_USER", ""),
        email_from=env.str("EMAIL_FROM", "Foyer <no-reply@foyer.example>"),
        dkim_domain=env.str("DKIM_DOMAIN", ""),
        dkim_selector=env.str("DKIM_SELECTOR", "foyer"),
        sms=env.str("SMS_PROVIDER", "outbox", validate=_one_of("outbox", "twilio")),
        twilio_url=env.str("TWILIO_URL", "https://api.twilio.com").rstrip("/"),
        twilio_account=env.str("TWILIO_ACCOUNT", ""),
        twilio_number=env.str("TWILIO_NUMBER", ""),
        push=env.str("PUSH_PROVIDER", "outbox", validate=_one_of("outbox", "webpush")),
        vapid_subject=env.str("VAPID_SUBJECT", "mailto:no-reply@foyer.example"),
        push_hosts=tuple(env.list("PUSH_HOSTS", list(PUSH_HOSTS))),
        sns_topic=env.str("SNS_TOPIC", ""),
        sns_certificates=env.str("SNS_CERTIFICATES", SNS_CERTIFICATES),
        rates={name: env.float(f"{name.upper()}_RATE", rate, validate=_is_rate) for name, rate in RATES.items()},
    )


RATES = {"email": 50.0, "sms": 10.0, "push": 100.0}


def _identity_provider(env: Env, base_url: str) -> IdentityProvider | None:
    issuer = env.str("OIDC_ISSUER", "")
    return IdentityProvider(
        name=env.str("OIDC_NAME", "") or urlsplit(issuer).hostname or issuer,
        issuer=issuer,
        client_id=env.str("OIDC_CLIENT_ID", "foyer"),
        claim=env.str("OIDC_CLAIM", "preferred_username"),
        scope=env.str("OIDC_SCOPE", "openid profile email"),
        redirect_uri=env.str("OIDC_REDIRECT_URI", f"{base_url}/sign-in/oidc"),
    ) if issuer else None  # fmt: skip


@dataclass(frozen=True)
class WebConfig:
    """What the console needs beyond `Config`: where the services answer, and how the chain looks."""

    services: Mapping[str, str]
    """Base address by service name."""
    chain_name: str
    logo_url: str
    accent: str


def load_web(environ: Mapping[str, str] | None = None) -> WebConfig:
    env = _reader(environ)
    with env.prefixed("FOYER_"):
        base = env.str("BASE_URL", "http://127.0.0.1:8000")
        names = ("directory", "clients", "memberships", "documents", "notifications")
        config = WebConfig(
            services={name: env.str(f"{name.upper()}_URL", base).rstrip("/") for name in names},
            chain_name=env.str("CHAIN_NAME", "Foyer"),
            logo_url=env.str("LOGO_URL", ""),
            accent=env.str("ACCENT", "#0f6e66", validate=_is_colour),
        )
    _seal(env)
    return config


@dataclass(frozen=True)
class DemoSettings:
    """What `make run` is told: where to serve and where to keep its state."""

    host: str
    port: int
    home: Path
    """The folder with the state. Absolute."""
    password: str
    """Of the people who exist in the demo only."""
    amqp_url: str | None
    database_url: str | None
    """A server to use in place of the embedded PostgreSQL."""
    gateway: str
    """Whether a sandbox is kept beside the services."""
    environment: Mapping[str, str]
    """What the demo's own processes inherit."""


def demo_settings(environ: Mapping[str, str] | None = None) -> DemoSettings:
    env = _reader(environ)
    host = env.str("HOST", "127.0.0.1")
    port = env.int("PORT", 8000, validate=_is_port)
    with env.prefixed("FOYER_"):
        # Root's home is closed to the user that PostgreSQL runs as, so its state lies outside of it.
        home = env.str("HOME", "/var/lib/foyer" if os.geteuid() == 0 else ".foyer")
        settings = DemoSettings(
            host=host,
            port=port,
            home=Path(home).expanduser().absolute(),
            password=env.str("DEMO_PASSWORD", "foyer-demo"),
            amqp_url=env.str("AMQP_URL", "", validate=_is_amqp) or None,
            database_url=env.str("DATABASE_URL", "", validate=_is_postgresql) or None,
            gateway=_gateway(env),
            environment=dict(os.environ if environ is None else environ),
        )
    _seal(env)
    return settings


@dataclass(frozen=True)
class ServersForTests:
    """Which servers the tests run against."""

    kind: str
    """`containers`, `local` (this machine's own programs), or `auto`: containers where the images are at hand."""
    postgres_image: str
    rabbitmq_image: str


def load_servers_for_tests(environ: Mapping[str, str] | None = None) -> ServersForTests:
    env = _reader(environ)
    with env.prefixed("FOYER_"):
        servers = ServersForTests(
            kind=env.str("TEST_SERVERS", "auto", validate=_one_of("containers", "local", "auto")),
            postgres_image=env.str("POSTGRES_IMAGE", "postgres:18"),
            rabbitmq_image=env.str("RABBITMQ_IMAGE", "rabbitmq:4-management"),
        )
    _seal(env)
    return servers


def _reader(environ: Mapping[str, str] | None) -> Env:
    """An Env that collects errors instead of stopping at the first one."""
    return _FrozenEnv(dict(os.environ if environ is None else environ))


class _FrozenEnv(Env):
    """environs over a given mapping, so that a test can load a configuration without touching the process."""

    def __init__(self, environ: dict[str, str]) -> None:
        super().__init__(eager=False)
        self._environ = environ

    def _get_value(self, env_key: str, default: Any) -> Any:
        return self._environ.get(env_key, default)


def _seal(env: Env) -> None:
    try:
        env.seal()
    except EnvError as error:
        problems = getattr(error, "error_messages", {}) or {"": [str(error)]}
        lines = [f"  {name}: {' '.join(texts)}" for name, texts in problems.items()]
        raise BadConfiguration("the configuration cannot be used:\n" + "\n".join(lines)) from error


def _kept(secret: Path) -> str:
    """What a file among the secrets holds; empty when there is none. An address with a password is a secret, too."""
    return secret.read_text().strip() if secret.exists() else ""


def _for(service: str, template: str | None) -> str:
    return (template or "").replace("{service}", service)


def _begins_with(*schemes: str):
    """What does not is not repeated: there may be a password in it."""

    def check(value: str) -> str:
        if value and not value.startswith(schemes):
            raise ValidationError(f"must begin with {' or '.join(schemes)}")
        return value

    return check


_is_postgresql = _begins_with("postgresql://", "postgresql+psycopg://")
_is_amqp = _begins_with("amqp://", "amqps://")


def _one_of(*allowed: str):
    def check(value: str) -> str:
        if value not in allowed:
            raise ValidationError(f"must be one of {', '.join(allowed)}")
        return value

    return check


def _is_colour(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValidationError("must be a colour like #0f6e66")
    return value


def _is_country(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", value):
        raise ValidationError("must be a country code of two capital letters, like ES")
    return value


def _is_time_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValidationError("must be the name of a time zone, like Europe/Madrid")
    return value


def _is_given(value: str) -> str:
    if not value:
        raise ValidationError("must not be empty")
    return value


def _is_not_negative(value: int) -> int:
    if value < 0:
        raise ValidationError("must not be negative")
    return value


def _is_rate(value: float) -> float:
    if not value > 0:
        raise ValidationError("must be more than 0")
    return value


def _is_port(value: int) -> int:
    if not 0 <= value <= 65535:
        raise ValidationError("must be between 0 and 65535")
    return value
