"""The doors for what providers tell, and the outbox."""

from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from services.notifications.copies.models import Client
from services.notifications.messages.models import Message
from services.notifications.providers import hearing
from services.notifications.providers.email import reports, ses
from services.notifications.providers.port import Refused as Failed
from services.notifications.providers.port import Sent
from services.notifications.providers.schemas import Heard, OutboxQuery, Shown
from services.notifications.providers.sms.twilio import told
from services.notifications.replies import actions as replies
from shared.api import PUBLIC, Door, platform, reading, transaction
from shared.api.pages import newest, page_of
from shared.api.problems import Refused
from shared.api.sight import clients_of
from shared.errors import Invalid, NotFound
from shared.rows import NOT_FOUND
from shared.words import Words

door = Door("providers", __name__, url_prefix="/api/v1/notifications/providers", description="What providers tell.")

MOST_BYTES = 1_000_000
UNSIGNED = Words("This does not carry the signature of the provider.")
NO_REPORT = Words("This is no report about a message.")
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
REPORT = {"required": True, "content": {"message/rfc822": {"schema": {"type": "string", "format": "binary"}}}}
OUTBOX = (
    select(Message.__table__, Client.name.label("client_name"))
    .outerjoin(Client, Client.id == Message.client_id)
    .where(Message.provider == "outbox", Message.purged_at.is_(None))
    .order_by(Message.id.desc())
)


@door.get("/outbox", needs="messages.read")
@door.arguments(OutboxQuery, location="query")
@door.response(200, page_of(Shown, "Outbox"))
def outbox(query: dict[str, Any]) -> Any:
    """What would have gone out, newest first, where no account of a provider is set up; to one client when named."""
    statement = OUTBOX
    if query.get("client_id"):
        statement = statement.where(Message.client_id == query["client_id"])
    seen = clients_of("messages.read")
    if seen is not None:
        statement = statement.where(Client.preferred_branch_id.is_(None) | Client.preferred_branch_id.in_(seen))
    with reading() as connection:
        return newest(connection, statement, Message.id, query)


@door.post("/email/reports", needs="messages.suppressions.write")
@door.doc(requestBody=REPORT)
@door.response(200, Heard)
def email_reports() -> Any:
    """A bounce (RFC 3464) or a complaint (RFC 5965) as the mail server got it: the raw message, as `message/rfc822`."""
    try:
        report = reports.read(_body())
    except reports.NoReport as error:
        raise Invalid(NO_REPORT, fields={"body": [NO_REPORT.format()]}) from error
    with transaction() as session:
        return {"heard": hearing.hear_report(session, report)}


@door.post("/ses", needs=PUBLIC)
@door.doc(**{"x-problems": [403, 413]})
@door.response(200, Heard)
def from_ses() -> Any:
    """What Amazon SES tells by SNS of bounces, complaints and deliveries; checked by Amazon's signature."""
    messaging = platform().config.messaging
    try:
        said = ses.verified(messaging, _body())
    except ses.BadSignature as error:
        raise Refused(403, UNSIGNED.format(), code="bad_signature") from error
    if said["Type"] == "SubscriptionConfirmation":
        ses.confirm(messaging, said)
        return {"heard": True}
    try:
        found = ses.reports(said)
    except reports.NoReport:
        return {"heard": False}
    with transaction() as session:
        return {"heard": all([hearing.hear_report(session, report) for report in found])}


@door.post("/twilio/status/<uuid:message_id>", needs=PUBLIC)
@door.doc(**{"x-problems": [403, 404, 413]})
@door.response(200, Heard)
def sms_status(message_id: UUID) -> Any:
    """How an SMS stands, as Twilio tells it; checked by its signature."""
    said = _signed_by_twilio()
    outcome = told(said.get("MessageStatus", ""), said.get("ErrorCode"), said.get("MessageSid"))
    assert isinstance(outcome, Sent | Failed)
    with transaction() as session:
        return {"heard": hearing.hear_status(session, message_id, outcome)}


@door.post("/twilio/replies", needs=PUBLIC)
@door.doc(**{"x-problems": [400, 403, 404, 413]})
@door.response(200, content_type="text/xml")
def sms_reply() -> Any:
    """What somebody has answered to an SMS: STOP and START are done before this is answered, the rest is kept."""
    said = _signed_by_twilio()
    if not said.get("From") or not said.get("MessageSid"):
        raise Refused(400)
    with transaction() as session:
        replies.take(session, said["MessageSid"], said["From"], said.get("Body", ""))
    return Response(EMPTY_TWIML, mimetype="text/xml")


def _signed_by_twilio() -> dict[str, str]:
    """The form that Twilio sent. Raises Refused unless it has signed it for this very address."""
    config = platform().config
    if config.messaging.sms != "twilio":
        raise NotFound(NOT_FOUND)
    _body()
    said = request.form.to_dict()
    validator = RequestValidator(config.secret("twilio-auth-token"))
    address = config.base_url + request.full_path.rstrip("?")
    if not validator.validate(address, request.form, request.headers.get("X-Twilio-Signature", "")):
        raise Refused(403, UNSIGNED.format(), code="bad_signature")
    return said


def _body() -> bytes:
    if (request.content_length or 0) > MOST_BYTES:
        raise Refused(413)
    return request.get_data(cache=True)
