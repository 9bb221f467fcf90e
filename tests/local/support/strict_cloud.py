"""A local cloud behind the strict edge, whose rules a test may change for itself."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import httpx
import pytest

from infra.local.cloud import LocalCloud, local_cloud
from infra.local.emulator import REPEAT_SECONDS, free_port
from infra.local.lifecycle import bring_down, bring_up
from infra.local.status import LocalSpace
from infra.local.strict_edge.edge import StrictEdge
from infra.local.strict_edge.faults import NextFaults
from infra.local.strict_edge.rules import Rules
from infra.local.strict_edge.running import serving
from tests.local_cloud import DeployedCloud, expect_no_secret

LATE_SECONDS = 5
"""A schedule of these tests fires that late at most, because they wait for it."""
REPEATED_AFTER_SECONDS = 24
"""When a failed sweep is repeated, and again after twice as long: sooner than on AWS, but later
than the lease after a dispatch ends, and then the grace of a worker that is gone."""


@dataclass(frozen=True)
class StrictCloud(DeployedCloud):
    """A local cloud behind an edge of this process."""

    edge: StrictEdge
    rules: Rules
    faults: NextFaults

    def errors(self) -> list[str]:
        """Return what functions have logged of errors that they did not expect."""
        return [line for line in self.whole_log().splitlines() if "unexpected_error" in line]


@pytest.fixture(scope="session")
def _strict_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StrictCloud]:
    cloud = local_cloud(free_port(), tmp_path_factory.mktemp("strict-cloud"))
    rules, faults, edges = Rules(), NextFaults(), list[StrictEdge]()
    with ExitStack() as stack:
        shorter = stack.enter_context(pytest.MonkeyPatch.context())
        shorter.setenv(REPEAT_SECONDS, str(REPEATED_AFTER_SECONDS))

        def start(cloud: LocalCloud, emulator_port: int) -> None:
            edges.append(StrictEdge(emulator_port, rules, faults))
            stack.enter_context(serving(edges[0], cloud.port))

        stack.callback(bring_down, cloud)
        bring_up(cloud, print, start)
        strict = StrictCloud(cloud, edges[0], rules, faults)
        yield strict
        expect_no_secret(strict)


@pytest.fixture
def strict(_strict_cloud: StrictCloud) -> Iterator[StrictCloud]:
    """The cloud with AWS's own numbers; no function may meet an error that it does not expect."""
    vars(_strict_cloud.rules).update(vars(Rules(late_seconds=LATE_SECONDS)))
    known = len(_strict_cloud.errors())
    yield _strict_cloud
    assert _strict_cloud.faults.calls == []
    assert _strict_cloud.faults.handshakes == []
    assert _strict_cloud.errors()[known:] == []


@pytest.fixture
def space(strict: StrictCloud) -> LocalSpace:
    return strict.create_space()


@pytest.fixture
def http(strict: StrictCloud) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=strict.api_url, timeout=35, trust_env=False) as client:
        yield client


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the worker has warned of."""
    levels = {"WARNING", "ERROR"}
    mine = (each for each in caplog.records if each.name.startswith("spaces_worker"))
    return [each.getMessage() for each in mine if each.levelname in levels]
