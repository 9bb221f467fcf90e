"""The wheel, as a worker operator installs it: alone, into an empty environment."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
UV = Path(sys.executable).with_name("uv")


def run(*command):
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    run(UV, "build", "--quiet", "--wheel", "--out-dir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


def test_a_wheel_of_the_source_package_holds_the_same(wheel, tmp_path):
    run(UV, "build", "--quiet", "--sdist", "--out-dir", tmp_path, ROOT)
    (source,) = tmp_path.glob("*.tar.gz")
    run(UV, "build", "--quiet", "--wheel", "--out-dir", tmp_path, source)
    (built,) = tmp_path.glob("*.whl")

    assert sorted(zipfile.ZipFile(built).namelist()) == sorted(zipfile.ZipFile(wheel).namelist())


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("empty") / "venv"
    run(UV, "venv", "--quiet", "--python", sys.executable, folder)
    run(UV, "pip", "install", "--quiet", "--python", folder / "bin" / "python", wheel)
    return folder / "bin"


def test_the_wheel_holds_the_client_and_the_contract_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()

    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "spaces_worker",
        "spaces_protocol",
    }
    assert "spaces_worker/py.typed" in names


def test_the_installed_command_works(environment):
    assert "mock-app" in run(environment / "spaces-worker", "--help")


def test_every_adapter_but_transformers_loads_without_more(environment):
    names = "openai", "http", "command"
    code = "\n".join(f"import spaces_worker.adapters.{name}" for name in names)

    run(environment / "python", "-I", "-c", code)


def test_nothing_of_the_gateway_is_installed(environment):
    unwanted = "boto3", "botocore", "aws_cdk", "spaces", "infra"
    code = f"import importlib.util as u; print([n for n in {unwanted!r} if u.find_spec(n)])"

    assert run(environment / "python", "-I", "-c", code).strip() == "[]"
