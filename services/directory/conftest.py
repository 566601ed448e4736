"""A directory with the demo's people, for the tests of its rooms."""

from collections.abc import Callable

import pytest

from services.directory import demo
from shared.testing.service import ServiceUnderTest

PASSWORD = "foyer-demo"
WEB_SECRET = "s" * 43


def demo_without_a_past(service: ServiceUnderTest) -> None:
    with service.database.transaction() as session:
        demo.fill(session, PASSWORD, WEB_SECRET)
    service.forget_emitted()


@pytest.fixture
def directory(service_of: Callable[..., ServiceUnderTest]) -> ServiceUnderTest:
    """The demo's chain, as if its events had been published."""
    return service_of("directory", demo_without_a_past)
