"""The table of message types, one row each. `python -m services notifications catalogue` prints it for the docs."""

from datetime import timedelta

from services.notifications.catalogue.message_type import Data, MessageType, Value
from shared.contracts import bookings, documents, memberships, packages
from shared.contracts.contract import Contract
from shared.words import Words

DAY = timedelta(days=1)
PAID = (memberships.PAYMENT_SUCCEEDED, memberships.PAYMENT_SETTLED)
ENDED = (memberships.MEMBERSHIP_CANCELLED, memberships.MEMBERSHIP_EXPIRED)

PLAN = {"plan": Value("plan", "plan_id")}
OF_PAYMENT = {
    "plan": Value("membership_plan", "membership_id"),
    "amount": Value("money", "amount"),
    "invoice": Value("text", "invoice_number"),
}
CARD = {"card_brand": Value("brand", "card_brand"), "card_last_four": Value("text", "card_last_four")}
APPOINTMENT = {"starts_at": Value("moment", "starts_at"), "services": Value("services", "services")}


def _is_receipt(data: Data) -> bool:
    """What was written off, or cost nothing, is no payment that anybody made."""
    return data["amount"] > 0 and data.get("tender") not in ("written_off", "nothing")


def _waits_for_client(data: Data) -> bool:
    """The bank's question is a message of its own."""
    return not data["action_required"]


def _has_holder(data: Data) -> bool:
    return bool(data["holder_id"] or data["buyer_id"])


APPOINTMENTS = (
    MessageType(
        "appointment_booked",
        Words("Appointment booked"),
        "appointment",
        ("email", "sms", "push"),
        on=(bookings.APPOINTMENT_BOOKED,),
        key="{appointment_id}",
        about="appointment:{appointment_id}",
        withdrawn_by=(bookings.APPOINTMENT_CANCELLED,),
        urgent=True,
        not_after="starts_at",
        values=APPOINTMENT,
    ),
    MessageType(
        "appointment_changed",
        Words("Appointment changed"),
        "appointment",
        ("email", "sms", "push"),
        on=(bookings.APPOINTMENT_CHANGED,),
        key="{appointment_id}:{starts_at}",
        about="appointment:{appointment_id}",
        withdrawn_by=(bookings.APPOINTMENT_CANCELLED,),
        urgent=True,
        not_after="starts_at",
        values=APPOINTMENT | {"was_at": Value("moment", "previous_starts_at")},
    ),
    MessageType(
        "appointment_cancelled",
        Words("Appointment cancelled"),
        "appointment",
        ("email", "sms", "push"),
        on=(bookings.APPOINTMENT_CANCELLED,),
        key="{appointment_id}",
        urgent=True,
        not_after="starts_at",
        values=APPOINTMENT,
    ),
    MessageType(
        "appointment_completed",
        Words("Thanks after a visit"),
        "appointment",
        ("email", "push"),
        on=(bookings.APPOINTMENT_COMPLETED,),
        key="{appointment_id}",
        values=APPOINTMENT,
    ),
    MessageType(
        "appointment_no_show",
        Words("Missed appointment"),
        "appointment",
        ("email", "sms"),
        on=(bookings.APPOINTMENT_NO_SHOW,),
        key="{appointment_id}",
        values=APPOINTMENT,
    ),
    MessageType(
        "service_upcoming",
        Words("Before a service"),
        "service",
        ("email", "sms", "push"),
        on=(bookings.SERVICE_UPCOMING,),
        key="{appointment_id}:{service_id}:{topic}",
        about="appointment:{appointment_id}",
        withdrawn_by=(bookings.APPOINTMENT_CANCELLED,),
        urgent=True,
        not_after="starts_at",
        values={
            "starts_at": Value("moment", "starts_at"),
            "service": Value("service", "service_id"),
            "arrival": Value("arrival", "topic"),
            "minutes_early": Value("number", "minutes_early"),
        },
    ),
)

PACKAGES = (
    MessageType(
        "package_message",
        Words("Package"),
        "package",
        ("email", "sms", "push"),
        on=(packages.MESSAGE,),
        when=lambda data: not data["promotional"],
        key="{message_id}",
        values={
            "package": Value("text", "package_name"),
            "title": Value("text", "title"),
            "text": Value("text", "text"),
        },
    ),
    MessageType(
        "package_education",
        Words("Package, promotional"),
        "marketing",
        ("email", "sms", "push"),
        on=(packages.MESSAGE,),
        when=lambda data: bool(data["promotional"]),
        key="{message_id}",
        values={
            "package": Value("text", "package_name"),
            "title": Value("text", "title"),
            "text": Value("text", "text"),
        },
    ),
)

FORM = {"form": Value("text", "form_name"), "due_at": Value("moment", "due_at")}
FORM_OVER = (documents.FORM_COMPLETED, documents.FORM_REMOVED)

FILES = (
    MessageType(
        "form_assigned",
        Words("Form to fill in"),
        "appointment",
        ("email", "sms", "push"),
        on=(documents.FORM_ASSIGNED,),
        key="{id}",
        about="form:{id}",
        withdrawn_by=FORM_OVER,
        not_after="due_at",
        values=FORM,
    ),
    MessageType(
        "form_reminder",
        Words("Reminder of a form"),
        "appointment",
        ("email", "sms", "push"),
        on=(documents.FORM_ASSIGNED,),
        key="{id}",
        about="form:{id}",
        withdrawn_by=FORM_OVER,
        after=timedelta(days=2),
        not_after="due_at",
        values=FORM,
    ),
    MessageType(
        "document_shown",
        Words("Document to read"),
        "service",
        ("email", "push"),
        on=(documents.DOCUMENT_SHOWN, documents.DOCUMENT_ADDED),
        when=lambda data: bool(data["visible_to_client"]),
        key="{id}",
        about="document:{id}",
        withdrawn_by=(documents.DOCUMENT_HIDDEN, documents.DOCUMENT_DELETED),
    ),
)

MEMBERSHIPS = (
    MessageType(
        "membership_started",
        Words("Membership started"),
        "transaction",
        ("email", "push"),
        on=(memberships.MEMBERSHIP_STARTED,),
        key="{id}",
        values=PLAN | {"starts_on": Value("date", "starts_on"), "next_on": Value("date", "next_payment_on")},
    ),
    MessageType(
        "receipt",
        Words("Receipt"),
        "transaction",
        ("email", "push"),
        on=PAID,
        when=_is_receipt,
        to="payer_id",
        key="{id}",
        values=OF_PAYMENT
        | {
            "period_from": Value("date", "period_starts_on"),
            "period_to": Value("last_day", "period_ends_on"),
            "card_last_four": Value("text", "card_last_four"),
        },
    ),
    MessageType(
        "renewal_upcoming",
        Words("Renewal upcoming"),
        "transaction",
        ("email", "push"),
        on=(memberships.MEMBERSHIP_RENEWAL_UPCOMING,),
        to="payer_id",
        key="{id}:{next_period}",
        about="membership:{id}",
        withdrawn_by=(*ENDED, memberships.MEMBERSHIP_RENEWED, memberships.MEMBERSHIP_FROZEN),
        not_after="next_payment_on",
        values=PLAN | {"amount": Value("money", "amount"), "next_on": Value("date", "next_payment_on")},
    ),
    MessageType(
        "payment_failed",
        Words("Payment failed"),
        "contract",
        ("email", "sms", "push"),
        on=(memberships.PAYMENT_FAILED,),
        when=_waits_for_client,
        to="payer_id",
        key="{id}:{attempt}",
        about="payment:{id}",
        withdrawn_by=PAID,
        can_be_off=False,
        values=OF_PAYMENT | CARD | {"next_on": Value("date", "next_attempt_at")},
    ),
    MessageType(
        "payment_action_required",
        Words("Payment to confirm"),
        "contract",
        ("email", "sms", "push"),
        on=(memberships.PAYMENT_ACTION_REQUIRED,),
        to="payer_id",
        key="{id}:{attempt}",
        about="payment:{id}",
        withdrawn_by=PAID,
        urgent=True,
        can_be_off=False,
        values=OF_PAYMENT | CARD,
    ),
    MessageType(
        "card_expiring",
        Words("Card expiring"),
        "contract",
        ("email", "push"),
        on=(memberships.CARD_EXPIRING,),
        key="{id}:{exp_year}-{exp_month}:{days}",
        about="card:{id}",
        withdrawn_by=(memberships.CARD_REMOVED,),
        can_be_off=False,
        values={
            "card_brand": Value("brand", "brand"),
            "card_last_four": Value("text", "last_four"),
            "days": Value("number", "days"),
        },
    ),
    MessageType(
        "membership_frozen",
        Words("Membership frozen"),
        "transaction",
        ("email", "push"),
        on=(memberships.MEMBERSHIP_FROZEN,),
        key="{freeze_id}:{frozen_from}:{frozen_until}",
        about="membership:{id}",
        withdrawn_by=ENDED,
        values=PLAN | {"frozen_from": Value("date", "frozen_from"), "frozen_until": Value("date", "frozen_until")},
    ),
    MessageType(
        "cancellation_scheduled",
        Words("Cancellation scheduled"),
        "contract",
        ("email", "push"),
        on=(memberships.MEMBERSHIP_CANCELLATION_SCHEDULED,),
        key="{id}:{ends_on}:{fee}",
        about="membership:{id}",
        withdrawn_by=(memberships.MEMBERSHIP_CANCELLATION_WITHDRAWN,),
        can_be_off=False,
        values=PLAN | {"ends_on": Value("date", "ends_on"), "fee": Value("money", "fee")},
    ),
    MessageType(
        "membership_cancelled",
        Words("Membership cancelled"),
        "contract",
        ("email", "push"),
        on=(memberships.MEMBERSHIP_CANCELLED,),
        key="{id}",
        can_be_off=False,
        values=PLAN,
    ),
    MessageType(
        "gift_card_sold",
        Words("Gift card sold"),
        "transaction",
        ("email", "sms"),
        on=(memberships.GIFT_CARD_SOLD,),
        when=_has_holder,
        to="holder_id|buyer_id",
        key="{id}",
        about="gift_card:{id}",
        withdrawn_by=(memberships.GIFT_CARD_REFUNDED,),
        values={
            "amount": Value("money", "amount"),
            "last_four": Value("text", "last_four"),
            "expires_on": Value("date", "expires_on"),
        },
    ),
)

BY_HAND = (
    MessageType(
        "quick",
        Words("Message by hand"),
        "service",
        ("email", "sms", "push"),
        key="{id}",
        values={"title": Value("text", "title"), "text": Value("text", "text")},
    ),
    MessageType(
        "campaign",
        Words("Campaign"),
        "marketing",
        ("email", "sms", "push"),
        key="{campaign_id}:{step}:{occasion}",
        about="campaign:{campaign_id}",
        greatest_age=timedelta(days=7),
        values={"title": Value("text", "title"), "text": Value("text", "text")},
    ),
    MessageType(
        "preferences_changed",
        Words("Preferences changed by staff"),
        "contract",
        ("email",),
        key="{client_id}:{day}",
        can_be_off=False,
    ),
    MessageType(
        "sign_in_link",
        Words("Sign-in link"),
        "contract",
        ("email", "sms"),
        key="{id}",
        urgent=True,
        can_be_off=False,
        greatest_age=timedelta(minutes=15),
        values={},
        secret=("sign_in_link", "sign_in_code"),
    ),
)

TYPES = {each.name: each for each in (*APPOINTMENTS, *PACKAGES, *FILES, *MEMBERSHIPS, *BY_HAND)}


def called_for_by(contract_type: str) -> list[MessageType]:
    """The types of message that an event of this type calls for."""
    return [each for each in TYPES.values() if any(one.type == contract_type for one in each.on)]


def withdrawn_by(contract_type: str) -> list[MessageType]:
    """The types of message that an event of this type makes pointless."""
    return [each for each in TYPES.values() if any(one.type == contract_type for one in each.withdrawn_by)]


def heard() -> list[Contract]:
    """Every contract that calls for a message or withdraws one."""
    every = (contract for each in TYPES.values() for contract in (*each.on, *each.withdrawn_by))
    return list({contract.type: contract for contract in every}.values())
