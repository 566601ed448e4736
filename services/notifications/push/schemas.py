"""The shapes of a browser's subscription over HTTP."""

from shared.api.fields import Shape, Text, fields


class Keys(Shape):
    p256dh = Text(200, required=True)
    auth = Text(100, required=True)


class NewSubscription(Shape):
    endpoint = Text(2000, required=True)
    keys = fields.Nested(Keys, required=True)


class EndedSubscription(Shape):
    endpoint = Text(2000, required=True)


class PushKey(Shape):
    key = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "the application server key, in base64url; null where pushes are not sent"},
    )
