from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

pytest_plugins = ["shared.testing.plugin", "shared.testing.behaviours", "services.memberships.gateways.tests.table"]

BROWSER = "tests-e2e/browser"
LONG_ONES_FIRST = (BROWSER, "tests-e2e/failures")
"""So that no worker is left with a long one when the others are done (and see `--no-loadscope-reorder`)."""


class ByFile(LoadScopeScheduling):
    """One worker takes all tests in a browser, with the one house that they need; the other files go one by one to
    whoever is free."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return BROWSER if file.startswith(BROWSER) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: [not item.nodeid.startswith(long) for long in LONG_ONES_FIRST])
