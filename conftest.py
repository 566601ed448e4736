pytest_plugins = ["shared.testing.plugin", "shared.testing.behaviours"]
