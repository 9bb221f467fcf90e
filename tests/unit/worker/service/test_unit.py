"""The systemd unit: right for systemd, and no place for secrets."""

import contextlib
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from spaces_worker._service.report import hints, start_message
from spaces_worker._service.systemd import (
    ServicePaths,
    paths_of,
    start_service,
    state_of,
    user_of,
    write_service,
)
from spaces_worker._service.unit import (
    is_name,
    program_of,
    service_variables,
    unit_text,
    variables_text,
)
from spaces_worker._settings import Settings

SETTINGS = Settings(
    url="wss://g.example/v1",
    token='wst_"odd$',
    spaces=("demo", "chat"),
    worker_id="atlas",
    state_dir=Path("/var/lib/worker"),
)


def unit(program=("/usr/bin/true",), *, system=False, folder="/srv/my models", **more):
    return unit_text(
        program=program,
        folder=Path(folder),
        variables=Path("/etc/worker.env"),
        description="Worker",
        system=system,
        **more,
    )


def test_the_token_is_in_the_file_of_variables_and_not_in_the_unit(tmp_path):
    places = ServicePaths(tmp_path / "units" / "w.service", tmp_path / "w.env", system=False)
    variables = variables_text(service_variables(SETTINGS, ["run"], {}))

    write_service(places, unit(), variables)

    assert "wst_" not in places.unit.read_text()
    assert 'SPACES_TOKEN="wst_\\"odd\\$"\n' in places.variables.read_text()
    assert 'SPACES_SPACES="demo,chat"\n' in places.variables.read_text()
    assert stat.S_IMODE(places.variables.stat().st_mode) == 0o600


def test_writing_again_replaces_a_file_that_others_could_read(tmp_path):
    places = ServicePaths(tmp_path / "w.service", tmp_path / "w.env", system=False)
    places.variables.write_text("old")
    places.variables.chmod(0o644)

    write_service(places, unit(), "new")

    assert stat.S_IMODE(places.variables.stat().st_mode) == 0o600
    assert places.variables.read_text() == "new"


def test_special_characters_reach_the_program_as_they_are():
    text = unit(["/bin/x", "a b", '"', "50%", "$HOME", "back\\slash"])

    assert 'ExecStart=/bin/x "a b" "\\"" "50%%" "$$HOME" "back\\\\slash"\n' in text


WORDS = {
    "line break": ("Be\nshort.", r'"Be\x0ashort."'),
    "return and tab": ("a\r\tb", r'"a\x0d\x09b"'),
    "section": ("\n[Service]\nUser=root", r'"\x0a[Service]\x0aUser=root"'),
    "continued line": ("a\\\n", r'"a\\\x0a"'),
    "not UTF-8": ("/srv/\udcff.py", r'"/srv/\xff.py"'),
    "other script": ("/srv/模型.py", '"/srv/模型.py"'),
    "semicolon": (";", '";"'),
    "nothing": ("", '""'),
}


@pytest.mark.parametrize(("word", "written"), WORDS.values(), ids=WORDS)
def test_each_word_of_the_command_stays_one_word_on_its_line(word, written):
    text = unit(["/bin/x", "run", "--system", word])

    assert f"\nExecStart=/bin/x run --system {written}\n" in text


@pytest.mark.parametrize("folder", ["/srv/a\nUser=root", "/srv/a\\", "/srv/a ", "/srv/\udcff"])
def test_a_folder_that_a_unit_cannot_name_is_refused(folder):
    with pytest.raises(ValueError, match="cannot be written to a systemd unit"):
        unit(folder=folder)


@pytest.mark.parametrize(("value", "right"), [("a\nb", True), ("p\udcffw", False)])
def test_a_value_that_systemd_would_ignore_is_refused(value, right):
    with contextlib.nullcontext() if right else pytest.raises(ValueError, match="HTTPS_PROXY"):
        variables_text({"HTTPS_PROXY": value})


def test_a_user_service_starts_with_the_session_and_a_system_service_with_the_machine():
    assert "WantedBy=default.target" in unit()
    assert "WantedBy=multi-user.target" in unit(system=True)


def test_wrong_settings_are_not_tried_again_but_a_model_that_cannot_be_loaded_is():
    assert "\nRestartPreventExitStatus=2\n" in unit()
    assert "\nRestart=on-failure\n" in unit()


def test_only_a_service_of_the_machine_can_wait_for_its_network():
    assert "network-online.target" in unit(system=True)
    assert "network-online.target" not in unit()


def test_a_service_of_the_machine_may_run_as_a_user_with_a_state_folder_of_its_own():
    text = unit(system=True, user="me", state="w")

    assert "\nUser=me\n" in text
    assert "\nStateDirectory=w\n" in text
    assert "User=" not in unit(system=True)


def test_the_user_is_who_was_named_or_who_called_sudo_or_root():
    assert user_of(None, {}) is None
    assert user_of(None, {"SUDO_USER": "nobody"}) == "nobody"
    assert user_of("root", {"SUDO_USER": "nobody"}) is None
    with pytest.raises(ValueError, match="there is no user 'no-such-user'"):
        user_of("no-such-user", {})


def test_the_way_to_the_gateway_goes_along():
    shell = {
        "HTTPS_PROXY": "http://proxy:3128",
        "no_proxy": "localhost",
        "SSL_CERT_FILE": "/etc/ca.pem",
        "SSL_CERT_DIR": "/etc/ca",
        "ALL_PROXY": "",
        "HOME": "/home/me",
    }

    kept = service_variables(SETTINGS, ["run"], shell)

    assert {name: kept.get(name) for name in shell} == {**shell, "ALL_PROXY": None, "HOME": None}


FAKE_SYSTEMD = """#!/bin/sh
case "$*" in
  *is-active*) echo {state} ;;
  *show-user*) echo {linger} ;;
esac
"""


@pytest.fixture
def systemd(tmp_path, monkeypatch):
    """Return a function that stands a systemd in, which says what the test wants."""

    def stand_in(state="active", linger="no"):
        for name in ("systemctl", "loginctl"):
            path = tmp_path / name
            path.write_text(FAKE_SYSTEMD.format(state=state, linger=linger))
            path.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))

    return stand_in


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("active", "The service is running."),
        ("activating", "not running (activating)"),
        ("", "(unknown)"),
    ],
)
def test_what_became_of_a_start_is_looked_at(systemd, state, words):
    systemd(state)
    places = paths_of("w", system=False)

    assert start_service(places) is None
    assert words in start_message(places, None, state_of(places, after=0))


@pytest.mark.parametrize(("linger", "known"), [("yes", False), ("no", True)])
def test_a_service_of_a_user_is_said_to_end_with_the_session_unless_the_user_lingers(
    systemd, linger, known
):
    systemd(linger=linger)

    said = "\n".join(hints(paths_of("w", system=False), None, Path("/x")))

    assert ("loginctl enable-linger" in said) is known
    assert "with the machine" in said.lower()


@pytest.mark.parametrize(("user", "words"), [("me", "Runs as:   me"), (None, "Runs as:   root")])
def test_a_service_of_the_machine_is_said_to_run_as_its_user(user, words):
    said = "\n".join(hints(paths_of("w", system=True), user, Path("/var/lib/w")))

    assert words in said
    assert "status --state-dir /var/lib/w" in said


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd")
def test_systemd_finds_no_fault_in_it(tmp_path):
    path = tmp_path / "worker.service"
    path.write_text(
        unit(
            ["/usr/bin/true", "a b", "50%", "a\nb", "\udcff", ";"],
            system=True,
            folder="/tmp",
            user="daemon",
            state="w",
        )
    )

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", path], capture_output=True, text=True, check=False
    )

    assert "worker.service" not in done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ([], "After --, write the command to run"),
        (["doctor"], "After --, write the command to run"),
        (["run", "--token", "wst_x"], "other users can read units"),
        (["run", "--token=wst_x"], "other users can read units"),
    ],
)
def test_what_is_no_service_is_refused(arguments, part):
    with pytest.raises(ValueError, match=part):
        program_of(arguments, sys.executable)


def test_the_program_is_found_without_a_path():
    assert program_of(["mock-app"], "/v/bin/python") == [
        "/v/bin/python",
        "-P",
        "-m",
        "spaces_worker",
        "mock-app",
    ]


@pytest.mark.parametrize(
    "arguments", [["run", "--api-key-variable", "KEY"], ["run", "--api-key-variable=KEY"]]
)
def test_the_key_of_a_server_goes_along(arguments):
    assert service_variables(SETTINGS, arguments, {"KEY": "k-1"})["KEY"] == "k-1"

    with pytest.raises(ValueError, match="KEY is not set"):
        service_variables(SETTINGS, arguments, {})


@pytest.mark.parametrize(("name", "right"), [("worker-1", True), ("../x", False), ("", False)])
def test_names(name, right):
    assert is_name(name) is right


def test_places_of_user_and_machine(monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", "/home/x/.config")

    user, machine = paths_of("w", system=False), paths_of("w", system=True)

    assert str(user.unit) == "/home/x/.config/systemd/user/w.service"
    assert user.systemctl("start", "w") == ["systemctl", "--user", "start", "w"]
    assert str(machine.unit) == "/etc/systemd/system/w.service"
    assert machine.systemctl("start", "w") == ["systemctl", "start", "w"]
