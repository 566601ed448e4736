"""The act `refund`: shown by a quote before it is done."""

from services.memberships.payments import refund_quote
from services.memberships.quotes.act import Act, register

REFUND = register(
    Act("refund", "memberships.refund", refund_quote.Refunding, refund_quote.gather, refund_quote.compute)
)
