"""Settings of a worker: options take precedence over SPACES_… variables, then the config file."""

import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

from platformdirs import user_config_path, user_state_path

from spaces_protocol.limits import (
    MAX_CAPACITY,
    MAX_SPACES_PER_WORKER,
    SPACE_PATTERN,
    WORKER_ID_PATTERN,
)
from spaces_worker._environment.text_files import read_text, shell_assignments
from spaces_worker._environment.values import shown_url, unquoted
from spaces_worker._errors import SettingsError
from spaces_worker._worker_id import default_worker_id


def default_state_dir() -> Path:
    """Return the folder for data that must outlive the process."""
    return user_state_path("spaces-worker", appauthor=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that a worker needs to connect.

    Attributes:
        url: the gateway's WebSocket URL, ``wss://…``.
        token: the worker token; never shown.
        spaces: the spaces to serve.
        worker_id: stable id of this worker.
        concurrency: how many requests run at the same time, over all spaces.
        state_dir: where results are kept until the gateway acknowledges them.
        ca_file: certificates of an additional certificate authority.
    """

    url: str
    token: str = field(repr=False)
    spaces: tuple[str, ...]
    worker_id: str
    concurrency: int = 1
    state_dir: Path = field(default_factory=default_state_dir)
    ca_file: Path | None = None


class _Sourced(NamedTuple):
    value: object
    origin: str


def default_config_path() -> Path:
    """Return the default path of the config file."""
    return user_config_path("spaces-worker", appauthor=False) / "config.toml"


def load_settings(
    options: Mapping[str, object],
    *,
    config: Path | None = None,
    declared: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
    option_prefix: str = "--",
) -> Settings:
    """Load the settings.

    Args:
        options: explicit values; None means not given.
        config: the config file. It must exist, unlike the default one.
        declared: settings that a file declares for its own worker. They take precedence over the
            config file, which applies to all workers of a machine, but not over options and
            environment variables.
        environ: the environment variables; by default those of this process.
        option_prefix: prefix of option names in error texts.

    Raises:
        SettingsError: a setting is missing or invalid; the text names it and says what to do.
    """
    environ = os.environ if environ is None else environ
    if config is None and environ.get("SPACES_CONFIG"):
        config = Path(unquoted(environ["SPACES_CONFIG"]))
    path = default_config_path() if config is None else config
    file = _read_config(path, required=config is not None)

    def read(name: str, parse: Callable[[object], Any], default: object = None) -> Any:  # noqa: ANN401 - as parse returns
        for found in _sources(name, options, environ, declared or {}, file, path, option_prefix):
            try:
                return parse(found.value)
            except ValueError as error:
                raise SettingsError(f"{found.origin}: {error}") from None
        if default is not None:
            return None if default is _NONE else default
        raise SettingsError(_missing(name, path, option_prefix))

    return Settings(
        url=read("url", _url),
        token=read("token", _token),
        spaces=read("spaces", _spaces),
        worker_id=read("worker_id", _worker_id, default_worker_id()),
        concurrency=read("concurrency", _concurrency, 1),
        state_dir=read("state_dir", _folder, default_state_dir()),
        ca_file=read("ca_file", _file, _NONE),
    )


_NONE: Final = object()
_PREFIX: Final = "SPACES_"
_NAMES: Final = ("url", "token", "spaces", "worker_id", "concurrency", "state_dir", "ca_file")


def _read_config(path: Path, *, required: bool) -> Mapping[str, object]:
    try:
        content = _config_in(read_text(path))
    except FileNotFoundError:
        if required:
            raise SettingsError(f"The config file {path} does not exist.") from None
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"The config file {path} cannot be read: {error}.") from error
    unknown = sorted(content.keys() - set(_NAMES))
    if unknown:
        known = ", ".join(_NAMES)
        raise SettingsError(f"{path}: unknown setting {unknown[0]!r}. Known settings: {known}.")
    return content


def _config_in(text: str) -> dict[str, object]:
    content: dict[str, object] = {}
    try:
        content.update(tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        assignments = shell_assignments(text)
        if not assignments:
            raise
        content.update(assignments)
    return {_setting(name): value for name, value in content.items()}


def _setting(name: str) -> str:
    """Return the setting of a variable, as ``export`` and install-service write it."""
    return name.removeprefix(_PREFIX).lower() if name.startswith(_PREFIX) else name


def _sources(
    name: str,
    options: Mapping[str, object],
    environ: Mapping[str, str],
    declared: Mapping[str, object],
    file: Mapping[str, object],
    path: Path,
    prefix: str,
) -> Iterator[_Sourced]:
    if options.get(name) is not None:
        yield _Sourced(options[name], _option(name, prefix))
    variable = _variable(name)
    if environ.get(variable):
        yield _Sourced(environ[variable], variable)
    if declared.get(name) is not None:
        yield _Sourced(declared[name], f"{name} of its Worker")
    if name in file:
        yield _Sourced(file[name], f"{name} in {path}")


def _option(name: str, prefix: str) -> str:
    return prefix + name.replace("_", "-") if prefix else name


def _variable(name: str) -> str:
    # Every variable has the prefix, hence SPACES_SPACES.
    return f"{_PREFIX}{name.upper()}"


def _missing(name: str, path: Path, prefix: str) -> str:
    example = {"spaces": '["my-space"]', "url": '"wss://…"', "token": '"wst_…"'}[name]
    setting = "space" if name == "spaces" else name
    return (
        f"No {setting} is set. Use {_option(name, prefix)}, set {_variable(name)}, "
        f"or add {name} = {example} to {path}."
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a string.")  # noqa: TRY004 - reported like an invalid value
    return unquoted(value)


def _url(value: object) -> str:
    url = _text(value)
    if re.search(r"[\x00-\x20\x7f]", url):  # urlsplit leaves out line breaks
        raise ValueError(f"{shown_url(url)!r} contains a space or a control character.")
    parts = urlsplit(url)
    if parts.scheme in {"http", "https"}:
        raise ValueError(f"{shown_url(url)!r} is not a WebSocket URL; {_better(url, parts)}")
    if parts.scheme not in {"ws", "wss"} or not _has_host(parts) or parts.fragment:
        raise ValueError(f"{shown_url(url)!r} is not a WebSocket URL (expected wss://host/path).")
    if "@" in parts.netloc:
        raise ValueError(
            f"{shown_url(url)!r} contains a user name or password. Remove it: a worker identifies "
            "itself with its token."
        )
    return url


def _better(url: str, parts: SplitResult) -> str:
    """Return what to use instead of the address of a page or API."""
    if parts.path in {"", "/"} or parts.path.endswith(".html"):
        return (
            "it looks like the address of the page. Use the one that was shown with the token: it "
            "begins with wss:// and ends with its stage, such as /v1. On the local cloud it begins "
            "with ws://, and `make run` prints it after Socket."
        )
    return f"did you mean {shown_url(url.replace('http', 'ws', 1))!r}?"


def _has_host(parts: SplitResult) -> bool:
    try:
        parts.geturl().encode()  # bytes that are not UTF-8 cannot be sent
        (parts.hostname or "").encode("idna")
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _token(value: object) -> str:
    token = _text(value)
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        raise ValueError("a token is a single word of visible ASCII characters, such as wst_….")
    return token


def _spaces(value: object) -> tuple[str, ...]:
    names = unquoted(value).split(",") if isinstance(value, str) else value
    if not isinstance(names, list | tuple):
        raise ValueError("must be a list of names.")  # noqa: TRY004 - reported like an invalid value
    spaces = tuple(dict.fromkeys(_text(name) for name in names if _text(name)))
    wrong = [name for name in spaces if not re.search(SPACE_PATTERN, name)]
    if wrong:
        rule = "use 1 to 48 of a-z, 0-9 and -, with no - at either end"
        raise ValueError(f"{wrong[0]!r} is not a valid space name: {rule}.")
    if not 0 < len(spaces) <= MAX_SPACES_PER_WORKER:
        raise ValueError(
            f"{len(spaces)} spaces given; a worker serves 1 to {MAX_SPACES_PER_WORKER}."
        )
    return spaces


def _worker_id(value: object) -> str:
    worker_id = _text(value)
    if not re.search(WORKER_ID_PATTERN, worker_id):
        rule = "use 1 to 64 letters, digits, '.', '_' and '-', starting with a letter or digit"
        raise ValueError(f"{worker_id!r} is not a valid worker id: {rule}.")
    return worker_id


def _concurrency(value: object) -> int:
    problem = f"{value!r} is not a whole number from 1 to {MAX_CAPACITY}."
    try:
        number = int(unquoted(str(value)))
    except ValueError:
        raise ValueError(problem) from None
    if not 1 <= number <= MAX_CAPACITY:
        raise ValueError(problem)
    return number


def checked_concurrency(value: object) -> int:
    """Return how many requests may run at the same time.

    Raises:
        SettingsError: the value is out of range.
    """
    try:
        return _concurrency(value)
    except ValueError as error:
        raise SettingsError(f"concurrency: {error}") from None


def _file(value: object) -> Path:
    text = str(value) if isinstance(value, Path) else _text(value)
    path = Path(text).expanduser().absolute()
    try:
        exists = "\0" not in text and path.is_file()
    except OSError as error:
        raise ValueError(f"the file {text!r} cannot be used ({error.strerror}).") from None
    if not exists:
        raise ValueError(f"the file {text!r} does not exist.")
    return path


def _folder(value: object) -> Path:
    text = str(value) if isinstance(value, Path) else _text(value)
    problem = f"{text!r} is not a folder."
    if not text or "\0" in text:
        raise ValueError(problem)
    try:
        folder = Path(text).expanduser().absolute()
    except RuntimeError:
        raise ValueError(problem) from None
    try:
        is_other = folder.exists() and not folder.is_dir()
    except OSError as error:  # such as a name that is too long
        raise ValueError(f"{text!r} cannot be used ({error.strerror}).") from None
    if is_other:
        raise ValueError(problem)
    return folder
