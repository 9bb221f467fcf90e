"""Reads one JSON-RPC message."""

from typing import Any, Final, NamedTuple

import msgspec

from spaces.domain.mcp.errors import INVALID_REQUEST, PARSE_ERROR, RpcError
from spaces_protocol.nesting import too_deep

Id = str | int
MAX_ID_CHARS: Final = 255
MAX_SAFE_INTEGER: Final = 2**53 - 1
"""What JavaScript still counts with; a larger number would come back changed."""


class Message(NamedTuple):
    """A request or a notification.

    Attributes:
        id: The id of a request; None for a notification.
        method: What is asked for.
        params: With what.
    """

    id: Id | None
    method: str
    params: dict[str, Any]

    @property
    def meta(self) -> dict[str, Any]:
        """What belongs to the message rather than to its method."""
        meta = self.params.get("_meta")
        return meta if isinstance(meta, dict) else {}


def decode(body: bytes) -> Any:  # noqa: ANN401 - any JSON
    """Return the JSON in a body.

    Raises:
        RpcError: It is not JSON.
    """
    try:
        return msgspec.json.decode(body)
    except RecursionError as error:
        raise RpcError(PARSE_ERROR, too_deep("The body")) from error
    except (msgspec.DecodeError, UnicodeError) as error:
        detail = f"The body is not valid JSON: {error}. Send one JSON-RPC message."
        raise RpcError(PARSE_ERROR, detail) from error


def id_of(decoded: Any) -> Id | None:  # noqa: ANN401 - any JSON
    """Return the id of a request, which its error has to name, too; None if it cannot be read."""
    found = decoded.get("id") if isinstance(decoded, dict) else None
    return found if _is_id(found) else None


def message_of(decoded: Any) -> Message:  # noqa: ANN401 - any JSON
    """Return the message in a body.

    Raises:
        RpcError: It is not one request or notification.
    """
    if isinstance(decoded, list):
        raise _wrong("body", "is a batch. Send each message in a call of its own.")
    if not isinstance(decoded, dict):
        raise _wrong("body", "must be a JSON object: one JSON-RPC message.")
    if decoded.get("jsonrpc") != "2.0":
        raise _wrong("jsonrpc", 'must be "2.0".')
    if "method" not in decoded and ("result" in decoded or "error" in decoded):
        raise _wrong("method", "is missing. This server asks nothing and takes no responses.")
    method, params = decoded.get("method"), decoded.get("params", {})
    if not isinstance(method, str) or not method:
        raise _wrong("method", "must be the name of a method, such as tools/list.")
    if "id" in decoded and not _is_id(decoded["id"]):
        raise _wrong("id", f"must be a text of 1 to {MAX_ID_CHARS} characters or an integer.")
    if not isinstance(params, dict):
        raise _wrong("params", "must be an object.")
    if "_meta" in params and not isinstance(params["_meta"], dict):
        raise _wrong("params._meta", "must be an object.")
    return Message(decoded.get("id"), method, params)


def _is_id(value: object) -> bool:
    if isinstance(value, str):
        return 0 < len(value) <= MAX_ID_CHARS
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return is_number and abs(value) <= MAX_SAFE_INTEGER  # type: ignore[arg-type]


def _wrong(field: str, detail: str) -> RpcError:
    return RpcError(INVALID_REQUEST, f"{field} {detail}", data={"field": field})
