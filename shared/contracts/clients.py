"""The events of the clients service: who the client is, and what they must never be booked for."""

from marshmallow import fields, validate

from shared.contracts.contract import PERSONAL, Contract, Payload
from shared.contracts.platform import erasure_completed

CLIENT = "0197a3c4-5a00-7000-8000-000000000001"
OTHER_CLIENT = "0197a3c4-5a00-7000-8000-000000000002"
BRANCH = "0197a3c4-5a00-7000-8000-00000000000b"
STATUS = "0197a3c4-5a00-7000-8000-0000000000a1"
OTHER_STATUS = "0197a3c4-5a00-7000-8000-0000000000a2"
METHOD = "0197a3c4-5a00-7000-8000-0000000000c1"
DISLIKE = "0197a3c4-5a00-7000-8000-0000000000d1"
TAG = "0197a3c4-5a00-7000-8000-0000000000f1"
OTHER_TAG = "0197a3c4-5a00-7000-8000-0000000000f2"
SERVICE = "0197a3c4-5a00-7000-8000-000000000005"


class Phone(Payload):
    number = fields.String(required=True, metadata=PERSONAL | {"description": "E.164"})
    type = fields.String(required=True, validate=validate.OneOf(["mobile", "home", "work"]))
    primary = fields.Boolean(required=True)


class Email(Payload):
    address = fields.String(required=True, metadata=PERSONAL)
    primary = fields.Boolean(required=True)


class Address(Payload):
    country_code = fields.String(required=True, metadata={"description": "ISO 3166-1 alpha-2"})
    lines = fields.List(fields.String(metadata=PERSONAL), required=True)
    locality = fields.String(required=True, metadata=PERSONAL)
    region = fields.String(required=True, metadata=PERSONAL)
    postal_code = fields.String(required=True, metadata=PERSONAL)


class Client(Payload):
    """The whole state of a client but for what no event may carry: weight, free text, reasons."""

    id = fields.UUID(required=True)
    first_name = fields.String(required=True, metadata=PERSONAL)
    middle_name = fields.String(required=True, metadata=PERSONAL)
    last_name = fields.String(required=True, metadata=PERSONAL)
    phones = fields.List(fields.Nested(Phone), required=True)
    emails = fields.List(fields.Nested(Email), required=True)
    address = fields.Nested(Address, required=True, allow_none=True)
    birth_date = fields.Date(required=True, allow_none=True, metadata=PERSONAL)
    gender = fields.String(
        required=True,
        allow_none=True,
        metadata=PERSONAL | {"description": "a code; what a person wrote in their own words is not in the event"},
    )
    referral_method_id = fields.UUID(required=True, allow_none=True)
    referred_by_client_id = fields.UUID(required=True, allow_none=True)
    preferred_branch_id = fields.UUID(required=True, allow_none=True)
    language = fields.String(required=True, allow_none=True, metadata={"description": "BCP 47"})
    status_id = fields.UUID(required=True)
    booking_blocked = fields.Boolean(required=True)
    tag_ids = fields.List(fields.UUID(), metadata={"description": "of the chain's tags; the order means nothing"})
    archived = fields.Boolean(required=True)


class ClientUpdated(Client):
    changed = fields.List(fields.String(), required=True)


_client = {
    "id": CLIENT,
    "first_name": "María",
    "middle_name": "del Carmen",
    "last_name": "López García",
    "phones": [{"number": "+34612345678", "type": "mobile", "primary": True}],
    "emails": [{"address": "maria@example.com", "primary": True}],
    "address": {
        "country_code": "ES",
        "lines": ["Calle de Serrano 12"],
        "locality": "Madrid",
        "region": "Madrid",
        "postal_code": "28001",
    },
    "birth_date": "1990-05-17",
    "gender": "woman",
    "referral_method_id": METHOD,
    "referred_by_client_id": None,
    "preferred_branch_id": BRANCH,
    "language": "es",
    "status_id": STATUS,
    "booking_blocked": False,
    "tag_ids": [TAG],
    "archived": False,
}

CLIENT_REGISTERED = Contract("clients.client.registered.v1", Client, "The chain has a new client.", _client)
CLIENT_UPDATED = Contract(
    "clients.client.updated.v1",
    ClientUpdated,
    "Contact details changed; `changed` names the fields, the rest is the state after the change.",
    _client | {"changed": ["phones"]},
)
CLIENT_STATED = Contract(
    "clients.client.stated.v1", Client, "A client as of now, for copies to be filled. Nothing changed.", _client
)


class StatusChanged(Payload):
    status_id = fields.UUID(required=True)
    previous_status_id = fields.UUID(required=True)


CLIENT_STATUS_CHANGED = Contract(
    "clients.client.status_changed.v1",
    StatusChanged,
    "A person gave the client another of the chain's statuses. The reason stays in the audit.",
    {"status_id": OTHER_STATUS, "previous_status_id": STATUS},
)


class BookingBlockChanged(Payload):
    blocked = fields.Boolean(required=True)


CLIENT_BOOKING_BLOCK_CHANGED = Contract(
    "clients.client.booking_block_changed.v1",
    BookingBlockChanged,
    "Blocked: online the client may only join the wait list; staff may still book them.",
    {"blocked": True},
)


class TagsChanged(Payload):
    tag_ids = fields.List(fields.UUID(), required=True, metadata={"description": "all that the client has now"})
    added = fields.List(fields.UUID(), required=True)
    removed = fields.List(fields.UUID(), required=True)


CLIENT_TAGS_CHANGED = Contract(
    "clients.client.tags_changed.v1",
    TagsChanged,
    "The client was given other tags of the chain's list, or some were taken away.",
    {"tag_ids": [OTHER_TAG], "added": [OTHER_TAG], "removed": [TAG]},
)


class WeightRecorded(Payload):
    taken_on = fields.Date(required=True)


CLIENT_WEIGHT_RECORDED = Contract(
    "clients.client.weight_recorded.v1",
    WeightRecorded,
    "A weight was taken. How much is health data, and asked of the API with its own permission.",
    {"taken_on": "2026-03-02"},
)


class Nothing(Payload):
    """The subject says it all."""


class Merged(Payload):
    surviving_id = fields.UUID(required=True)


CLIENT_ARCHIVED = Contract("clients.client.archived.v1", Nothing, "The client is kept, and no longer served.", {})
CLIENT_MERGED = Contract(
    "clients.client.merged.v1",
    Merged,
    "The client turned out to be another one twice: everything of theirs belongs to the surviving client.",
    {"surviving_id": OTHER_CLIENT},
)
CLIENT_ERASED = Contract(
    "clients.client.erased.v1",
    Nothing,
    "The person must be forgotten. Each service erases what it holds and answers `<service>.erasure.completed.v1`.",
    {},
)


class Dislike(Payload):
    client_id = fields.UUID(required=True)
    service_id = fields.UUID(required=True)


_dislike = {"client_id": CLIENT, "service_id": SERVICE}

DISLIKE_ADDED = Contract(
    "clients.dislike.added.v1", Dislike, "The client must never be booked for the service.", _dislike
)
DISLIKE_CHANGED = Contract("clients.dislike.changed.v1", Dislike, "The comment to a dislike changed.", _dislike)
DISLIKE_REMOVED = Contract("clients.dislike.removed.v1", Dislike, "The client may be booked for it again.", _dislike)
DISLIKE_STATED = Contract("clients.dislike.stated.v1", Dislike, "A dislike as of now, for copies.", _dislike)


class Status(Payload):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    active = fields.Boolean(required=True)


_status = {"id": STATUS, "name": "VIP", "active": True}

STATUS_ADDED = Contract("clients.status.added.v1", Status, "The chain's list of statuses has one more.", _status)
STATUS_CHANGED = Contract("clients.status.changed.v1", Status, "A status was renamed, retired or revived.", _status)


class ReferralMethod(Payload):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    by_client = fields.Boolean(required=True, metadata={"description": "whether it names the client who referred"})
    active = fields.Boolean(required=True)


_method = {"id": METHOD, "name": "Web", "by_client": False, "active": True}

REFERRAL_METHOD_ADDED = Contract(
    "clients.referral_method.added.v1", ReferralMethod, "Clients may come by one more way.", _method
)
REFERRAL_METHOD_CHANGED = Contract(
    "clients.referral_method.changed.v1", ReferralMethod, "A way of coming was renamed or retired.", _method
)


class Tag(Payload):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    colour = fields.String(required=True, metadata={"description": "the name of a colour; there may be new ones"})
    active = fields.Boolean(required=True)


_tag = {"id": TAG, "name": "Press", "colour": "teal", "active": True}

TAG_ADDED = Contract("clients.tag.added.v1", Tag, "The chain's list of tags has one more.", _tag)
TAG_CHANGED = Contract("clients.tag.changed.v1", Tag, "A tag was renamed, recoloured, retired or revived.", _tag)

ERASURE_COMPLETED = erasure_completed("clients")
