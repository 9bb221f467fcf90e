"""Call the spaces of a WebSocket Spaces gateway from Python."""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from spaces_client._core.file_content import Upload
from spaces_client._core.submission import Call, Options
from spaces_client._errors import (
    ApiError,
    Conflict,
    ConnectionFailed,
    InvalidInput,
    NotAllowed,
    NoWorker,
    QueueFull,
    RateLimited,
    RequestCancelled,
    RequestFailed,
    RequestNotFound,
    RequestTimedOut,
    ServerError,
    SpaceNotFound,
    SpacesError,
    StreamRestarted,
    TransferFailed,
    Unauthorized,
    UnexpectedAnswer,
    UsageError,
    WaitTimedOut,
    WebhookExpired,
    WebhookRejected,
)
from spaces_client._events import Done, Event, Queued, Restarted, Running, Text
from spaces_client._result import Result
from spaces_client._sync.files import File
from spaces_client._sync.request import Request
from spaces_client._sync.spaces import Spaces, TextStream
from spaces_client._types import (
    FileRules,
    HistoryEntry,
    Metrics,
    Progress,
    Space,
    SpaceLimits,
    Status,
    Times,
    Usage,
)
from spaces_client._version import __version__

if TYPE_CHECKING:
    from spaces_client._async.files import AsyncFile
    from spaces_client._async.request import AsyncRequest
    from spaces_client._async.spaces import AsyncSpaces, AsyncTextStream

__all__ = [
    "ApiError",
    "AsyncFile",
    "AsyncRequest",
    "AsyncSpaces",
    "AsyncTextStream",
    "Call",
    "Conflict",
    "ConnectionFailed",
    "Done",
    "Event",
    "File",
    "FileRules",
    "HistoryEntry",
    "InvalidInput",
    "Metrics",
    "NoWorker",
    "NotAllowed",
    "Options",
    "Progress",
    "QueueFull",
    "Queued",
    "RateLimited",
    "Request",
    "RequestCancelled",
    "RequestFailed",
    "RequestNotFound",
    "RequestTimedOut",
    "Restarted",
    "Result",
    "Running",
    "ServerError",
    "Space",
    "SpaceLimits",
    "SpaceNotFound",
    "Spaces",
    "SpacesError",
    "Status",
    "StreamRestarted",
    "Text",
    "TextStream",
    "Times",
    "TransferFailed",
    "Unauthorized",
    "UnexpectedAnswer",
    "Upload",
    "Usage",
    "UsageError",
    "WaitTimedOut",
    "WebhookExpired",
    "WebhookRejected",
    "__version__",
]

_LOADED_WHEN_USED: Final = {
    "AsyncFile": "spaces_client._async.files",
    "AsyncRequest": "spaces_client._async.request",
    "AsyncSpaces": "spaces_client._async.spaces",
    "AsyncTextStream": "spaces_client._async.spaces",
}
"""The asynchronous client: asyncio is a third of the time that an import takes."""


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any of these
    if name not in _LOADED_WHEN_USED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LOADED_WHEN_USED[name]), name)
