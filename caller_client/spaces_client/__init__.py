"""Call the spaces of a WebSocket Spaces gateway from Python."""

from spaces_client._async.files import AsyncFile
from spaces_client._async.request import AsyncRequest
from spaces_client._async.spaces import AsyncSpaces, AsyncTextStream
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
    "__version__",
]
