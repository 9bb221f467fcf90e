"""What the local commands print to try, and how they read logs."""

import json
import os
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from infra.local.cloud import LocalCloud
from infra.local.demos import DEMOS, Example
from infra.local.emulator import logs_folder
from infra.local.logs import LogLine, read_logs
from infra.local.status import ProcessMark, Status
from infra.local.terminal import openai_command, print_demo, print_lan

OPENAI_URL = "http://abc.cloudfront.localhost:4567/openai/v1"
MCP_URL = "http://abc.cloudfront.localhost:4567/mcp"


@pytest.fixture
def status() -> Status:
    return Status(
        emulator=ProcessMark.of(os.getpid()),
        emulator_url="http://localhost:4566",
        openai_url=OPENAI_URL,
        mcp_url=MCP_URL,
    )


def test_demo_of_a_prompt_prints_the_openai_address_and_a_command(
    status: Status, capsys: pytest.CaptureFixture[str]
) -> None:
    print_demo(status, Example.CHAT)

    printed = capsys.readouterr().out.splitlines()
    assert f"OpenAI   {OPENAI_URL}" in printed
    assert f"MCP      {MCP_URL}" in printed
    assert f"  {openai_command(status, DEMOS[Example.CHAT])}" in printed


def test_demo_of_files_prints_no_command(
    status: Status, capsys: pytest.CaptureFixture[str]
) -> None:
    print_demo(status, Example.TRANSCRIBE)

    assert "curl" not in capsys.readouterr().out


def test_command_survives_a_shell(status: Status) -> None:
    demo = replace(DEMOS[Example.CHAT], hint="What's \u201cthis\u201d, $HOME?")

    words = shlex.split(openai_command(status, demo))

    assert words[2] == f"{OPENAI_URL}/chat/completions"
    assert json.loads(words[-1])["messages"] == [{"role": "user", "content": demo.hint}]


def test_address_in_the_network_comes_with_a_warning(
    status: Status, capsys: pytest.CaptureFixture[str]
) -> None:
    print_lan(replace(status, lan_url="http://192.0.2.7:4566/"), "chat")

    printed = capsys.readouterr().out
    assert "http://192.0.2.7:4566/space.html?space=chat" in printed
    assert "Everybody in this network" in printed


def test_a_log_line_ends_only_at_a_line_feed(tmp_path: Path) -> None:
    cloud = LocalCloud(4599, tmp_path)
    logs_folder(cloud).mkdir(parents=True)
    text = "1 first\n2 half\rother\u2028half\x0bend\n3 last\n"
    (logs_folder(cloud) / "api.log").write_bytes(text.encode())

    lines = read_logs(cloud, ["api"])

    assert lines == [
        LogLine(1, "api", "first"),
        LogLine(2, "api", "half\rother\u2028half\x0bend"),
        LogLine(3, "api", "last"),
    ]
