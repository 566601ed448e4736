"""The shapes of a campaign over HTTP."""

from services.notifications.campaigns import happenings
from services.notifications.campaigns.models import STATES
from services.notifications.catalogue.message_type import CHANNELS
from services.notifications.checks.rules import REASONS
from shared.api.fields import Shape, Text, Version, between, fields, validate
from shared.api.pages import PageQuery
from shared.words import LANGUAGES

ENTRIES = ("now", "at", "daily", "event")
RULES = ("birthday", "not_seen")
EVENTS = [contract.type for contract in happenings.ENTRIES]
AWAITED = [contract.type for contract in happenings.AWAITED]
STEPS = ("send", "wait", "until")
OTHERWISE = ("go_on", "end")
STOPS = ("booked",)
MOST_STEPS = 20


class Entry(Shape):
    on = fields.String(required=True, validate=validate.OneOf(ENTRIES))
    at = fields.AwareDateTime(metadata={"description": "with `at`"})
    rule = fields.String(validate=validate.OneOf(RULES), metadata={"description": "with `daily`"})
    days = fields.Integer(strict=True, validate=between(1, 3650), metadata={"description": "with `not_seen`"})
    event = fields.String(validate=validate.OneOf(EVENTS), metadata={"description": "with `event`"})


class Audience(Shape):
    """All that are named must hold; what is left out holds for everybody."""

    branch_ids = fields.Ids(validate=validate.Length(1, 200))
    tag_ids = fields.Ids(validate=validate.Length(1, 50), metadata={"description": "has one of them"})
    languages = fields.List(fields.String(validate=validate.OneOf(LANGUAGES)), validate=validate.Length(1))
    plan_ids = fields.List(
        fields.UUID(), validate=validate.Length(1, 200), metadata={"description": "has or had a membership of one"}
    )
    not_seen_days = fields.Integer(
        strict=True, validate=between(1, 3650), metadata={"description": "the last visit was longer ago"}
    )


class Step(Shape):
    do = fields.String(required=True, validate=validate.OneOf(STEPS))
    channel = fields.String(validate=validate.OneOf(CHANNELS), metadata={"description": "with `send`"})
    title = Text(100, empty=True, metadata={"description": "with `send`; an SMS has none"})
    text = Text(1600, lines=True, metadata={"description": "with `send`"})
    days = fields.Integer(
        strict=True, validate=between(1, 365), metadata={"description": "with `wait`; with `until`, the longest"}
    )
    event = fields.String(
        validate=validate.OneOf(AWAITED), metadata={"description": "with `until`: what is waited for, of each client"}
    )
    otherwise = fields.String(
        validate=validate.OneOf(OTHERWISE), metadata={"description": "with `until`: when it has not happened in time"}
    )


class CampaignFields(Shape):
    name = Text(120)
    entry = fields.Nested(Entry)
    audience = fields.Nested(Audience)
    steps = fields.List(fields.Nested(Step), validate=validate.Length(1, MOST_STEPS))
    stops = fields.List(fields.String(validate=validate.OneOf(STOPS)))


class NewCampaign(CampaignFields):
    name = Text(120, required=True)
    entry = fields.Nested(Entry, required=True)
    audience = fields.Nested(Audience, load_default=dict)
    steps = fields.List(fields.Nested(Step), required=True, validate=validate.Length(1, MOST_STEPS))
    stops = fields.List(fields.String(validate=validate.OneOf(STOPS)), load_default=list)


class Progress(Shape):
    """How far it has come, in clients and in messages."""

    entered = fields.Integer(required=True, strict=True)
    running = fields.Integer(required=True, strict=True)
    done = fields.Integer(required=True, strict=True)
    stopped = fields.Integer(required=True, strict=True)
    left = fields.Integer(
        required=True, strict=True, metadata={"description": "for whom it ended, since nothing happened in time"}
    )
    waiting = fields.Integer(
        required=True, strict=True, metadata={"description": "of those who are running: wait until something happens"}
    )
    messages = fields.Dict(
        keys=fields.String(), values=fields.Integer(strict=True), required=True,
        metadata={"description": "how many messages are in which state"},
    )  # fmt: skip
    reasons = fields.Dict(
        keys=fields.String(), values=fields.Integer(strict=True), required=True,
        metadata={"description": "why those that were not sent were not"},
    )  # fmt: skip


class Campaign(CampaignFields):
    id = fields.UUID(required=True)
    version = Version(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    created_at = fields.AwareDateTime(required=True)
    created_by = fields.String(required=True)
    created_by_name = fields.String(required=True, allow_none=True)
    entered_all = fields.Boolean(required=True)
    pause_reason = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "why it has paused by itself: `template`, its text could not be filled in three times"
                  " in a row"},
    )  # fmt: skip


class CampaignShown(Campaign):
    progress = fields.Nested(Progress, required=True)


class CampaignsQuery(PageQuery):
    state = fields.String(validate=validate.OneOf(STATES))


class EstimateOf(Shape):
    audience = fields.Nested(Audience, required=True)
    entry = fields.Nested(Entry, required=True)
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))


class Estimate(Shape):
    audience = fields.Integer(required=True, strict=True, metadata={"description": "clients whom it is for"})
    asked = fields.Integer(
        required=True, strict=True, metadata={"description": "how many of them the question was asked about"}
    )
    goes = fields.Integer(required=True, strict=True, metadata={"description": "of those who were asked about"})
    left_out = fields.Dict(
        keys=fields.String(validate=validate.OneOf(REASONS)),
        values=fields.Integer(strict=True),
        required=True,
        metadata={"description": "of those who were asked about, by the reason"},
    )
