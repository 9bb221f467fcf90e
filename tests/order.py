"""Which tests run first, and which of them run side by side (``make test``, pytest-xdist).

In one process, quick kinds run first. In several, long ones do, so that all processes end at the
same time. Tests that need the local cloud run one after another in one process, because they
change its grants and read its logs; those that need a browser too run in another, on a cloud of
their own, and so do those that run behind the strict edge. Other files stay whole, so that what
their tests share is made once; only a test of the simulation takes long enough to go alone.
"""

import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:  # not needed to run tests in one process
    from xdist.scheduler import LoadScopeScheduling

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
STRICT: Final = "strict_local_cloud"
LOADED: Final = pytest.StashKey[frozenset[str]]()
"""The modules that were loaded when the tests had been collected, in each process."""
FIRST: Final = (CLOUD, BROWSER_ON_CLOUD, STRICT)
_HERE: Final = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sort the tests."""
    side_by_side = hasattr(config, "workerinput")
    items.sort(key=_side_by_side if side_by_side else lambda item: KINDS.index(_kind(item)))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Note what is loaded."""
    session.config.stash[LOADED] = frozenset(sys.modules)


def _kind(item: pytest.Item) -> str:
    return item.path.relative_to(_HERE).parts[0]


def _side_by_side(item: pytest.Item) -> int:
    return (*FIRST, *LONG_FIRST).index(_group(item.path) or _kind(item))


def scope(nodeid: str) -> str:
    """Return what the tests that have to run in the same process have in common."""
    file = nodeid.split("::", 1)[0]
    if group := _group(_HERE.parent / file):
        return group
    if file.startswith("tests/simulation/"):
        return nodeid
    if file.startswith("tests/infra/"):
        return "tests/infra"  # the synthesized templates
    return file


@cache
def _group(file: Path) -> str | None:
    """Return what a file's tests need that only one process has.

    The process that hands out tests knows their names alone, hence this look at the text.
    """
    marks = set(re.findall(r"\bpytest\.mark\.(\w+)", file.read_text("utf-8")))
    if "local" not in marks:
        return None
    if "strict" in marks:
        return STRICT
    return BROWSER_ON_CLOUD if "browser" in marks else CLOUD


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "LoadScopeScheduling":
    """Hand out the tests by `scope`."""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415

    class ByScope(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
        def _split_scope(self, nodeid: str) -> str:
            return scope(nodeid)

    return ByScope(config, log)
