"""Connect any Python function to a space of a WebSocket Spaces gateway."""

from spaces_protocol.model_call import ModelCall
from spaces_protocol.worker_messages import Usage
from spaces_worker._connection.backoff import Backoff, LinkEnd
from spaces_worker._engine import Ending
from spaces_worker._errors import (
    FunctionError,
    SettingsError,
    SpacesWorkerError,
    TransferError,
    UserError,
)
from spaces_worker._files.input_files import InputFile
from spaces_worker._files.result_file import File
from spaces_worker._functions.context import RequestContext
from spaces_worker._functions.result import Result
from spaces_worker._version import __version__
from spaces_worker._worker import Worker

__all__ = [
    "Backoff",
    "Ending",
    "File",
    "FunctionError",
    "InputFile",
    "LinkEnd",
    "ModelCall",
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
