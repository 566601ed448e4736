pytest_plugins = ["shared.testing.plugin", "shared.testing.behaviours", "services.memberships.gateways.tests.table"]
