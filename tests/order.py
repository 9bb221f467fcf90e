"""Which tests run first, and which of them run side by side (``make test``, pytest-xdist).

In one process, quick kinds run first. In several, long ones do, so that all processes end at the
same time. Tests that need the local cloud run one after another in one process, because they
change its grants and read its logs; those that need a browser too run in another, on a cloud of
their own. Other files stay whole, so that what their tests share is made once; only a test of the
simulation takes long enough to go alone.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:  # not needed to run tests in one process
    from xdist.scheduler import LoadGroupScheduling

KINDS: Final = (
    "unit",
    "architecture",
    "functional",
    "simulation",
    "infra",
    "local",
    "browser",
    "models",
)
LONG_FIRST: Final = (
    "simulation",
    "infra",
    "browser",
    "functional",
    "architecture",
    "unit",
)
CLOUD: Final = "local_cloud"
BROWSER_ON_CLOUD: Final = "browser_on_local_cloud"
_HERE: Final = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sort the tests, and mark those that have to stay together."""
    items.sort(key=lambda item: KINDS.index(_kind(item)))
    if not hasattr(config, "workerinput"):
        return
    for item in items:
        if item.get_closest_marker("local"):
            group = BROWSER_ON_CLOUD if item.get_closest_marker("browser") else CLOUD
            item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=_side_by_side)


def _kind(item: pytest.Item) -> str:
    return item.path.relative_to(_HERE).parts[0]


def _side_by_side(item: pytest.Item) -> int:
    return -1 if item.get_closest_marker("local") else LONG_FIRST.index(_kind(item))


def scope(nodeid: str) -> str:
    """Return what the tests that have to run in the same process have in common."""
    for group in (CLOUD, BROWSER_ON_CLOUD):
        if nodeid.endswith(f"@{group}"):
            return group
    if nodeid.startswith("tests/simulation/"):
        return nodeid
    if nodeid.startswith("tests/infra/"):
        return "tests/infra"  # the synthesized templates
    return nodeid.split("::", 1)[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "LoadGroupScheduling":
    """Hand out the tests by `scope`."""
    from xdist.scheduler import LoadGroupScheduling  # noqa: PLC0415

    class ByScope(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return scope(nodeid)

    return ByScope(config, log)
