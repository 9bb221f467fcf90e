"""What tests of all kinds share: the local cloud, and the order of the kinds."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("spaces", deadline=None)  # how long an example takes says what else ran
settings.load_profile("spaces")

pytest_plugins = ["tests.chromium", "tests.local_cloud"]

KINDS = ("unit", "architecture", "functional", "simulation", "infra", "local", "browser", "models")
"""Quick ones first. The browser, with the models that it is used for, comes last for another
reason too: Playwright's event loop stays in this thread, and no other can run beside it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    items.sort(key=lambda item: KINDS.index(item.path.relative_to(here).parts[0]))
