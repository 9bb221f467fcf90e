"""Versions of the protocol: which one a message is written in, and whether its headers agree."""

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from spaces.domain.mcp.errors import (
    HEADER_MISMATCH,
    INVALID_PARAMS,
    MISSING_CAPABILITY,
    UNSUPPORTED_VERSION,
    RpcError,
    invalid_params,
)
from spaces.domain.mcp.messages import Message

MODERN: Final = ("2026-07-28",)
"""Versions without a handshake: each message says what its client is and can do."""
WITH_HANDSHAKE: Final = ("2025-11-25", "2025-06-18", "2025-03-26")
ASSUMED: Final = "2025-03-26"
"""The version of a message that names none ("Protocol Version Header")."""
WITH_TASKS: Final = "2025-11-25"
"""The version whose core has tasks; later ones have them in an extension."""
TASKS: Final = "io.modelcontextprotocol/tasks"

_PREFIX: Final = "io.modelcontextprotocol/"
_VERSION: Final = f"{_PREFIX}protocolVersion"
_CAPABILITIES: Final = f"{_PREFIX}clientCapabilities"
_ENCODED: Final = re.compile(r"=\?base64\?(.*)\?=")
_NAMES: Final[Mapping[str, str]] = {
    "tools/call": "name",
    "tasks/get": "taskId",
    "tasks/update": "taskId",
    "tasks/cancel": "taskId",
}
"""Methods, and the param that ``Mcp-Name`` repeats."""
_MAY_OMIT_NAME: Final = frozenset({"tasks/get", "tasks/update", "tasks/cancel"})
"""fastmcp-tasks 4.1 does not send it with them, although the extension wants it."""


class Peer(NamedTuple):
    """What a client speaks.

    Attributes:
        version: The version of the protocol.
        is_modern: Whether it has no handshake.
        takes_tasks: Whether it understands a task in place of a result, without asking for one.
    """

    version: str
    is_modern: bool = False
    takes_tasks: bool = False


def offered_version(wanted: object) -> str:
    """Return the version for a client that begins with a handshake."""
    return wanted if isinstance(wanted, str) and wanted in WITH_HANDSHAKE else WITH_HANDSHAKE[0]


def peer_of(message: Message, headers: Mapping[str, str]) -> Peer:
    """Return what the sender of a request speaks.

    Args:
        message: The request.
        headers: The headers of the call, by name in lower case.

    Raises:
        RpcError: The version is not supported, or headers and body contradict each other.
    """
    named = headers.get("mcp-protocol-version")
    if _VERSION not in message.meta and named not in MODERN:
        return _with_handshake(message, named)
    _check_envelope(message.meta)
    _check_headers(message, headers)
    version = message.meta[_VERSION]
    if version not in MODERN:
        raise _unsupported(version)
    extensions = message.meta[_CAPABILITIES].get("extensions")
    takes_tasks = isinstance(extensions, dict) and isinstance(extensions.get(TASKS), dict)
    return Peer(version, is_modern=True, takes_tasks=takes_tasks)


def expect_tasks(peer: Peer) -> None:
    """Raise unless a client has said that it understands tasks.

    Raises:
        RpcError: It has not.
    """
    if not peer.takes_tasks:
        raise RpcError(
            MISSING_CAPABILITY,
            f"Declare the extension {TASKS} in params._meta to use tasks.",
            data={"requiredCapabilities": {"extensions": {TASKS: {}}}},
        )


def _with_handshake(message: Message, named: str | None) -> Peer:
    if message.method == "initialize" or named is None:
        return Peer(ASSUMED)
    if named not in WITH_HANDSHAKE:
        raise _unsupported(named)
    return Peer(named)


def _unsupported(version: str) -> RpcError:
    supported = [*MODERN, *WITH_HANDSHAKE]
    return RpcError(
        UNSUPPORTED_VERSION,
        f"MCP version {version[:40]} is not supported. Use one of {', '.join(supported)}.",
        data={"supported": supported, "requested": version[:40]},
    )


def _check_envelope(meta: dict[str, Any]) -> None:
    for name, kind, shown in ((_VERSION, str, "a text"), (_CAPABILITIES, dict, "an object")):
        if not isinstance(meta.get(name), kind):
            raise invalid_params(f"params._meta[{name!r}]", f"must be {shown}.")


def _check_headers(message: Message, headers: Mapping[str, str]) -> None:
    """Raise unless headers repeat the body; what lies between may have acted on them."""
    _compare(headers, "MCP-Protocol-Version", message.meta[_VERSION])
    _compare(headers, "Mcp-Method", message.method)
    param = _NAMES.get(message.method)
    may_omit = message.method in _MAY_OMIT_NAME and "mcp-name" not in headers
    if param in message.params and not may_omit:
        _compare(headers, "Mcp-Name", message.params[param], decode=True)


def _compare(
    headers: Mapping[str, str], name: str, wanted: object, *, decode: bool = False
) -> None:
    given = headers.get(name.lower())
    if given is None:
        raise RpcError(HEADER_MISMATCH, f"The header {name} is missing. Send it with each call.")
    if (_decoded(given) if decode else given) != wanted:
        detail = f"The header {name} does not match the body. Send the same value in both."
        raise RpcError(HEADER_MISMATCH, detail, data={"header": name})


def _decoded(value: str) -> str | None:
    """Return the value of a header that may be in Base64; None if that is broken."""
    found = _ENCODED.fullmatch(value)
    if found is None:
        return value
    try:
        return b64decode(found[1], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def expect_text(params: Mapping[str, Any], name: str) -> str:
    """Return a param that must be a text.

    Raises:
        RpcError: It is missing or something else.
    """
    value = params.get(name)
    if isinstance(value, str) and value:
        return value
    raise RpcError(
        INVALID_PARAMS, f"params.{name} must be a text.", data={"field": f"params.{name}"}
    )
