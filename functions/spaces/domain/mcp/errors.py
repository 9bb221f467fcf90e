"""Errors as JSON-RPC reports them."""

from types import MappingProxyType
from typing import Any, Final

PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
METHOD_NOT_FOUND: Final = -32601
INVALID_PARAMS: Final = -32602
INTERNAL_ERROR: Final = -32603
HEADER_MISMATCH: Final = -32020
MISSING_CAPABILITY: Final = -32021
UNSUPPORTED_VERSION: Final = -32022

_ALWAYS: Final = MappingProxyType(
    {
        PARSE_ERROR: 400,
        INVALID_REQUEST: 400,
        HEADER_MISMATCH: 400,
        MISSING_CAPABILITY: 400,
        UNSUPPORTED_VERSION: 400,
        INTERNAL_ERROR: 500,
    }
)
_IN_MODERN_VERSIONS: Final = MappingProxyType({INVALID_PARAMS: 400, METHOD_NOT_FOUND: 404})
"""Clients of earlier versions take a 404 for the end of a session that they do not have."""


class RpcError(Exception):
    """An error of a message, with a sentence that says what to do.

    Attributes:
        code: What kind of error, for programs.
        message: A sentence for people.
        data: More about it, such as the field.
        status: The HTTP status; None if the code decides it.
        headers: Headers that belong to this status.
    """

    def __init__(
        self,
        code: int,
        message: str,
        *,
        data: dict[str, Any] | None = None,
        status: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data
        self.status = status
        self.headers = headers or {}

    @property
    def body(self) -> dict[str, Any]:
        """The error object."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        return error if self.data is None else {**error, "data": self.data}


def invalid_params(field: str, detail: str) -> RpcError:
    """Return the error for a field of the params that has an invalid value."""
    return RpcError(INVALID_PARAMS, f"{field} {detail}", data={"field": field})


def http_status(error: RpcError, *, is_modern: bool) -> int:
    """Return the HTTP status of an error.

    Args:
        error: The error.
        is_modern: Whether the client speaks a version without a handshake.
    """
    if error.status is not None:
        return error.status
    if error.code in _ALWAYS:
        return _ALWAYS[error.code]
    return _IN_MODERN_VERSIONS.get(error.code, 200) if is_modern else 200
