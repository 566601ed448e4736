"""Members with a period to pay, and the worker's turn at it, as the tests of payments have them."""

from services.memberships.payments.tests.conftest import charge, owes

__all__ = ["charge", "owes"]
