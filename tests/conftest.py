"""The strict harness (design §9). What each part forbids or gives stands in tests/harness/."""

pytest_plugins = [
    "tests.harness.servers",
    "tests.harness.database",
    "tests.harness.strict",
    "tests.harness.browser",
    "tests.harness.asking",
    "tests.harness.memory",
    "tests.harness.paper",
]
