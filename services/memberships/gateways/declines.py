"""Why a card was declined: from each gateway's code to one of ours, what helps, and words for the person who asks.

The codes are those of Stripe (docs.stripe.com/declines/codes); the sandbox uses the same. A code that is not listed is
treated as the bank's plain refusal. Pure.
"""

from dataclasses import dataclass
from typing import Literal

from shared.words import Words

Category = Literal["try_again", "ask_client", "another_card"]


@dataclass(frozen=True, slots=True)
class Decline:
    code: str
    """Ours: the same for all gateways, and what events say."""
    category: Category
    hard: bool
    """The same card is never tried again; the networks fine those who do."""
    words: Words


INSUFFICIENT_FUNDS = Decline(
    "insufficient_funds", "try_again", False, Words("There was not enough money on the card that day.")
)
BANK_BUSY = Decline("bank_busy", "try_again", False, Words("The bank could not answer. This passes by itself."))
LIMIT_REACHED = Decline(
    "limit_reached", "try_again", False, Words("The card has reached its limit for now. It may work in a few days.")
)
REFUSED_BY_BANK = Decline(
    "refused_by_bank", "ask_client", False, Words("The bank said no without a reason. Only the client can ask it why.")
)
CONFIRMATION_NEEDED = Decline(
    "confirmation_needed", "ask_client", False, Words("The bank wants the client to confirm this payment.")
)
EXPIRED = Decline("expired", "another_card", True, Words("The card has expired. Another one is needed."))
NOT_VALID = Decline(
    "not_valid", "another_card", True, Words("The bank does not know this card any more. Another one is needed.")
)
NOT_SUPPORTED = Decline(
    "not_supported", "another_card", True, Words("This kind of card cannot pay this. Another one is needed.")
)
# What a thief must not learn is not said: a lost, stolen or blocked card is only one that is not taken.
NOT_TAKEN = Decline(
    "not_taken", "another_card", True, Words("The bank does not take this card. Another one is needed.")
)

OURS = (
    INSUFFICIENT_FUNDS, BANK_BUSY, LIMIT_REACHED, REFUSED_BY_BANK, CONFIRMATION_NEEDED,
    EXPIRED, NOT_VALID, NOT_SUPPORTED, NOT_TAKEN,
)  # fmt: skip

CODES: dict[Decline, tuple[str, ...]] = {
    INSUFFICIENT_FUNDS: ("insufficient_funds",),
    BANK_BUSY: (
        "processing_error", "issuer_not_available", "try_again_later", "reenter_transaction", "approve_with_id",
    ),
    LIMIT_REACHED: ("card_velocity_exceeded", "withdrawal_count_limit_exceeded"),
    REFUSED_BY_BANK: (
        "card_declined", "generic_decline", "do_not_honor", "call_issuer", "no_action_taken", "not_permitted",
        "security_violation", "service_not_allowed", "transaction_not_allowed", "duplicate_transaction",
    ),
    CONFIRMATION_NEEDED: (
        "authentication_required", "authentication_not_handled", "payment_intent_authentication_failure",
        "offline_pin_required", "online_or_offline_pin_required", "mobile_device_authentication_required",
        "pin_try_exceeded", "incorrect_pin", "invalid_pin",
    ),
    EXPIRED: ("expired_card", "invalid_expiry_month", "invalid_expiry_year"),
    NOT_VALID: (
        "incorrect_number", "invalid_number", "invalid_account", "incorrect_cvc", "invalid_cvc", "incorrect_zip",
        "incorrect_address", "new_account_information_available", "testmode_decline", "payment_method_detached",
    ),
    NOT_SUPPORTED: ("card_not_supported", "currency_not_supported", "invalid_amount"),
    NOT_TAKEN: (
        "lost_card", "stolen_card", "pickup_card", "restricted_card", "fraudulent", "merchant_blacklist",
        "revocation_of_authorization", "revocation_of_all_authorizations", "stop_payment_order", "do_not_try_again",
    ),
}  # fmt: skip

_BY_CODE = {code: decline for decline, codes in CODES.items() for code in codes}


def decline_of(code: str | None) -> Decline:
    """What a gateway's code, or one of ours, means."""
    return _BY_CODE.get(code or "") or _BY_OUR_CODE.get(code or "", REFUSED_BY_BANK)


_BY_OUR_CODE = {decline.code: decline for decline in OURS}
