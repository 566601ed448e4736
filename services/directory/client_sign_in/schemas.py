"""The shapes of a client's sign-in. All of it is for the machine that shows the portal."""

from shared.api.fields import Flag, Shape, Text, fields, validate

BROWSER = {"description": "a secret that the portal keeps in the browser", "format": "password"}


class LinkRequest(Shape):
    contact = Text(254, required=True, metadata={"description": "an e-mail address or a telephone number, as typed"})
    browser = Text(100, required=True, validators=[validate.Length(20)], metadata=BROWSER)
    address = Text(100, required=True, metadata={"description": "where the person is"})


class Recipient(Shape):
    to = fields.String(required=True)
    by = fields.String(required=True, validate=validate.OneOf(["email", "sms"]))
    language = fields.String(required=True, allow_none=True)
    client_ids = fields.Ids(required=True)


class Link(Shape):
    link = fields.String(required=True, metadata={"description": "goes to the recipient, and is kept nowhere"})
    code = fields.String(required=True, metadata={"description": "for the browser that asked, to be shown there"})
    expires_in = fields.Integer(required=True, metadata={"description": "seconds"})
    recipient = fields.Nested(
        Recipient, required=True, allow_none=True, metadata={"description": "null when nobody has the address"}
    )


class LinkLook(Shape):
    link = Text(100, required=True)
    browser = Text(100, required=True, metadata=BROWSER)


class LinkSeen(Shape):
    code_needed = Flag(required=True, metadata={"description": "it was asked for in another browser"})


class Redemption(LinkLook):
    code = Text(10, metadata={"description": "that the browser shows which asked"})
    address = Text(100, required=True, metadata={"description": "where the person is"})


class Choice(Shape):
    choice = Text(100, required=True)
    browser = Text(100, required=True, metadata=BROWSER)
    client_id = fields.UUID(required=True)


class Person(Shape):
    client_id = fields.UUID(required=True)
    name = fields.String(required=True, allow_none=True)
    language = fields.String(required=True, allow_none=True)


class SignedIn(Shape):
    """Who is in, with their tokens; or several, of whom one is to be chosen."""

    people = fields.List(fields.Nested(Person), required=True)
    choice = fields.String(metadata={"description": "with which one of several people is chosen, once"})
    access_token = fields.String()
    expires_in = fields.Integer(metadata={"description": "seconds"})
    refresh_token = fields.String()


class Renewal(Shape):
    refresh_token = Text(200, required=True)


class Renewed(Shape):
    access_token = fields.String(required=True)
    expires_in = fields.Integer(required=True, metadata={"description": "seconds"})
