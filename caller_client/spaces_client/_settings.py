"""Address and credentials: from arguments, else the environment, else the config file."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from spaces_client._errors import UsageError

URL_VARIABLE: Final = "SPACES_API_URL"
KEY_VARIABLE: Final = "SPACES_API_KEY"
TOKEN_VARIABLE: Final = "SPACES_ACCESS_TOKEN"  # noqa: S105 - the name of a variable
_NAMES: Final = {
    "api_url": URL_VARIABLE,
    "api_key": KEY_VARIABLE,
    "access_token": TOKEN_VARIABLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the gateway is, and who calls it.

    Attributes:
        address: without ``/v1`` and without a slash at the end.
        key: an API key; None for an anonymous caller.
        access_token: of a signed-in user, instead of a key.
    """

    address: str
    key: str | None = field(default=None, repr=False)
    access_token: str | None = field(default=None, repr=False)


class AddressMissing(UsageError):
    """No setting has the address of the gateway.

    Args:
        remedy: how to pass it.
    """

    def __init__(self, remedy: str = "pass the address of its page") -> None:
        super().__init__(
            f"The address of the gateway is missing. Set {URL_VARIABLE}, {remedy}, or add "
            f'api_url = "https://…" to {config_path()}.'
        )


def config_path() -> Path:
    """Return the path of the config file."""
    from platformdirs import user_config_path  # noqa: PLC0415 - most programs do without it

    return user_config_path("spaces-client", appauthor=False) / "config.toml"


def find_settings(
    address: str | None,
    key: str | None,
    access_token: str | None,
    environ: Mapping[str, str] = os.environ,
) -> Settings:
    """Return the settings that apply.

    A credential that is passed takes precedence over both that are found: a program must not act
    as somebody else because of a variable.

    Raises:
        UsageError: one is missing or wrong.
    """
    found = {name: _unquoted(environ.get(variable, "")) for name, variable in _NAMES.items()}
    if not address and not found["api_url"]:
        found |= {name: value for name, value in read_config().items() if not found.get(name)}
    url = address or found["api_url"]
    if not url:
        raise AddressMissing
    if key is None and access_token is None:
        key, access_token = found["api_key"] or None, found["access_token"] or None
    if key and access_token:
        raise UsageError("Set either a key or an access token, not both.")
    return Settings(
        address=_address(url),
        key=_credential(key, "key"),
        access_token=_credential(access_token, "access token"),
    )


def read_config(path: Path | None = None) -> Mapping[str, str]:
    """Return what the config file says; nothing if there is none.

    Raises:
        UsageError: it cannot be read.
    """
    path = path or config_path()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UsageError(f"The config file {path} cannot be read: {error}.") from error
    for name, value in content.items():
        if name not in _NAMES or not isinstance(value, str):
            known = ", ".join(_NAMES)
            raise UsageError(f"{name} in {path} is not a setting. Texts are: {known}.")
    return content


def _text(given: object, what: str) -> str:
    if not isinstance(given, str):
        raise UsageError(f"The {what} must be text, not {type(given).__name__}.")
    return given


def _unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def _address(given: str) -> str:
    text = _text(given, "address").strip().rstrip("/")
    for end in ("/v1/spaces", "/openai/v1", "/v1"):
        text = text.removesuffix(end)
    try:
        parts = urlsplit(text)
        valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        valid = False
    if not valid or parts.query or parts.fragment or not text.isprintable() or " " in text:
        raise UsageError(
            f"{text[:200]!r} is not the address of a gateway. Use the address of its page, such "
            "as https://d111111abcdef8.cloudfront.net."
        )
    return text


def _credential(given: str | None, what: str) -> str | None:
    if given is None:
        return None
    text = _unquoted(_text(given, what))
    if text.startswith("wst_"):
        raise UsageError("This is the token of a worker. Callers need an API key: wsk_….")
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise UsageError(f"The {what} is empty or has characters that no {what} has.")
    return text
