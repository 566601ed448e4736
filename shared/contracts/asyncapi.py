"""The events as one AsyncAPI 3 document, for those who write a subscriber."""

from collections.abc import Iterable
from typing import Any

from shared.contracts.contract import Contract

CONTENT_TYPE = "application/cloudevents+json"
EXCHANGE = "foyer.events"

Document = dict[str, Any]

DESCRIPTION = """\
Every change in Foyer is an event: CloudEvents 1.0 in JSON, structured mode, on the topic exchange `foyer.events`.
The routing key is the type. The stream `foyer.events.log` keeps 30 days of them, to be read from any point.

An event arrives at least once: whoever must not act twice remembers the `id`. `subjectversion` counts the changes of
the subject; whoever keeps a copy writes it only when the version is greater than the copy's own.
Within a version members are only added, so pass over what you do not know.
"""

ENVELOPE: Document = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "time", "subject", "subjectversion", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "format": "uuid", "description": "The same each time that the event is delivered."},
        "source": {"type": "string", "description": "`/foyer/<service>`"},
        "type": {"type": "string", "description": "Also the routing key."},
        "time": {"type": "string", "format": "date-time"},
        "subject": {"type": "string", "format": "uuid", "description": "The id of what the event is about."},
        "subjectversion": {"type": "integer", "description": "The version of the subject after the event."},
        "datacontenttype": {"const": "application/json"},
        "dataschema": {"type": "string", "format": "uri"},
        "actor": {"type": "string", "description": "`staff:<id>`, `client:<id>`, `machine:<id>` or `service:<name>`"},
        "onbehalfof": {"type": "string", "description": "For whom a service acted, in the form of `actor`."},
        "channel": {"type": "string", "description": "`console`, `portal`, `api`, `import` or `event`"},
        "correlationid": {"type": "string", "description": "The same for everything that one act set off."},
        "causationid": {"type": "string", "description": "The id of the event that led to this one."},
        "traceparent": {"type": "string", "description": "W3C Trace Context."},
        "data": {"type": "object"},
    },
}


def document(contracts: Iterable[Contract]) -> Document:
    """The AsyncAPI document of these contracts."""
    known = list(contracts)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Foyer events", "version": "1.0.0", "description": DESCRIPTION},
        "defaultContentType": CONTENT_TYPE,
        "channels": {each.type: _channel(each) for each in known},
        "operations": {each.type: _operation(each) for each in known},
        "components": {
            "schemas": {"envelope": ENVELOPE, **{each.type: _data(each) for each in known}},
            "messages": {each.type: _message(each) for each in known},
        },
    }


def _channel(contract: Contract) -> Document:
    exchange = {"name": EXCHANGE, "type": "topic", "durable": True, "autoDelete": False}
    return {
        "address": contract.type,
        "messages": {"event": {"$ref": f"#/components/messages/{contract.type}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange}},
    }


def _operation(contract: Contract) -> Document:
    channel = f"#/channels/{contract.type}"
    return {
        "action": "receive" if contract.external else "send",
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/event"}],
    }


def _message(contract: Contract) -> Document:
    said: Document = {
        "name": contract.type,
        "title": contract.type,
        "summary": contract.description,
        "contentType": CONTENT_TYPE,
        "tags": [{"name": contract.owner}],
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/envelope"},
                {
                    "properties": {
                        "type": {"const": contract.type},
                        "data": {"$ref": f"#/components/schemas/{contract.type}"},
                    }
                },
            ]
        },
        "examples": [{"payload": _example(contract)}],
    }
    if contract.deprecated:
        said["description"] = f"Deprecated: no longer sent after {contract.deprecated}. Read the next version instead."
        said["tags"].append({"name": "deprecated"})
    return said


def _data(contract: Contract) -> Document:
    return {name: value for name, value in contract.json_schema.items() if not name.startswith("$")}


def _example(contract: Contract) -> Document:
    return {
        "specversion": "1.0",
        "id": "0197a3c4-5a00-7000-8000-0000000000ee",
        "source": f"/foyer/{contract.owner}",
        "type": contract.type,
        "time": "2026-03-02T10:15:30Z",
        "subject": "0197a3c4-5a00-7000-8000-000000000001",
        "subjectversion": 7,
        "datacontenttype": "application/json",
        "dataschema": contract.schema_address,
        "actor": "staff:0197a3c4-5a00-7000-8000-00000000000e",
        "channel": "console",
        "correlationid": "4bf92f3577b34da6a3ce929d0e0e4736",
        "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "data": dict(contract.example),
    }
