"""The command line of administration, as on AWS: only boto3's usual variables tell it where."""

import os
import subprocess
import sys
from collections.abc import Callable
from secrets import token_hex
from typing import Any

import boto3
import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from infra.admin import people_commands, secret_commands, space_commands
from infra.admin.__main__ import app
from infra.admin.stage_clients import EXPECTED
from infra.admin.stage_clients import run as run_application
from infra.local.cloud import CREDENTIALS
from infra.local.spaces import admin_of
from infra.local.status import LocalPerson
from infra.project import PROJECT_FOLDER
from tests.local.support.sign_in import http, sign_in
from tests.local_cloud import DeployedCloud

pytestmark = pytest.mark.local

Run = Callable[..., str]


class Failed(AssertionError):
    """The command ended with an error; the text is what it said."""


def environment(cloud: DeployedCloud, changes: dict[str, str]) -> dict[str, str]:
    """Return the variables of a command; those that are empty are not set."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    endpoint = {"AWS_ENDPOINT_URL": cloud.cloud.emulator_url}
    chosen = {**kept, **CREDENTIALS, **endpoint, "COLUMNS": "200", **changes}
    return {name: value for name, value in chosen.items() if value}


@pytest.fixture
def run(
    deployed_cloud: DeployedCloud,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Runs a command in this process."""

    def run_command(*words: str, stage: str = "local", **changes: str) -> str:
        capsys.readouterr()
        with monkeypatch.context() as patch:
            for name in list(os.environ):
                patch.delenv(name)
            for name, value in environment(deployed_cloud, changes).items():
                patch.setenv(name, value)
            patch.setattr(boto3, "DEFAULT_SESSION", None)
            patch.setattr(sys, "argv", ["admin", *words, "--stage", stage])
            with pytest.raises(SystemExit) as ended:
                run_application(app, *EXPECTED)
        output = capsys.readouterr()
        if ended.value.code:
            raise Failed(output.err)
        return output.out

    for commands in (people_commands, secret_commands, space_commands):
        monkeypatch.setattr(commands.console, "width", 200)
    return run_command


@pytest.fixture
def run_process(deployed_cloud: DeployedCloud) -> Run:
    """Runs a command in a process of its own, where its surroundings are what is tested."""

    def run_command(*words: str, stage: str = "local", **changes: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "infra.admin", *words, "--stage", stage],
            cwd=PROJECT_FOLDER,
            env=environment(deployed_cloud, changes),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failed(done.stderr)
        return done.stdout

    return run_command


@pytest.fixture
def space(run: Run) -> str:
    name = f"by-command-{token_hex(3)}"
    run("create-space", name)
    return name


def last_line(text: str) -> str:
    return text.strip().splitlines()[-1]


def dials(cloud: DeployedCloud, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}", "X-Worker-Id": "w"}
    try:
        with connect(cloud.socket_url, additional_headers=headers, proxy=None):
            return True
    except InvalidStatus:
        return False


def sees(cloud: DeployedCloud, space: str, **headers: str) -> bool:
    with http() as client:
        answer = client.get(f"{cloud.api_url}/v1/spaces/{space}", headers=headers)
    return answer.status_code == httpx.codes.OK


def test_a_worker_token_lets_a_worker_in_until_it_is_revoked(
    run: Run, space: str, deployed_cloud: DeployedCloud
) -> None:
    told = run("create-token", space, "--label", "lab")
    token, token_id = last_line(told), told.split()[3].rstrip(",")

    assert f"spaces-worker run --url {deployed_cloud.socket_url} --spaces {space}" in told
    assert dials(deployed_cloud, token)
    assert token_id in run("list-tokens")
    run("revoke-token", token_id)
    assert not dials(deployed_cloud, token)


def test_a_rotated_token_goes_on_for_the_overlap(
    run: Run, space: str, deployed_cloud: DeployedCloud
) -> None:
    told = run("create-token", space)
    old, token_id = last_line(told), told.split()[3].rstrip(",")

    new = last_line(run("rotate-token", token_id))

    assert new != old
    assert dials(deployed_cloud, old)
    assert dials(deployed_cloud, new)


def test_a_key_opens_a_private_space(run: Run, deployed_cloud: DeployedCloud) -> None:
    name = f"private-{token_hex(3)}"
    run("create-space", name, "--visibility", "private")
    told = run("create-key", name)
    key, key_id = last_line(told), told.split()[3].rstrip(",")

    assert not sees(deployed_cloud, name)
    assert sees(deployed_cloud, name, Authorization=f"Bearer {key}")
    run("revoke-key", key_id)
    assert not sees(deployed_cloud, name, Authorization=f"Bearer {key}")


def test_a_space_is_changed_and_deleted(
    run: Run, space: str, deployed_cloud: DeployedCloud
) -> None:
    run("edit-space", space, "--title", "Anew")
    with http() as client:
        view = client.get(f"{deployed_cloud.api_url}/v1/spaces/{space}").json()

    assert view["title"] == "Anew"
    assert space in run("list-spaces")
    run("delete-space", space, "--yes")
    assert not sees(deployed_cloud, space)


def test_any_setting_can_be_changed_and_a_space_switched_off_and_on(
    run: Run, space: str, deployed_cloud: DeployedCloud
) -> None:
    def view() -> dict[str, Any]:
        with http() as client:
            seen: dict[str, Any] = client.get(f"{deployed_cloud.api_url}/v1/spaces/{space}").json()
            return seen

    def submitted() -> int:
        with http() as client:
            path = f"{deployed_cloud.api_url}/v1/spaces/{space}/requests"
            return client.post(path, json={"input": {"prompt": "a"}}).status_code

    settings = ('features=["prompt","image"]', "max_files=3", "when_offline=queue", "title=A = b")
    run("edit-space", space, *(word for each in settings for word in ("--set", each)))
    assert (view()["files"]["max_files"], view()["title"]) == (3, "A = b")

    run("edit-space", space, "--disable")
    assert submitted() == 409
    run("edit-space", space, "--enable")
    assert submitted() == 202

    with pytest.raises(Failed, match="max_files"):
        run("edit-space", space, "--set", "max_files=many")
    with pytest.raises(Failed, match="name=value"):
        run("edit-space", space, "--set", "max_files")


def test_a_key_is_made_with_limits(run: Run, space: str, deployed_cloud: DeployedCloud) -> None:
    key = last_line(run("create-key", space, "--requests-per-minute", "1"))
    path = f"{deployed_cloud.api_url}/v1/spaces/{space}/requests"

    with http() as client:
        headers = {"Authorization": f"Bearer {key}"}
        body = {"input": {"prompt": "a"}}
        statuses = [client.post(path, json=body, headers=headers).status_code for _ in range(3)]

    assert 429 in statuses


def test_a_name_that_is_taken_is_refused_with_a_sentence(run: Run, space: str) -> None:
    with pytest.raises(Failed, match=space) as failed:
        run("create-space", space)

    assert "Traceback" not in str(failed.value)


def test_people_are_created_promoted_reset_and_shut_out(
    run: Run, deployed_cloud: DeployedCloud
) -> None:
    name = f"ada-{token_hex(3)}"
    first = last_line(run("create-user", name))
    run("make-admin", name)
    listed = next(line for line in run("list-users").splitlines() if name in line)

    assert "yes" in listed
    assert "FORCE_CHANGE_PASSWORD" in listed
    with pytest.raises(PermissionError, match="new password"):
        sign_in(deployed_cloud, LocalPerson(name=name, password=first, administrator=True))
    assert last_line(run("reset-password", name)) != first
    run("remove-admin", name)
    run("disable-user", name)
    listed = next(line for line in run("list-users").splitlines() if name in line)
    assert "DISABLED" in listed
    assert "yes" not in listed
    entries = admin_of(deployed_cloud.cloud)("GET", "/audit")["entries"]
    noted = [(each["action"], each["outcome"]) for each in entries if each["target"] == name]
    assert noted == [
        (action, "done")
        for action in (
            *("disable_user", "remove_administrator"),
            *("reset_password", "make_administrator", "create_user"),
        )
    ]
    assert first not in str(entries)


@pytest.mark.parametrize(
    ("variables", "remedy"),
    [
        ({"AWS_REGION": "", "AWS_DEFAULT_REGION": "", "AWS_ENDPOINT_URL": ""}, "AWS_REGION"),
        ({"AWS_PROFILE": "not-there"}, "AWS_PROFILE"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "AWS_PROFILE=name"),
    ],
)
def test_what_is_missing_is_said_with_its_remedy(
    variables: dict[str, str], remedy: str, run_process: Run
) -> None:
    with pytest.raises(Failed) as failed:
        run_process("list-spaces", stage="dev", **variables)

    assert remedy in str(failed.value)
    assert "Traceback" not in str(failed.value)


def test_a_local_cloud_needs_its_port_and_no_variables(
    deployed_cloud: DeployedCloud, space: str, run_process: Run
) -> None:
    nothing = dict.fromkeys(("AWS_ENDPOINT_URL", *CREDENTIALS), "")

    listed = run_process("list-spaces", stage=f"local:{deployed_cloud.cloud.port}", **nothing)

    assert space in listed


@pytest.mark.parametrize("other", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_either_name_of_the_region_will_do(other: str, run_process: Run) -> None:
    run_process("list-spaces", **{other: ""})


def test_a_stage_that_is_not_deployed_is_named(run: Run) -> None:
    with pytest.raises(Failed, match="spaces-nowhere-service"):
        run("list-spaces", stage="nowhere")


def test_an_unknown_user_gets_a_clear_error(run: Run) -> None:
    with pytest.raises(Failed, match="This user does not exist"):
        run("make-admin", "nobody-at-all")


@pytest.mark.parametrize("command", ["revoke-token", "rotate-token", "revoke-key", "rotate-key"])
def test_an_id_may_begin_with_a_dash(command: str, run: Run) -> None:
    with pytest.raises(Failed) as failed:
        run(command, "-CannotBeAnOption")

    assert "No such option" not in str(failed.value)
    assert "Traceback" not in str(failed.value)
