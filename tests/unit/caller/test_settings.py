"""Address and credentials."""

import pytest
from click.testing import CliRunner

from spaces_client import Spaces, UsageError
from spaces_client import _settings as settings
from spaces_client._commands.program import app
from spaces_client._settings import find_settings

URL = "https://gateway.example.org"


@pytest.fixture(autouse=True)
def config(tmp_path, monkeypatch):
    path = tmp_path / "config.toml"
    monkeypatch.setattr(settings, "config_path", lambda: path)
    return path


def found(address=None, key=None, token=None, **environ):
    return find_settings(address, key, token, environ)


@pytest.mark.parametrize("end", ["", "/", "/v1", "/v1/", "/openai/v1", "/v1/spaces", "/v1/spaces/"])
def test_the_address_may_be_written_as_it_is_found(end):
    assert found(URL + end).address == URL


def test_the_environment_has_both():
    both = found(SPACES_API_URL=f'"{URL}"', SPACES_API_KEY="'wsk_a' ")

    assert (both.address, both.key) == (URL, "wsk_a")


def test_arguments_take_precedence():
    both = found(URL, "wsk_b", SPACES_API_URL="https://other.example.org", SPACES_API_KEY="wsk_a")

    assert (both.address, both.key) == (URL, "wsk_b")


def test_a_config_file_with_a_byte_order_mark_has_both(config):
    config.write_text(f'\ufeffapi_url = "{URL}"\napi_key = "wsk_a"\n', encoding="utf-8")

    both = found()

    assert (both.address, both.key) == (URL, "wsk_a")


def test_a_key_of_the_config_file_goes_to_no_other_address(config):
    config.write_text(f'api_url = "{URL}"\napi_key = "wsk_a"\n')

    assert found("https://other.example.org").key is None


@pytest.mark.parametrize("text", ["api_key = 5", "key = 'x'", "api_key", "\x00"])
def test_a_wrong_config_file_is_named(config, text):
    config.write_text(text)

    with pytest.raises(UsageError, match=r"config\.toml"):
        found()


@pytest.mark.parametrize(
    "address",
    [
        "gateway.example.org",
        "wss://gateway.example.org",
        "https://",
        "http://a b",
        "https://a?b",
        "http://[",
        "http://a:x",
    ],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(UsageError, match="not the address of a gateway"):
        found(address)


@pytest.mark.parametrize("key", ["", "wsk a", "wsk_ä", "wsk_a\r\nX: y"])
def test_a_key_that_no_header_can_carry_is_refused(key):
    with pytest.raises(UsageError, match="key"):
        found(URL, key)


def test_a_worker_s_token_is_recognized():
    with pytest.raises(UsageError, match="token of a worker"):
        found(URL, "wst_a")


def test_two_credentials_are_refused():
    with pytest.raises(UsageError, match="not both"):
        found(URL, "wsk_a", "token")


def test_nothing_at_all_says_what_to_set(config):
    with pytest.raises(UsageError) as caught:
        found()

    assert str(caught.value) == (
        "The address of the gateway is missing. Set SPACES_API_URL, pass the address of its page, "
        f'or add api_url = "https://…" to {config}.'
    )


def test_the_command_names_its_own_option(config):
    ended = CliRunner().invoke(app, ["list"], env={"SPACES_API_URL": None})

    assert ended.exit_code == 2
    assert ended.stderr == (
        "Error: The address of the gateway is missing. Set SPACES_API_URL, use --url, or add "
        f'api_url = "https://…" to {config}.\n'
    )


def test_a_key_is_never_shown():
    assert "wsk_secret" not in repr(Spaces(URL, key="wsk_secret")) + repr(found(URL, "wsk_secret"))
