"""Exceptions of the client.

SpacesError
├── UsageError            an argument or setting is missing or wrong; nothing was sent
├── ConnectionFailed      the gateway could not be reached, or the connection was lost
├── UnexpectedAnswer      what answered is not this API
├── TransferFailed        a file could not be uploaded or downloaded
├── WaitTimedOut          your timeout is over; the request goes on
├── StreamRestarted       another attempt began; the text you have is void
├── WebhookRejected       a webhook is not from the gateway: do not believe it
│   └── WebhookExpired    it was sent too long ago
├── ApiError              the gateway refused the call
│   ├── Unauthorized      the key is wrong, expired or revoked
│   ├── NotAllowed        the request belongs to somebody else
│   ├── SpaceNotFound     there is no such space, or you may not use it
│   ├── RequestNotFound   there is no such request, or it is no longer stored
│   ├── InvalidInput      the input breaks a rule of the space
│   ├── Conflict          the state of the space or request does not allow it
│   ├── QueueFull         the space has no room for another waiting request
│   ├── RateLimited       you exceeded a limit
│   ├── NoWorker          the space accepts requests only while a worker is connected
│   └── ServerError       the gateway failed, even after repeating the call
└── RequestFailed         the request ended without an answer
    ├── RequestTimedOut   it ran or waited too long
    └── RequestCancelled  it was cancelled
"""

from types import MappingProxyType
from typing import Final


class SpacesError(Exception):
    """Base class of all exceptions of this package."""


class UsageError(SpacesError):
    """An argument or setting is missing or wrong; the text says what to do. Nothing was sent."""


class ConnectionFailed(SpacesError):
    """The gateway could not be reached, or the connection was lost, however often it was tried."""


class UnexpectedAnswer(SpacesError):
    """What answered is not this API: check the address."""


class TransferFailed(SpacesError):
    """A file could not be uploaded or downloaded; the text names it and says why."""


class WaitTimedOut(SpacesError):
    """Your timeout is over. The request goes on: ``spaces.request(error.request_id)`` finds it.

    Attributes:
        request_id: the request.
    """

    def __init__(self, request_id: str) -> None:
        super().__init__(
            f"{request_id} has not ended in the time you set. It goes on: fetch its result later, "
            "or cancel it."
        )
        self.request_id = request_id


class StreamRestarted(SpacesError):
    """Another attempt began, and its text does not continue what you have read.

    ``spaces.request(error.request_id).result()`` returns the whole text.

    Attributes:
        request_id: the request.
    """

    def __init__(self, request_id: str) -> None:
        super().__init__(
            f"Another attempt of {request_id} began with different text. Discard what you have "
            "read, and fetch the result."
        )
        self.request_id = request_id


class WebhookRejected(SpacesError):
    """A webhook is not from the gateway, or was changed on its way. Believe nothing in it."""


class WebhookExpired(WebhookRejected):
    """A webhook was sent too long ago: somebody repeats it, or the clock of this machine is off."""


class ApiError(SpacesError):
    """The gateway refused the call.

    Attributes:
        status: the HTTP status.
        error_type: the gateway's name for the error, such as ``queue_full``; empty if the answer
            came from something in front of it.
        detail: what happened, the limit and what to do, for a person.
        retry_after: when to try again, in seconds; None if the gateway does not say.
    """

    def __init__(
        self, status: int, error_type: str, detail: str, retry_after: float | None = None
    ) -> None:
        super().__init__(f"{detail} ({error_type or f'HTTP {status}'})")
        self.status = status
        self.error_type = error_type
        self.detail = detail
        self.retry_after = retry_after


class Unauthorized(ApiError):
    """The key is wrong, expired or revoked, or you are not signed in."""


class NotAllowed(ApiError):
    """The request belongs to somebody else, or the call is for administrators."""


class SpaceNotFound(ApiError):
    """There is no such space, or you may not use it: the gateway does not say which."""


class RequestNotFound(ApiError):
    """There is no such request, or it is no longer stored."""


class InvalidInput(ApiError):
    """The input breaks a rule of the space; ``detail`` names the field and the limit."""


class Conflict(ApiError):
    """The state of the space or the request does not allow the call."""


class QueueFull(ApiError):
    """The space has no room for another waiting request; try again after ``retry_after``."""


class RateLimited(ApiError):
    """You exceeded a limit, which ``detail`` names; try again after ``retry_after``."""


class NoWorker(ApiError):
    """The space accepts requests only while a worker is connected, and none is."""


class ServerError(ApiError):
    """The gateway failed, even after repeating the call."""


class RequestFailed(SpacesError):
    """The request ended without an answer.

    Attributes:
        request_id: the request.
        error_type: why, for programs: ``worker_error`` or the worker's own type, ``worker_lost``,
            ``timed_out``, ``queue_timed_out``; ``cancelled`` if it was cancelled.
        message: why, for a person; may be empty.
    """

    def __init__(self, request_id: str, error_type: str, message: str) -> None:
        super().__init__(f"{message or 'The request ended without an answer.'} ({error_type})")
        self.request_id = request_id
        self.error_type = error_type
        self.message = message


class RequestTimedOut(RequestFailed):
    """The request ran longer, or waited longer for a worker, than it may."""


class RequestCancelled(RequestFailed):
    """The request was cancelled."""


_BY_TYPE: Final = MappingProxyType[str, type[ApiError]](
    {
        "unknown_space": SpaceNotFound,
        "request_not_found": RequestNotFound,
        "request_expired": RequestNotFound,
        "queue_full": QueueFull,
        "rate_limited": RateLimited,
        "no_worker": NoWorker,
    }
)
_BY_STATUS: Final = MappingProxyType[int, type[ApiError]](
    {
        400: InvalidInput,
        401: Unauthorized,
        403: NotAllowed,
        409: Conflict,
        413: InvalidInput,
        415: InvalidInput,
        422: InvalidInput,
        429: RateLimited,
    }
)
_FIRST_OF_SERVER: Final = 500


def api_error(
    status: int, error_type: str, detail: str, retry_after: float | None = None
) -> ApiError:
    """Return the exception for an error of the API."""
    of_status = ServerError if status >= _FIRST_OF_SERVER else _BY_STATUS.get(status, ApiError)
    kind = _BY_TYPE.get(error_type, of_status)
    return kind(status, error_type, detail, retry_after)
