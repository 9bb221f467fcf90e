import pytest
from typer.testing import CliRunner
from websockets.sync.client import connect

from infra import admin
from infra.local.cloud import CREDENTIALS
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local


@pytest.fixture
def run(deployed_cloud: DeployedCloud, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Runs the command as on AWS: only boto3's usual variables tell it where the gateway is."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", deployed_cloud.cloud.emulator_url)
    return CliRunner()


def test_a_space_and_its_token_are_created(run: CliRunner, deployed_cloud: DeployedCloud) -> None:
    space = run.invoke(admin.app, ["create-space", "by-admin", "--stage", "local"])
    token = run.invoke(admin.app, ["create-token", "by-admin", "--stage", "local"])

    assert (space.exit_code, token.exit_code) == (0, 0)
    headers = {
        "Authorization": f"Bearer {token.stdout.splitlines()[-1]}",
        "X-Worker-Id": "w",
    }
    with connect(deployed_cloud.socket_url, additional_headers=headers, proxy=None):
        pass


def test_a_name_that_is_taken_is_refused(run: CliRunner, deployed_cloud: DeployedCloud) -> None:
    taken = deployed_cloud.create_space().space

    again = run.invoke(admin.app, ["create-space", taken, "--stage", "local"])

    assert isinstance(again.exception, admin.Refused)
    assert taken in str(again.exception)
