"""Opens the provider of a channel that the settings name."""

from services.notifications.providers.outbox import Outbox
from services.notifications.providers.port import Provider
from services.notifications.push.actions import Browsers
from shared.db import Database


def provider(database: Database, channel: str) -> Provider:
    """For one thread alone: it keeps its connection."""
    config = database.config
    named = getattr(config.messaging, channel)
    if named == "smtp":
        from services.notifications.providers.email.smtp import Smtp

        return Smtp(config)
    if named == "twilio":
        from services.notifications.providers.sms.twilio import Twilio

        return Twilio(config)
    if named == "webpush":
        from services.notifications.providers.web_push.web_push import WebPush  # slow to import

        browsers = Browsers(database)
        return WebPush(config, browsers.of, browsers.forget)
    return Outbox(channel)
