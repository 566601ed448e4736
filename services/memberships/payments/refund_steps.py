"""What is asked of a gateway for one refund: the calls, and nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from services.memberships.gateways.port import AnswerLost, Gateway, GatewayDown, GatewayRefused, RefundOutcome

log = structlog.get_logger()

CAN_STILL_FAIL = timedelta(days=30)
"""For so long a refund that has succeeded is looked at again: banks give money back late, too."""
LONGEST_PAUSE = 12 * 3600.0


@dataclass(frozen=True, slots=True)
class TakenRefund:
    id: UUID
    state: str
    account: str
    amount: int
    charge_id: str
    """The gateway's name of the payment that it gives back."""
    gateway_id: str | None
    looks: int
    created_at: datetime


def ask(taken: TakenRefund, gateway: Gateway) -> RefundOutcome | None:
    """How it stands; None when that is not known, and it is to be asked again later. Never raises."""
    try:
        return _ask(taken, gateway)
    except (GatewayDown, AnswerLost) as error:
        log.info("gateway_silent", refund=str(taken.id), reason=str(error))
    except GatewayRefused as error:
        return RefundOutcome(taken.gateway_id or "", "failed", taken.charge_id, taken.amount, error.code)
    except Exception:
        log.exception("gateway_failed", refund=str(taken.id))
    return None


def _ask(taken: TakenRefund, gateway: Gateway) -> RefundOutcome:
    if taken.gateway_id:
        return gateway.find_refund(taken.gateway_id)
    # Asked before, without an answer: the payment's own list says whether it was made.
    if taken.looks > 1 and (made := gateway.refund_made(taken.charge_id, taken.id)):
        return made
    return gateway.refund(taken.charge_id, taken.amount, taken.id)


def pause(state: str, looks: int, age: timedelta) -> timedelta | None:
    """How long a refund is left alone after its n-th look; None when it is looked at no more. Pure.

    A minute at first: what was asked for and not answered may still be under way.
    """
    if state == "failed" or (state == "succeeded" and age > CAN_STILL_FAIL):
        return None
    return timedelta(seconds=min(60.0 * 2 ** min(looks - 1, 20), LONGEST_PAUSE))
