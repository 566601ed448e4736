"""A directory with the demo's people, for the tests of its rooms."""

from collections.abc import Callable

import pytest

from services.directory import demo
from shared.testing.service import ServiceUnderTest

PASSWORD = "foyer-demo"
WEB_SECRET = "s" * 43


@pytest.fixture
def directory(service_of: Callable[..., ServiceUnderTest]) -> ServiceUnderTest:
    service = service_of("directory")
    with service.database.transaction() as session:
        demo.fill(session, PASSWORD, WEB_SECRET)
    service.forget_emitted()
    return service
