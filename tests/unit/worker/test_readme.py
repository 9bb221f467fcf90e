"""The guide names every option, variable, exit code and mock command."""

from pathlib import Path

import pytest

from spaces_worker._commands.mock_model import COMMANDS
from spaces_worker._settings import Settings
from spaces_worker.cli import ExitCode

GUIDE = Path("worker_client/README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", Settings.__dataclass_fields__)
def test_every_setting_is_in_the_guide(name):
    assert f"`--{name.replace('_', '-')}`" in GUIDE
    assert f"`SPACES_{name.upper()}`" in GUIDE


@pytest.mark.parametrize("code", ExitCode)
def test_every_exit_code_is_in_the_guide(code):
    assert f"\n| {code.value} |" in GUIDE


@pytest.mark.parametrize("command", [command for command, _ in COMMANDS])
def test_every_mock_command_is_in_the_guide(command):
    assert f"`{command}`" in GUIDE
