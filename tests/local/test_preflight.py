"""Preflight on the local cloud: it blocks nothing, and says what the emulator cannot tell."""

import pytest
from typer.testing import CliRunner

from infra.preflight import __main__ as command
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local

UNKNOWN = {"bootstrap"}
"""What only AWS can answer."""


def test_a_deployed_local_cloud_is_ready_for_a_deployment(deployed_cloud: DeployedCloud) -> None:
    arguments = ["--stage", "local", "--port", str(deployed_cloud.cloud.port)]
    done = CliRunner().invoke(command.app, arguments, catch_exceptions=False)

    assert done.exit_code == 0, done.output
    lines = [line.split(maxsplit=1) for line in done.stdout.splitlines()]
    unknown = {rest.split()[0] for level, rest in lines if level == "unknown"}
    assert unknown == UNKNOWN, done.output
    assert "spaces-local-service is CREATE_COMPLETE; a deployment updates it" in done.stdout
    assert "Next: make deploy" not in done.stdout
