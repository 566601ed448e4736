import pytest

pytest_plugins = ["shared.testing.plugin", "shared.testing.behaviours", "services.memberships.gateways.tests.table"]

BROWSER = "tests-e2e/browser"


def pytest_itemcollected(item: pytest.Item) -> None:
    """One worker takes all tests in a browser, with the one house that they need; the other files go one by one to
    whoever is free."""
    file = item.nodeid.partition("::")[0]
    item.add_marker(pytest.mark.xdist_group(BROWSER if file.startswith(BROWSER) else file))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those in a browser come first: they are the longest piece."""
    items.sort(key=lambda item: not item.nodeid.startswith(BROWSER))
