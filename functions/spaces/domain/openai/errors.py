"""Errors as the OpenAI API reports them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from spaces.domain.errors import InvalidInput, SpaceError
from spaces_protocol.errors import HTTP_STATUS, ErrorType
from spaces_protocol.rest_bodies import RequestResult, RequestState

INVALID: Final = "invalid_request_error"
SERVER: Final = "server_error"
RATE: Final = "rate_limit_error"
CALLERS_FAULT: Final = MappingProxyType(
    {
        "invalid_request": "invalid_request",
        "invalid_input": "invalid_input",
        "prompt_too_long": "context_length_exceeded",
    }
)
"""Codes of failures with which a worker reports that the caller's fields cannot be used."""


class UnusableField(InvalidInput):
    """A field of a call that is wrong, or that this gateway or space cannot do.

    Attributes:
        param: The field, such as ``messages[0].content``.
        code: A stable name for programs.
    """

    def __init__(self, detail: str, *, param: str | None, code: str = "invalid_value") -> None:
        super().__init__(detail)
        self.param = param
        self.code = code


class ApiError(NamedTuple):
    """An error as a caller of the OpenAI API gets it.

    Attributes:
        retry_after_seconds: When a retry may help.
        is_final: Whether a retry would find the same ending; the official clients obey that.
    """

    status: int
    type: str
    message: str
    param: str | None = None
    code: str | None = None
    retry_after_seconds: int | None = None
    is_final: bool = False

    @property
    def body(self) -> dict[str, Any]:
        """The error object."""
        return {
            "error": {
                "message": self.message,
                "type": self.type,
                "param": self.param,
                "code": self.code,
            }
        }


class _Shape(NamedTuple):
    status: int
    type: str
    code: str
    param: str | None = None


_SHAPES: Final = MappingProxyType(
    {
        ErrorType.UNAUTHORIZED: _Shape(401, INVALID, "invalid_api_key"),
        ErrorType.UNKNOWN_SPACE: _Shape(404, INVALID, "model_not_found", "model"),
        ErrorType.RATE_LIMITED: _Shape(429, RATE, "rate_limit_exceeded"),
        ErrorType.QUEUE_FULL: _Shape(429, RATE, "queue_full"),
        # The clients would retry 409.
        ErrorType.SPACE_DISABLED: _Shape(403, "permission_error", "space_disabled", "model"),
    }
)
_STATUS_OF_ENDINGS: Final[Mapping[str, int]] = MappingProxyType(
    {ErrorType.TIMED_OUT: 504, ErrorType.QUEUE_TIMED_OUT: 504}
)
_UNPROCESSABLE: Final = 422
_SERVER_FAULT: Final = 500


def error_of(error: SpaceError) -> ApiError:
    """Return the error of a call that was refused; what the REST API calls 422 is 400 here."""
    if isinstance(error, UnusableField):
        return ApiError(400, INVALID, error.detail, error.param, error.code)
    shape = _SHAPES.get(error.error_type) or _shape_by_status(error.error_type)
    again = error.retry_after_seconds
    return ApiError(shape.status, shape.type, error.detail, shape.param, shape.code, again)


def _shape_by_status(error_type: ErrorType) -> _Shape:
    status = HTTP_STATUS[error_type]
    if status == _UNPROCESSABLE:
        status = 400
    return _Shape(status, INVALID if status < _SERVER_FAULT else SERVER, error_type)


def error_of_result(result: RequestResult) -> ApiError | None:
    """Return the error of a request that ended without an answer; None if it has one."""
    if result.status is RequestState.CANCELLED:
        return ApiError(409, INVALID, "The request was cancelled.", code="cancelled", is_final=True)
    code = result.error_type or ErrorType.WORKER_ERROR
    message = result.error or "The request failed."
    if code in CALLERS_FAULT:
        return ApiError(400, INVALID, message, code=CALLERS_FAULT[code], is_final=True)
    if result.error is None and result.status is RequestState.COMPLETED:
        return None
    status = _STATUS_OF_ENDINGS.get(code, 500)
    return ApiError(status, SERVER, message, code=code, is_final=True)
