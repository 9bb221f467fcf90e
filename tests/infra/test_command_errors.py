"""What a person can cause ends a command with one line, never with a traceback."""

import io
import os
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest
import typer
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.stub import Stubber
from typer.testing import CliRunner

from infra.admin import __main__ as admin
from infra.admin.calls import Refused
from infra.admin.stage_clients import EXPECTED, run
from infra.local import __main__ as commands
from infra.local.cloud import LocalCloud
from infra.local.demos import Example
from infra.local.emulator import LocalCloudError, free_port
from infra.local.status import ProcessMark, Status, write_status
from infra.outputs import StackNotDeployed, stack_outputs

DEPLOYING = "The local cloud on port 4599 is still being deployed."


def output_of(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[object, str]:
    monkeypatch.setattr(sys, "argv", ["infra.local", *words])
    with pytest.raises(SystemExit) as ended:
        run(commands.app, LocalCloudError, *EXPECTED)
    return ended.value.code, capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["test-setup"],
        ["mock-app"],
        ["status"],
        ["create-space", "x"],
        ["create-token", "x"],
        ["create-user", "ulla"],
    ],
)
def test_a_command_while_the_demo_still_deploys_says_so_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    words: list[str],
) -> None:
    cloud = LocalCloud(4599, tmp_path)
    write_status(
        cloud, Status(emulator=ProcessMark.of(os.getpid()), emulator_url="http://localhost:4599")
    )
    monkeypatch.setattr(commands, "local_cloud", lambda _port: cloud)
    monkeypatch.setattr(commands, "is_healthy", lambda _cloud: True)

    code, shown = output_of(monkeypatch, capsys, *words)

    assert code == 1
    assert shown.startswith(f"Error: {DEPLOYING}")
    assert shown.count("\n") == 1


@pytest.mark.parametrize(
    "error",
    [
        Refused("The space does not exist."),
        StackNotDeployed("Stack x does not exist."),
        EndpointConnectionError(endpoint_url="http://localhost:1"),
        ClientError({"Error": {"Code": "ExpiredToken"}}, "GetCallerIdentity"),
        PermissionError(13, "Permission denied", "/read-only/.local"),
        OSError(28, "No space left on device"),
    ],
)
def test_what_a_person_can_cause_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(sys, "argv", ["command"])
    app = typer.Typer()

    @app.command()
    def fail() -> None:
        raise error

    with pytest.raises(SystemExit):
        run(app, *EXPECTED)

    shown = capsys.readouterr().err
    assert shown.startswith("Error: ")
    assert shown.count("\n") == 1


@pytest.mark.parametrize("port", ["0", "-1", "65536", "x"])
def test_a_port_that_does_not_exist_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], port: str
) -> None:
    code, shown = output_of(monkeypatch, capsys, "status", "--port", port)

    assert code == 2
    assert "Traceback" not in shown


def test_a_stack_that_is_still_being_deployed_has_no_outputs_and_says_so() -> None:
    client: Any = boto3.client("cloudformation", region_name="eu-central-1")
    stack = {
        "StackName": "spaces-dev-service",
        "CreationTime": "2026-01-01T00:00:00Z",
        "StackStatus": "CREATE_IN_PROGRESS",
    }
    with Stubber(client) as stub:
        stub.add_response("describe_stacks", {"Stacks": [stack]})
        outputs = stack_outputs(client, "spaces-dev-service")

    with pytest.raises(StackNotDeployed, match="no output AdminFunctionName: it is still being"):
        outputs["AdminFunctionName"]


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "gbk", "ascii"])
def test_any_character_can_be_printed_in_any_encoding(
    monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "argv", ["command"])
    app = typer.Typer()

    @app.command()
    def show() -> None:
        sys.stdout.write("✓ Überblick 概览 …\n")

    with pytest.raises(SystemExit) as ended:
        run(app, *EXPECTED)
    out.flush()

    assert ended.value.code == 0
    assert b"berblick" in out.buffer.getvalue()


def test_a_local_cloud_that_does_not_run_is_not_called_a_lost_connection(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        sys, "argv", ["infra.admin", "list-spaces", "--stage", f"local:{free_port()}"]
    )

    with pytest.raises(SystemExit):
        run(admin.app, *EXPECTED)

    shown = capsys.readouterr().err
    assert "No local cloud answers at http://localhost:" in shown
    assert "--stage local:PORT" in shown


@pytest.mark.parametrize("name", ["detect-language", "detect_language"])
def test_an_example_is_known_by_the_name_of_its_space_too(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    begun: list[Example] = []
    monkeypatch.setattr(commands, "show_example", lambda _, example, **__: begun.append(example))

    done = CliRunner().invoke(commands.app, ["demo", "--example", name])

    assert done.exit_code == 0
    assert begun == [Example.DETECT_LANGUAGE]


def test_an_unknown_example_is_refused_with_the_names_of_all() -> None:
    done = CliRunner().invoke(commands.app, ["demo", "--example", "nothing"])

    assert done.exit_code != 0
    assert "is no example" in done.output
    assert "watch_video" in done.output
