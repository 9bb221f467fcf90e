"""What the administration's command line asks of the gateway, and what it prints."""

import io
import json
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from infra.admin import secret_commands, space_commands
from infra.admin.calls import admin_function

SPACE = {"space": "lab", "title": "Lab", "requests_per_minute": 5, "version": 3}
COMMAND = "SPACES_TOKEN=wst_new spaces-worker run --url wss://socket.test/v1 --spaces lab"
TOKEN = {"token_id": "tok1", "token": "wst_new", "command": COMMAND}


class Function:
    """The other side: the admin function, as boto3 invokes it."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {"GET": SPACE, **answers}
        self.asked: list[tuple[str, str, dict[str, Any]]] = []

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: ARG002, N803 - as boto3 has it
        order = json.loads(Payload)
        self.asked.append((order["method"], order["path"], order["body"]))
        body = self.answers.get(order["method"], {})
        return {"Payload": io.BytesIO(json.dumps({"status": 200, "body": body}).encode())}


class Terminal:
    def __init__(self, monkeypatch: pytest.MonkeyPatch, function: Function) -> None:
        self.screen = io.StringIO()
        console = Console(file=self.screen, highlight=False, width=60, no_color=True)
        for module in (space_commands, secret_commands):
            monkeypatch.setattr(module, "console", console)
            monkeypatch.setattr(
                module, "gateway_of", lambda _stage: admin_function(function, "admin", "me")
            )

    def run(self, *words: str) -> list[str]:
        app = secret_commands.app if words[0].split("-")[1] in {"token", "key"} else None
        result = CliRunner().invoke(app or space_commands.app, list(words))
        assert result.exit_code == 0, result.output
        return self.screen.getvalue().splitlines()


@pytest.fixture
def function() -> Function:
    return Function(POST=TOKEN)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, function: Function) -> Terminal:
    return Terminal(monkeypatch, function)


def test_a_limit_is_lifted_by_null(terminal: Terminal, function: Function) -> None:
    terminal.run("edit-space", "lab", "--set", "requests_per_minute=null", "--set", "accept=null")

    method, _, body = function.asked[-1]
    assert method == "PUT"
    assert body == {**SPACE, "requests_per_minute": None, "accept": None}


def test_what_is_not_named_is_not_sent_anew(terminal: Terminal, function: Function) -> None:
    terminal.run("edit-space", "lab", "--title", "Anew")
    terminal.run("create-space", "lab", "--set", "requests_per_minute=null")

    assert function.asked[1][2] == {**SPACE, "title": "Anew"}
    assert function.asked[2][2] == {"space": "lab", "requests_per_minute": None}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--set", "deleting=true"), "deleting is set by the gateway"),
        (("--set", "created_at=null"), "created_at is set by the gateway"),
        (("--title", "New", "--set", "version=1"), "version is set by the gateway"),
        ((), "Nothing to change."),
    ],
)
def test_edit_that_changes_nothing_is_not_called_a_change(
    terminal: Terminal, function: Function, words: tuple[str, ...], told: str
) -> None:
    result = CliRunner().invoke(space_commands.app, ["edit-space", "lab", *words])

    assert result.exit_code == 2
    assert told in " ".join(result.output.split())
    assert terminal.screen.getvalue() == ""
    assert [method for method, _, _ in function.asked if method != "GET"] == []


def test_one_limit_of_several_is_sent_alone(terminal: Terminal, function: Function) -> None:
    terminal.run("edit-space", "lab", "--set", 'user_limits={"max_waiting": null}')

    assert function.asked[-1][2]["user_limits"] == {"max_waiting": None}


@pytest.mark.parametrize("command", [("create-token", "lab"), ("rotate-token", "tok1")])
def test_a_new_token_comes_with_the_command_that_links_a_worker(
    terminal: Terminal, command: tuple[str, ...]
) -> None:
    lines = terminal.run(*command)

    assert COMMAND in lines
    assert lines[-1] == "wst_new"


def test_links_that_stay_open_after_a_rotation_are_told(
    terminal: Terminal, function: Function
) -> None:
    function.answers["POST"] = {**TOKEN, "open_connections": 2}

    told = " ".join(terminal.run("rotate-token", "tok1", "--overlap-hours", "0"))

    assert "2 connections opened with the old token could not be closed" in told


def test_limits_of_a_key_that_are_not_named_are_left_to_the_gateway(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    function = Function(POST={"key_id": "key1", "key": "wsk_new"})
    terminal = Terminal(monkeypatch, function)

    lines = terminal.run("create-key", "lab", "--max-waiting", "5", "--requests-per-minute", "none")
    terminal.run("create-key", "lab")

    assert lines[-1] == "wsk_new"
    limits = {"max_waiting": 5, "requests_per_minute": None}
    assert function.asked[0][2] == {"spaces": ["lab"], "label": "", "limits": limits}
    assert function.asked[1][2] == {"spaces": ["lab"], "label": ""}


def test_a_limit_that_is_no_number_is_refused(function: Function, terminal: Terminal) -> None:
    result = CliRunner().invoke(secret_commands.app, ["create-key", "lab", "--max-waiting", "few"])

    assert result.exit_code != 0
    assert "none" in result.output
    assert function.asked == []
