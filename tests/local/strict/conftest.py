"""What the tests behind the strict edge share."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Load the cloud behind the edge; the first of both is what `tests/local/conftest.py` loads."""
    for plugin in ("tests.local_cloud", "tests.local.support.strict_cloud"):
        config.pluginmanager.import_plugin(plugin)
