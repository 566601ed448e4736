"""A message's codes in a person's words."""

from flask_babel import gettext as _


def channels() -> dict[str, str]:
    return {"email": _("E-mail"), "sms": _("SMS"), "push": _("Notification")}


def icons() -> dict[str, str]:
    return {"email": "envelope", "sms": "chat", "push": "bell"}


def kinds() -> dict[str, str]:
    return {
        "appointment": _("Appointments"),
        "service": _("Services"),
        "package": _("Packages"),
        "marketing": _("Marketing"),
        "transaction": _("Transactions"),
        "contract": _("Contract and security"),
    }


def states() -> dict[str, str]:
    return {
        "queued": _("Waiting"),
        "sending": _("Being sent"),
        "sent": _("Sent"),
        "delivered": _("Delivered"),
        "bounced": _("Came back"),
        "failed": _("Failed"),
        "unknown": _("No word yet"),
        "suppressed": _("Not sent"),
        "withdrawn": _("Withdrawn"),
        "expired": _("Too late"),
        "complained": _("Complained about"),
    }


BAD = ("bounced", "failed", "complained")


def why(reason: str | None) -> str:
    """Why a message was not sent, or not yet."""
    if not reason:
        return ""
    known = {
        "preference": _("The client has switched this off."),
        "no_consent": _("The client has not agreed to marketing here."),
        "no_contact_point": _("There is no address or number to send it to."),
        "suppressed": _("Nothing is sent to this address or number any more."),
        "quiet_hours": _("It waits until the quiet hours are over."),
        "frequency_cap": _("The client has had as many of these as the chain allows."),
        "archived": _("The client is archived."),
        "erased": _("The client's data was erased."),
        "stale": _("What it tells of was too long ago."),
        "duplicate": _("The same was sent to this address already."),
        "withdrawn": _("What it told of is no longer so."),
        "too_late": _("Its time was over before it could be sent."),
        "expired": _("It could not be sent in time."),
        "template": _("Its text could not be filled in for this client."),
        "paused": _("Its campaign is paused."),
        "stop": _("The client has answered STOP to this number."),
        "invalid_address": _("The address cannot be right."),
        "push_gone": _("The client's browser takes no notifications any more."),
        "no_answer": _("The provider has not said what became of it."),
        "rate_limited": _("The provider takes no more at the moment; it is tried again."),
        "cannot_connect": _("The provider does not answer; it is tried again."),
        "connection_lost": _("The connection was lost; it is tried again."),
        "complaint": _("The reader marked it as unwanted."),
        "abuse": _("The reader marked it as unwanted."),
    }
    if reason in known:
        return known[reason]
    if reason.startswith(("smtp_5", "twilio_", "ses_")):
        return _("The provider refused it (%(code)s).", code=reason)
    return _("The provider put it off (%(code)s); it is tried again.", code=reason)
