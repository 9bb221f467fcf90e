"""``spaces-worker install-service`` in a real process, and what it leaves on disk."""

import stat
import sys

import pytest

from tests.functional.worker.conftest import ROOT

pytestmark = [
    pytest.mark.timeout(60),
    pytest.mark.skipif(sys.platform != "linux", reason="systemd is Linux only"),
]


@pytest.fixture
def install(command, tmp_path):
    """Return a function that runs the command where there is no systemctl."""

    async def run(*arguments, **variables):
        home = {"XDG_CONFIG_HOME": str(tmp_path), "PATH": str(tmp_path)}
        process = await command("install-service", *arguments, **home, **variables)
        output, errors = await process.communicate()
        return process.returncode, output.decode() + errors.decode()

    return run


async def test_unit_and_settings_are_written_and_the_rest_is_said(install, tmp_path):
    model = tmp_path / "model.py"
    model.write_text("def f(prompt): return prompt")
    code, output = await install("--name", "w1", "--", "run", "--function", f"{model}:f")

    unit, variables = tmp_path / "systemd/user/w1.service", tmp_path / "spaces-worker/w1.env"
    assert code == 0
    assert f"-m spaces_worker run --function {model}:f\n" in unit.read_text()
    assert f"EnvironmentFile={variables}" in unit.read_text()
    assert 'SPACES_TOKEN="wst_test"' in variables.read_text()
    assert stat.S_IMODE(variables.stat().st_mode) == 0o600
    assert "wst_test" not in unit.read_text() + output
    assert "Not started (systemctl not found). Start it: systemctl --user enable" in output
    assert f"Uninstall: systemctl --user disable --now w1; rm {unit} {variables}" in output
    assert "journalctl --user --unit w1 --follow" in output


async def test_a_file_that_changes_the_folder_does_not_change_that_of_the_service(
    install, tmp_path
):
    (tmp_path / "model.py").write_text("import os\nos.chdir('/')\ndef f(prompt): return prompt")

    code, _ = await install(
        "--", "run", "--function", f"{tmp_path / 'model.py'}:f", SPACES_STATE_DIR="state"
    )

    unit = (tmp_path / "systemd/user/spaces-worker.service").read_text()
    assert code == 0
    assert f"WorkingDirectory={ROOT}\n" in unit
    settings = (tmp_path / "spaces-worker/spaces-worker.env").read_text()
    assert f'SPACES_STATE_DIR="{ROOT / "state"}"\n' in settings


async def test_what_the_file_declares_is_written_down_too(install, tmp_path):
    model = tmp_path / "model.py"
    model.write_text(
        "from spaces_worker import Worker\n"
        "worker = Worker(concurrency=4, worker_id='gpu-1')\n"
        "@worker.space('own')\n"
        "def f(prompt): return prompt\n"
    )

    code, _ = await install("--", "run", "--function", f"{model}:worker", SPACES_SPACES="")

    settings = (tmp_path / "spaces-worker/spaces-worker.env").read_text()
    assert code == 0
    assert 'SPACES_CONCURRENCY="4"' in settings
    assert 'SPACES_WORKER_ID="gpu-1"' in settings
    assert 'SPACES_SPACES="own"' in settings


async def test_space_that_nothing_serves_is_said_and_nothing_is_written(install, tmp_path):
    (tmp_path / "model.py").write_text(
        "from spaces_worker import Worker\n"
        "worker = Worker()\n"
        "worker.space('own')(lambda prompt: prompt)\n"
    )
    function = f"{tmp_path / 'model.py'}:worker"

    code, output = await install("--spaces", "typo", "--", "run", "--function", function)

    assert (code, list(tmp_path.glob("s*"))) == (3, [])
    assert "The worker has no function for the space typo; it has own." in output


async def test_print_writes_nothing(install, tmp_path):
    code, output = await install("--print", "--", "mock-app", "--min-seconds", "0")

    assert code == 0
    assert output.startswith(f"# {tmp_path / 'systemd/user/spaces-worker.service'}\n[Unit]\n")
    assert "-m spaces_worker mock-app --min-seconds 0\n" in output
    assert list(tmp_path.glob("s*")) == []


async def test_the_key_of_a_server_is_kept_with_the_token(install, tmp_path):
    program = "run", "--openai", "http://x/v1", "--model", "m", "--api-key-variable", "KEY"
    code, _ = await install("--", *program, KEY="k-1")

    assert code == 0
    assert 'KEY="k-1"\n' in (tmp_path / "spaces-worker/spaces-worker.env").read_text()
    assert "k-1" not in (tmp_path / "systemd/user/spaces-worker.service").read_text()


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["--", "doctor"], "After --, write the command to run"),
        (["--", "run", "--token", "wst_x"], "other users can read units"),
        (["--name", "../x", "--", "mock-app"], "is not a valid name"),
        (["--", "run", "--api-key-variable", "NO_KEY"], "NO_KEY is not set"),
        (["--spaces", "No!", "--", "mock-app"], "is not a valid space name"),
        (["--", "run", "--function", "json:dumps", "--bogus"], "No such option '--bogus'"),
        (["--", "run"], "Give exactly one of --function"),
        (["--", "run", "--function", "json:dumps", "--silence", "5"], "--silence goes with"),
        (["--", "mock-app", "--min-seconds", "9"], "--min-seconds 9 is more than"),
        (["--user-name", "root", "--", "mock-app"], "--user-name needs --system"),
        (["--system", "--user-name", "nobody-here", "--", "mock-app"], "there is no user"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_written(install, tmp_path, arguments, part):
    code, output = await install(*arguments)

    assert (code, list(tmp_path.glob("s*"))) == (2, [])
    assert output.startswith("Error: ")
    assert part in output


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (None, "There is no module"),
        ("raise ConnectionError('the hub is away')", "the hub is away"),
        ("def f(a, b, c): pass", "f"),
        ("import sys\ndef f(prompt): return prompt\nsys.exit(0)", "ended with sys.exit(0)"),
        ("import argparse\nargparse.ArgumentParser().parse_args(['x'])", "ended with sys.exit(2)"),
    ],
)
async def test_what_cannot_be_loaded_is_said_and_nothing_is_written(install, tmp_path, text, part):
    function = "nosuch:f"
    if text is not None:
        (tmp_path / "model.py").write_text(text)
        function = f"{tmp_path / 'model.py'}:f"
    code, output = await install("--", "run", "--function", function)

    assert (code, list(tmp_path.glob("s*"))) == (3, [])
    assert part in output


async def test_the_help_of_what_would_run_installs_nothing(install, tmp_path):
    code, output = await install("--", "run", "--help")

    assert (code, list(tmp_path.glob("s*"))) == (0, [])
    assert "--function" in output


async def test_the_proxy_and_the_certificates_of_the_shell_go_along(install, tmp_path):
    certificates = tmp_path / "ca.pem"
    certificates.touch()
    code, _ = await install(
        "--", "mock-app", HTTPS_PROXY="http://p:1", SSL_CERT_FILE=str(certificates)
    )

    variables = (tmp_path / "spaces-worker/spaces-worker.env").read_text()
    assert code == 0
    assert 'HTTPS_PROXY="http://p:1"\n' in variables
    assert f'SSL_CERT_FILE="{certificates}"\n' in variables


async def test_a_service_that_does_not_stay_is_said_with_its_log(install, tmp_path):
    stand_in = tmp_path / "systemctl"
    stand_in.write_text('#!/bin/sh\ncase "$*" in *is-active*) echo activating ;; esac\n')
    stand_in.chmod(0o755)

    code, output = await install("--", "mock-app")

    assert code == 4
    assert "The service started but is not running (activating). Check the log" in output
    assert "journalctl --user --unit spaces-worker" in output
