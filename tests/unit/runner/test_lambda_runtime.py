"""Where the tests on Lambda's Python get their interpreter from, on machines made of scripts."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from infra.code_asset import AWS_TARGET
from tests import lambda_runtime
from tests.lambda_runtime import NEEDS_CDK, REQUIREMENTS, VERSION, Machine, NoPythonError, command

FOLDER = Path(__file__).parents[3]


def script(path, prints):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {prints}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine without pyenv whose uv knows and downloads nothing."""
    made = Machine(environment={"PATH": str(tmp_path)}, home=tmp_path)
    monkeypatch.setattr(Machine, "_uv", uv(stderr="error: Request failed\n"))
    return made


def uv(stdout="", stderr=""):
    def run(self, *arguments):
        run.calls.append(arguments[0])
        return type("Done", (), {"stdout": stdout, "stderr": stderr})

    run.calls = []
    return run


def test_the_version_is_the_one_the_functions_run_on():
    assert AWS_TARGET.python == VERSION


def test_an_interpreter_of_pyenv_is_taken_and_a_broken_one_passed_over(machine, tmp_path):
    versions = tmp_path / ".pyenv" / "versions"
    script(versions / f"{VERSION}.9" / "bin" / f"python{VERSION}", "broken")
    right = script(versions / f"{VERSION}.0" / "bin" / f"python{VERSION}", VERSION)
    assert machine.python(print) == right


def test_a_named_interpreter_comes_first_and_must_have_the_version(machine, tmp_path):
    name = f"PYTHON{VERSION.replace('.', '')}"
    named = script(tmp_path / "mine", VERSION)
    assert replace(machine, environment={name: str(named)}).python(print) == named
    other = script(tmp_path / "other", "3.11")
    with pytest.raises(NoPythonError, match=f"other is not Python {re.escape(VERSION)}"):
        replace(machine, environment={name: str(other)}).python(print)


def test_uv_is_asked_last_and_its_reason_is_told(machine, monkeypatch):
    asked = uv(stderr="warning: slow\nerror: Request failed\n")
    monkeypatch.setattr(Machine, "_uv", asked)
    told = []
    with pytest.raises(NoPythonError, match=r"\(error: Request failed\)\. Install Python"):
        machine.python(told.append)
    assert told == [f"Downloading Python {VERSION} with uv …"]
    assert asked.calls == ["find", "install", "find"]


@pytest.mark.parametrize(
    ("optional", "code", "word"), [([], 1, "FAILED"), (["--optional"], 0, "NOT RUN")]
)
def test_a_machine_without_it_says_so(machine, monkeypatch, capsys, optional, code, word):
    monkeypatch.setattr(lambda_runtime, "Machine", lambda: machine)
    assert lambda_runtime.main(optional) == code
    assert capsys.readouterr().out.splitlines()[-1].startswith(f"{word}: the tests on Lambda's")


def test_everything_that_is_named_exists_and_the_oldest_boto3_is_pinned():
    named = [part for part in command(Path("python"), []) if part.startswith("tests/")]
    assert set(NEEDS_CDK) < set(named)
    assert all((FOLDER / each).exists() for each in named)
    assert "boto3==1.34.145" in REQUIREMENTS.read_text()
