"""Text of a systemd service that runs a worker; see systemd.service(5) and systemd.exec(5)."""

import itertools
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from spaces_worker._exit_codes import ExitCode
from spaces_worker._settings import Settings
from spaces_worker._text import clean_text

STOP_SECONDS: Final = 180
"""Time to finish running requests after a stop: the usual time limit, and the delivery."""
_SERVING_COMMANDS: Final = frozenset({"run", "mock-app"})
_TOKEN_OPTION: Final = "--token"  # noqa: S105 - its name, not a token
_KEY_OPTION: Final = "--api-key-variable"
_NETWORK_VARIABLES: Final = (
    *("WSS_PROXY", "WS_PROXY", "SOCKS_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR"),
)
"""Variables of the shell that the service may need to reach the gateway."""


_UNWRITABLE: Final = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
"""Characters that a unit cannot contain: control characters, and bytes that are not UTF-8."""


def is_name(name: str) -> bool:
    """Whether this is a valid name of a service."""
    return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name) is not None


def program_of(arguments: Sequence[str], python: str) -> list[str]:
    """Return the command that the service runs.

    Raises:
        ValueError: it does not run a worker, or it contains the token.
    """
    if not arguments or arguments[0] not in _SERVING_COMMANDS:
        raise ValueError("After --, write the command to run: run or mock-app, with its options.")
    if any(each.split("=")[0] == _TOKEN_OPTION for each in arguments):
        raise ValueError(
            "Write --token before --, or set SPACES_TOKEN: other users can read units."
        )
    # -P: a file of the working directory must not replace a module, such as queue.py.
    return [python, "-P", "-m", "spaces_worker", *arguments]


def unit_text(
    *,
    program: Sequence[str],
    folder: Path,
    variables: Path,
    description: str,
    system: bool,
    user: str | None = None,
    state: str | None = None,
) -> str:
    """Return the unit file.

    Args:
        program: the command to run, with absolute paths.
        folder: its working directory.
        variables: the file with its settings; everybody can read the unit.
        description: shown by systemctl.
        system: whether it is for the whole machine, not for one user.
        user: as which a system service runs; None is root.
        state: folder in /var/lib that systemd creates for that user.

    Raises:
        ValueError: a unit cannot contain one of the paths.
    """
    network = "Wants=network-online.target\nAfter=network-online.target\n" if system else ""
    runs_as = f"User={user}\n" if user else ""
    keeps = f"StateDirectory={state}\nStateDirectoryMode=0700\n" if state else ""
    wanted_by = "multi-user.target" if system else "default.target"
    return f"""[Unit]
Description={description.replace("%", "%%")}
{network}StartLimitIntervalSec=0

[Service]
Type=exec
{runs_as}WorkingDirectory={_path(folder)}
{keeps}EnvironmentFile={_path(variables)}
ExecStart={" ".join(_word(part) for part in program)}
# Retrying cannot fix a wrong setting. It can fix a model whose hub or GPU comes back.
Restart=on-failure
RestartPreventExitStatus={ExitCode.SETTINGS.value}
RestartSec=15
# The first signal lets the worker finish its running requests.
KillMode=mixed
TimeoutStopSec={STOP_SECONDS}
NoNewPrivileges=yes

[Install]
WantedBy={wanted_by}
"""


def service_variables(
    settings: Settings, arguments: Sequence[str], environ: Mapping[str, str]
) -> Mapping[str, str]:
    """Return the settings as variables, with the proxy and certificates of this shell.

    They include the API key of a server that the arguments name.

    Raises:
        ValueError: that key is not set.
    """
    keys = keys_of(arguments, environ)
    network = {
        name: environ[name]
        for upper in _NETWORK_VARIABLES
        for name in (upper.lower(), upper)
        if environ.get(name)
    }
    return {
        **network,
        **keys,
        "SPACES_URL": settings.url,
        "SPACES_TOKEN": settings.token,
        "SPACES_SPACES": ",".join(settings.spaces),
        "SPACES_WORKER_ID": settings.worker_id,
        "SPACES_CONCURRENCY": str(settings.concurrency),
        "SPACES_STATE_DIR": str(settings.state_dir),
        **({"SPACES_CA_FILE": str(settings.ca_file)} if settings.ca_file else {}),
    }


def keys_of(arguments: Sequence[str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables with the API keys that the arguments name.

    Raises:
        ValueError: one is not set.
    """
    keys = {name: environ.get(name, "") for name in _key_names(arguments)}
    missing = [name for name, value in keys.items() if not value]
    if missing:
        raise ValueError(f"{_KEY_OPTION}: the variable {missing[0]} is not set.")
    return keys


def _key_names(arguments: Sequence[str]) -> list[str]:
    joined = [each.partition("=")[2] for each in arguments if each.startswith(f"{_KEY_OPTION}=")]
    pairs = itertools.pairwise(arguments)
    return joined + [value for option, value in pairs if option == _KEY_OPTION]


def variables_text(variables: Mapping[str, str]) -> str:
    """Return the file for ``EnvironmentFile=``.

    Raises:
        ValueError: a value is not valid Unicode, which systemd would ignore.
    """
    for name, value in variables.items():
        if value != clean_text(value):
            raise ValueError(f"{name}: the value is not valid UTF-8; systemd would ignore it.")
    return "".join(f'{name}="{_escaped(value)}"\n' for name, value in variables.items())


def _escaped(value: str) -> str:
    return re.sub(r'(["\\$`])', r"\\\1", value)


def _word(part: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9_./:=@,+-]+", part):
        return part
    quoted = part.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{_specifiers(_UNWRITABLE.sub(_as_bytes, quoted))}"'


def _as_bytes(character: re.Match[str]) -> str:
    return "".join(f"\\x{byte:02x}" for byte in os.fsencode(character.group()))


def _path(path: Path) -> str:
    text = str(path)
    if _UNWRITABLE.search(text) or text.endswith(("\\", " ")):
        raise ValueError(
            f"{text!r} cannot be written to a systemd unit: its name has a control character, or "
            "ends with a space or backslash. Use another folder."
        )
    return _specifiers(text)


def _specifiers(text: str) -> str:
    return text.replace("%", "%%")
