"""Link any Python function to a space of a WebSocket Spaces gateway."""

from spaces_protocol.worker_messages import Usage
from spaces_worker._backoff import Backoff, LinkEnd
from spaces_worker._context import RequestContext
from spaces_worker._engine import Ending
from spaces_worker._errors import (
    FunctionError,
    SettingsError,
    SpacesWorkerError,
    TransferError,
    UserError,
)
from spaces_worker._input_files import InputFile
from spaces_worker._result import Result
from spaces_worker._result_file import File
from spaces_worker._version import __version__
from spaces_worker._worker import Worker

__all__ = [
    "Backoff",
    "Ending",
    "File",
    "FunctionError",
    "InputFile",
    "LinkEnd",
    "RequestContext",
    "Result",
    "SettingsError",
    "SpacesWorkerError",
    "TransferError",
    "Usage",
    "UserError",
    "Worker",
    "__version__",
]
