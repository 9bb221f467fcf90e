"""A local cloud for tests: the CDK app deployed to an emulator that enforces IAM."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Final

import pytest

from infra.access import FUNCTIONS
from infra.admin.admin_client import Field
from infra.local.cloud import LocalCloud, local_cloud
from infra.local.emulator import free_port
from infra.local.iam_decisions import read_decisions
from infra.local.lifecycle import bring_down, bring_up, running_status
from infra.local.logs import chosen_functions, read_logs
from infra.local.spaces import create_space
from infra.local.status import LocalSpace, Status
from infra.local.worker_command import Command, worker_command
from tests.closing_lines import add_closing_line
from tests.local.support.grants import by_chance, granted, rare, used

SECRET: Final = re.compile(
    r"ws[tk]_[\w-]{20,}"  # worker tokens, API keys
    r"|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+"  # JSON web tokens
    r"|X-Amz-Signature=\w+"
)

_RAN: Final = pytest.StashKey[set[Path]]()


@dataclass(frozen=True)
class DeployedCloud:
    """A local cloud that runs."""

    cloud: LocalCloud

    @property
    def status(self) -> Status:
        return running_status(self.cloud)

    @property
    def api_url(self) -> str:
        return self.status.api_url

    @property
    def page_url(self) -> str:
        return self.status.page_url

    @property
    def socket_url(self) -> str:
        return self.status.socket_url

    def create_space(self, name: str | None = None, **fields: Field) -> LocalSpace:
        """Create a space, with a name that no other test has, and a token for its worker."""
        return create_space(self.cloud, name or f"test-{token_hex(4)}", **fields)

    def worker_command(self, space: LocalSpace, *arguments: str) -> Command:
        """Return the command and environment that link the worker client to a space."""
        return worker_command(self.cloud, space, *arguments)

    def whole_log(self) -> str:
        """Return what all functions have written so far."""
        return "\n".join(line.text for line in read_logs(self.cloud, chosen_functions(None)))

    def log(self, function: str) -> list[str]:
        """Return what a function has written so far."""
        return [line.text for line in read_logs(self.cloud, chosen_functions(function))]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note the files whose tests run in this process."""
    item.config.stash.setdefault(_RAN, set()).add(item.path)


@pytest.fixture(scope="session")
def deployed_cloud(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DeployedCloud]:
    """A local cloud for all tests of this run."""
    if port := request.config.getoption("--local-port"):
        yield DeployedCloud(local_cloud(port))
        return
    cloud = local_cloud(free_port(), tmp_path_factory.mktemp("local-cloud"))
    try:
        bring_up(cloud, print)
        deployed = DeployedCloud(cloud)
        yield deployed
        _expect_no_missing_grant(deployed)
        expect_no_secret(deployed)
        _expect_only_known_grants(deployed)
        if _everything_ran(request.session):
            _expect_every_grant_used(deployed)
            sentence = f"{len(granted())} grants; no local test needs {len(rare())}"
            add_closing_line(request.config, f"{sentence} (tests/local/support/grants.py)")
    finally:
        bring_down(cloud)


def _expect_no_missing_grant(deployed: DeployedCloud) -> None:
    """A missing grant that no test noticed would only be found on AWS."""
    # The tests themselves take the admin function's grants away once.
    for name in FUNCTIONS.keys() - {"admin"}:
        denied = [line for line in deployed.log(name) if "AccessDenied" in line]
        assert not denied, f"{name}: {denied[0]}"


def secrets_in(text: str) -> list[str]:
    """Return what looks like a token, a key, a password's bearer or a signed address."""
    return SECRET.findall(text)


def expect_no_secret(deployed: DeployedCloud) -> None:
    found = secrets_in(deployed.whole_log())
    assert not found, f"a function wrote {found[0][:12]}…"


def _everything_ran(session: pytest.Session) -> bool:
    """Whether all local tests ran here, and passed: then every grant should have been used."""
    ran = session.config.stash.get(_RAN, set())
    return not session.testsfailed and set(Path(__file__).parent.glob("local/test_*.py")) <= ran


def _expect_only_known_grants(deployed: DeployedCloud) -> None:
    needed = used(read_decisions(deployed.cloud))
    assert not needed - granted(), "IAM allowed what infra/access.py does not say"
    needless = rare() & needed
    assert not needless, f"listed as rare, and needed by a local test: {sorted(needless)}"


def _expect_every_grant_used(deployed: DeployedCloud) -> None:
    idle = granted() - used(read_decisions(deployed.cloud)) - rare() - by_chance()
    assert not idle, f"granted, and not needed by any local test: {sorted(idle)}"
