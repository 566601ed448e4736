"""The shapes of sign-in."""

from typing import Any

from marshmallow import validates_schema

from shared.api.fields import Shape, Text, ValidationError, fields, validate
from shared.words import Words

NEEDED = {
    "password": ("username", "password"),
    "client_credentials": ("client_id", "client_secret"),
    "refresh_token": ("refresh_token", "client_id", "client_secret"),
    "authorization_code": ("code", "state", "client_id", "client_secret"),
}


class TokenRequest(Shape):
    """One of the ways to sign in; which fields it needs hangs on `grant_type`."""

    grant_type = fields.String(required=True, validate=validate.OneOf(list(NEEDED)))
    username = Text(100)
    password = fields.String(
        validate=validate.Length(1, 200), metadata={"format": "password", "description": "as it was typed"}
    )
    client_id = Text(100, metadata={"description": "a machine; with `password`, the one that signs people in"})
    client_secret = Text(200, metadata={"format": "password"})
    refresh_token = Text(200)
    code = Text(2000, metadata={"description": "what the identity provider gave the person"})
    state = Text(200, metadata={"description": "as it came back from the identity provider"})
    address = Text(100, metadata={"description": "where the person is, as the machine that signs them in saw it"})

    @validates_schema
    def _complete(self, data: dict[str, Any], **_: Any) -> None:
        needed = NEEDED.get(data.get("grant_type", ""), ())
        missing = [name for name in needed if name not in data]
        if missing:
            raise ValidationError({name: [Words("This is needed.").format()] for name in missing})


def token_request_schema() -> dict[str, Any]:
    """What `validates_schema` says, for the OpenAPI document."""
    ways = [
        {"properties": {"grant_type": {"const": way}}, "required": ["grant_type", *needed]}
        for way, needed in NEEDED.items()
    ]
    return {"allOf": [TokenRequest, {"oneOf": ways}]}


class TokenAnswer(Shape):
    access_token = fields.String(required=True)
    expires_in = fields.Integer(required=True, metadata={"description": "seconds"})
    refresh_token = fields.String(metadata={"description": "only once, and only to a machine that signs people in"})


class AuthorizationAnswer(Shape):
    authorization_url = fields.String(required=True, metadata={"description": "where to send the person"})
    state = fields.String(
        required=True, metadata={"description": "keep it with the browser; it must come back with the code"}
    )


class Jwk(Shape):
    kty = fields.String(required=True)
    crv = fields.String(required=True)
    x = fields.String(required=True)
    kid = fields.String(required=True)
    use = fields.String(required=True)
    alg = fields.String(required=True)


class Jwks(Shape):
    keys = fields.List(fields.Nested(Jwk), required=True)
