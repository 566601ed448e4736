"""A directory with the demo's people, for the tests of its rooms."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.directory import demo
from shared.testing.service import ServiceUnderTest

PASSWORD = "foyer-demo"
WEB_SECRET = "s" * 43


def demo_without_a_past(session: Session) -> None:
    demo.fill(session, PASSWORD, WEB_SECRET)
    session.execute(text("DELETE FROM outbox"))


@pytest.fixture
def directory(service_of: Callable[..., ServiceUnderTest]) -> ServiceUnderTest:
    """The demo's chain, as if its events had been published."""
    return service_of("directory", fill=demo_without_a_past)
