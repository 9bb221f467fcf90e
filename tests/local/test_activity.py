"""What `infra.admin activity` and `cost` say about the local cloud."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from infra.admin import stage_clients
from infra.admin.__main__ import app
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local

Ask = Callable[..., str]


@pytest.fixture
def asked(deployed_cloud: DeployedCloud, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Runs a command for the cloud of these tests, whose folder is not in the project."""
    cloud = deployed_cloud.cloud
    monkeypatch.setattr(stage_clients, "local_cloud", lambda _port: cloud)

    def run(*words: str) -> str:
        result = CliRunner().invoke(app, [*words, "--stage", f"local:{cloud.port}"])
        assert result.exit_code == 0, result.output
        return result.output

    return run


@pytest.fixture(scope="module")
def space(deployed_cloud: DeployedCloud) -> str:
    """A space with a cancelled request and a refused call."""
    name = deployed_cloud.create_space().space
    with httpx.Client(base_url=deployed_cloud.api_url, trust_env=False, timeout=60) as http:
        told = http.post(f"/v1/spaces/{name}/requests", json={"input": {"prompt": "a"}}).json()
        assert http.put(told["cancel_url"]).is_success
        assert http.get("/v1/spaces/nowhere-at-all").status_code == 404
    return name


def test_figures_come_from_the_logs(asked: Ask, space: str) -> None:
    found: dict[str, Any] = json.loads(asked("activity", "--json"))

    assert found["accepted"] >= 1
    assert found["ended"]["cancelled"] >= 1
    assert [row["ended"] for row in found["spaces"] if row["space"] == space] == [1]
    refused = {row["error_type"] for row in found["refused"] if row["message"] == "call_refused"}
    assert "unknown_space" in refused


def test_the_same_figures_are_printed(asked: Ask, space: str) -> None:
    found: dict[str, Any] = json.loads(asked("activity", "--json"))
    printed = asked("activity", "--hours", "1")

    assert space  # something has happened
    assert f"{found['ended']['cancelled']:,}" in printed


def test_money_is_estimated_from_counts(asked: Ask, space: str) -> None:
    found: dict[str, Any] = json.loads(asked("cost", "--hours", "1", "--json"))
    month: dict[str, Any] = json.loads(asked("cost", "--hours", "1", "--month", "--json"))

    assert not found["items"]["run"]["counted"]
    assert found["items"]["run"]["amount"] >= 1
    assert found["items"]["write_unit"]["amount"] >= 3
    assert 0 < found["usd"] == pytest.approx(sum(item["usd"] for item in found["items"].values()))
    assert month["usd"] > 600 * found["usd"]
