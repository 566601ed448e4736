"""What can be quoted of memberships: to add one, and to move its payment date."""

from services.memberships.memberships import adding, payment_dates
from services.memberships.quotes.act import Act, register

WRITE = "memberships.write"

ADD = register(Act("add", WRITE, adding.Adding, adding.gather, adding.compute))
PAYMENT_DATE = register(Act("payment_date", WRITE, payment_dates.Moving, payment_dates.gather, payment_dates.compute))
