"""Where settings come from, and what is said when one is wrong."""

from pathlib import Path

import pytest

from spaces_worker._errors import SettingsError
from spaces_worker._settings import load_settings
from spaces_worker._worker_id import default_worker_id, worker_id_of

GOOD = {"url": "wss://gateway.example/v1", "token": "wst_abc", "spaces": "a,b"}


def load(tmp_path, options=None, environ=None, toml=None, **more):
    config = None
    if toml is not None:
        config = tmp_path / "config.toml"
        config.write_text(toml, encoding="utf-8")
    environ = {} if environ is None else environ
    return load_settings({**GOOD, **(options or {})}, environ=environ, config=config, **more)


@pytest.fixture(autouse=True)
def _no_config_of_this_machine(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nowhere"))


def test_options_are_taken_and_the_rest_has_defaults(tmp_path):
    settings = load(tmp_path)

    assert settings.spaces == ("a", "b")
    assert settings.concurrency == 1
    assert settings.worker_id == default_worker_id()


@pytest.mark.parametrize(
    ("option", "variable", "file", "expected"),
    [("9", "8", "7", 9), (None, "8", "7", 8), (None, None, "7", 7), (None, "", "7", 7)],
)
def test_options_win_over_variables_over_the_file(tmp_path, option, variable, file, expected):
    environ = {} if variable is None else {"SPACES_CONCURRENCY": variable}

    settings = load(tmp_path, {"concurrency": option}, environ, f"concurrency = {file}")

    assert settings.concurrency == expected


@pytest.mark.parametrize(
    ("option", "variable", "expected"), [("9", "8", 9), (None, "8", 8), (None, None, 7)]
)
def test_what_a_file_declares_counts_less_than_variables_and_more_than_the_config_file(
    tmp_path, option, variable, expected
):
    environ = {} if variable is None else {"SPACES_CONCURRENCY": variable}
    options, declared = {"concurrency": option}, {"concurrency": 7}

    settings = load(tmp_path, options, environ, "concurrency = 6", declared=declared)

    assert settings.concurrency == expected


def test_every_setting_can_be_a_variable(tmp_path):
    environ = {
        "SPACES_URL": "ws://localhost:1/v1",
        "SPACES_TOKEN": "wst_x",
        "SPACES_SPACES": "x, y,x",
        "SPACES_WORKER_ID": "atlas",
        "SPACES_CONCURRENCY": "3",
        "SPACES_STATE_DIR": str(tmp_path / "state"),
    }

    settings = load_settings({}, environ=environ)

    assert (settings.url, settings.token) == ("ws://localhost:1/v1", "wst_x")
    assert (settings.spaces, settings.worker_id, settings.concurrency) == (("x", "y"), "atlas", 3)
    assert settings.state_dir == tmp_path / "state"


@pytest.mark.parametrize("folder", [Path("~/state"), "~/state"])
def test_the_state_folder_may_be_below_home(tmp_path, monkeypatch, folder):
    monkeypatch.setenv("HOME", str(tmp_path))

    assert load(tmp_path, {"state_dir": folder}).state_dir == tmp_path / "state"


@pytest.mark.parametrize("folder", ["", "a\0b", "~nobody-of-that-name/x", __file__, 5])
def test_a_state_folder_must_be_one(tmp_path, folder):
    with pytest.raises(SettingsError, match="--state-dir: "):
        load(tmp_path, {"state_dir": folder})


def test_the_file_may_list_spaces_and_be_named_by_a_variable(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('spaces = ["x", "y"]', encoding="utf-8")

    settings = load(tmp_path, {"spaces": None}, {"SPACES_CONFIG": str(file)})

    assert settings.spaces == ("x", "y")


@pytest.mark.parametrize("name", ["url", "token", "spaces"])
def test_a_missing_setting_is_named_with_all_its_remedies(tmp_path, name):
    with pytest.raises(SettingsError) as raised:
        load(tmp_path, {name: None})

    text = str(raised.value)
    assert f"--{name}" in text
    assert f"SPACES_{name.upper()}" in text
    assert "config.toml" in text


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("url", "https://gateway.example/v1", "did you mean 'wss://gateway.example/v1'"),
        ("url", "http://a.cloudfront.localhost:4566/", "it looks like the address of the page"),
        ("url", "https://a.test/space.html?space=b", "it looks like the address of the page"),
        ("url", "gateway.example", "expected wss://"),
        ("url", "wss://", "expected wss://"),
        ("url", "wss://gateway.example/#x", "expected wss://"),
        ("url", "wss://gateway..example/v1", "expected wss://"),
        ("url", "wss://gateway.example:99999/v1", "expected wss://"),
        ("url", "wss://gateway.example/\udcff", "expected wss://"),
        ("url", 7, "must be a string"),
        ("token", "two words", "a single word"),
        ("token", "line\r\nbreak", "a single word"),
        ("spaces", "ok,Not Ok", "'Not Ok' is not a valid space name"),
        ("spaces", " , ", "0 spaces"),
        ("spaces", ",".join(f"s{n}" for n in range(21)), "21 spaces"),
        ("spaces", 5, "list of names"),
        ("spaces", ["a", 5], "must be a string"),
        ("worker_id", "-x", "not a valid worker id"),
        ("worker_id", "x" * 65, "not a valid worker id"),
        ("concurrency", "many", "whole number from 1 to 64"),
        ("concurrency", 0, "whole number from 1 to 64"),
        ("concurrency", 65, "whole number from 1 to 64"),
        ("concurrency", 1.5, "whole number from 1 to 64"),
    ],
)
def test_a_wrong_setting_is_named_with_its_rule(tmp_path, name, value, part):
    with pytest.raises(SettingsError) as raised:
        load(tmp_path, {name: value})

    assert str(raised.value).startswith(f"--{name.replace('_', '-')}: ")
    assert part in str(raised.value)


@pytest.mark.parametrize(
    ("toml", "part"),
    [
        ("tokn = 1", "unknown setting 'tokn'"),
        ("url = ", "cannot be read"),
        ("concurrency = 0", "concurrency in "),
    ],
)
def test_a_wrong_config_file_is_named(tmp_path, toml, part):
    with pytest.raises(SettingsError) as raised:
        load(tmp_path, toml=toml)

    assert part in str(raised.value)
    assert "config.toml" in str(raised.value)


def test_a_config_file_that_was_asked_for_must_exist(tmp_path):
    with pytest.raises(SettingsError, match=r"The config file .* does not exist"):
        load_settings(GOOD, config=tmp_path / "none.toml", environ={})


def test_the_token_is_never_shown(tmp_path):
    assert "wst_abc" not in repr(load(tmp_path))
    with pytest.raises(SettingsError) as raised:
        load(tmp_path, {"token": "wst_se cret"})
    assert "cret" not in str(raised.value)


@pytest.mark.parametrize("host", ["atlas.local", "Büro PC", "", "-", "x" * 300])
def test_the_default_worker_id_is_fit_stable_and_different_elsewhere(tmp_path, host):
    name = worker_id_of(host, "machine-1", "/home/a")

    assert name == worker_id_of(host, "machine-1", "/home/a")
    assert name != worker_id_of(host, "machine-2", "/home/a")
    assert load(tmp_path, {"worker_id": name}).worker_id == name


@pytest.mark.parametrize(
    "content",
    [
        b'\xef\xbb\xbftoken = "wst_x"\r\nspaces = ["x"]\r\n',
        'token = "wst_x"\nspaces = ["x"]\n'.encode("utf-16"),
        b"export SPACES_TOKEN='wst_x' SPACES_SPACES=x\r\n",
        b'# written by a shell\r\nSPACES_TOKEN="wst_x"\r\nSPACES_SPACES="x"\r\n',
        "token = '“wst_x”'\nspaces = '\"x\"'\n".encode(),
    ],
)
def test_the_config_file_may_be_written_by_other_programs(tmp_path, content):
    file = tmp_path / "config"
    file.write_bytes(content)

    settings = load_settings({"url": GOOD["url"]}, config=file, environ={})

    assert (settings.token, settings.spaces) == ("wst_x", ("x",))


def test_variables_may_be_in_quotes(tmp_path):
    (tmp_path / "c.toml").write_text("")
    environ = {
        "SPACES_URL": '"wss://gateway.example/v1"',
        "SPACES_TOKEN": "'wst_x'",
        "SPACES_SPACES": '"x,y"',
        "SPACES_CONCURRENCY": '"3"',
        "SPACES_STATE_DIR": f'"{tmp_path}"',
        "SPACES_CONFIG": f'"{tmp_path / "c.toml"}"',
    }

    settings = load_settings({}, environ=environ)

    assert (settings.url, settings.token) == ("wss://gateway.example/v1", "wst_x")
    assert (settings.spaces, settings.concurrency) == (("x", "y"), 3)
    assert settings.state_dir == tmp_path


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("wss://me:secret@gateway.example/v1", "contains a user name or password"),
        ("https://me:secret@gateway.example/v1", "did you mean"),
        ("ftp://me:secret@gateway.example/v1?k=secret", "expected wss://"),
    ],
)
def test_a_url_is_refused_without_showing_its_password(tmp_path, url, part):
    with pytest.raises(SettingsError, match=part) as raised:
        load(tmp_path, {"url": url})

    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("name", ["state_dir", "ca_file"])
def test_a_path_that_the_system_refuses_is_a_wrong_setting(tmp_path, name):
    with pytest.raises(SettingsError, match=r"cannot be used \(File name too long\)"):
        load(tmp_path, {name: tmp_path / ("a" * 300)})
