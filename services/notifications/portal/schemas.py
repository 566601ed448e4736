"""The shapes of a client's own preferences."""

from services.notifications.preferences.schemas import NewSwitch
from shared.api.fields import Shape, fields, validate


class OwnSwitch(NewSwitch):
    class Meta(Shape.Meta):
        exclude = ("given",)


class OwnPreferences(Shape):
    switches = fields.List(
        fields.Nested(OwnSwitch),
        required=True,
        validate=validate.Length(1, 50),
        metadata={"description": "those to be moved; the others stay as they are"},
    )
