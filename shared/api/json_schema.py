"""What the house's fields mean in JSON Schema, where apispec cannot know it."""

from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from flask_smorest import Api

from shared.api.fields import Text, fields


def teach(api: Api) -> None:
    """Lets the document of this API say all that the fields ask for."""
    plugin = next(plugin for plugin in api.spec.plugins if isinstance(plugin, MarshmallowPlugin))
    assert plugin.converter
    for function in (text_to_schema, keys_to_schema):
        plugin.converter.add_attribute_function(function)


def text_to_schema(_: Any, field: Any, ret: dict[str, Any], **__: Any) -> dict[str, Any]:
    """A pattern or a list of its own says more than what every text keeps to."""
    if not isinstance(field, Text) or "enum" in ret:
        return {}
    least = {} if field.empty else {"minLength": max(1, ret.get("minLength", 1))}
    return {**least, "maxLength": field.max, "pattern": ret.get("pattern", field.pattern)}


def keys_to_schema(self: Any, field: Any, **_: Any) -> dict[str, Any]:
    """The keys of a dictionary."""
    if not isinstance(field, fields.Dict) or field.key_field is None:
        return {}
    keys = self.field2property(field.key_field)
    return {"propertyNames": keys} if keys.keys() - {"type"} else {}


def json_body(schema: Any) -> dict[str, Any]:
    """For `door.doc`, where a body has one of several shapes."""
    return {"content": {"application/json": {"schema": schema}}}
