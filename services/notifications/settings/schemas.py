"""The shapes of the settings of messages over HTTP."""

from services.notifications.catalogue.message_type import CHANNELS, KINDS
from services.notifications.contact_points.fields import EmailAddress, Number, SenderAddress
from shared.api.fields import Pattern, Shape, Version, between, fields
from shared.words import Words

SWITCHED = [kind for kind in KINDS if kind not in ("marketing", "contract")]
NO_TIME = Words("This must be a time of day, like 08:30.")
HOUR = Pattern("([01][0-9]|2[0-3]):[0-5][0-9]", error=NO_TIME)
END = Pattern("([01][0-9]|2[0-3]):[0-5][0-9]|24:00", error=NO_TIME)


class Sender(Shape):
    from_ = SenderAddress(data_key="from", attribute="from")
    reply_to = EmailAddress()
    number = Number()


ByChannel = Shape.from_dict({channel: fields.Boolean() for channel in CHANNELS}, name="DefaultsByChannel")
Defaults = Shape.from_dict({kind: fields.Nested(ByChannel) for kind in SWITCHED}, name="Defaults")


class Settings(Shape):
    """What is not here holds as the chain says, and then as it is by default."""

    opens = fields.String(validate=HOUR, metadata={"description": "before this local time nothing rings that can wait"})
    closes = fields.String(
        validate=END, metadata={"description": "from this local time on nothing rings, either; 24:00 is midnight"}
    )
    marketing_most = fields.Integer(
        strict=True,
        validate=between(0, 100),
        metadata={"description": "advertising messages to one client, over all campaigns"},
    )
    marketing_days = fields.Integer(strict=True, validate=between(1, 365), metadata={"description": "in so many days"})
    defaults = fields.Nested(
        Defaults, metadata={"description": "what holds for who has chosen nothing; marketing is always off"}
    )
    sender = fields.Nested(Sender, metadata={"description": "who writes, and from which number"})


class SettingsShown(Shape):
    version = Version(required=True, metadata={"description": "0 when nothing was ever set here"})
    branch_id = fields.UUID(required=True, allow_none=True)
    own = fields.Nested(Settings, required=True, metadata={"description": "what was set here"})
    in_force = fields.Nested(Settings, required=True, metadata={"description": "what holds here, all of it"})
