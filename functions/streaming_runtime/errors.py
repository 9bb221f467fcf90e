"""Errors in the form of the Runtime API."""

import base64
import json
import sys
import traceback
from typing import Final

ERROR_TYPE: Final = "Lambda-Runtime-Function-Error-Type"
ERROR_BODY: Final = "Lambda-Runtime-Function-Error-Body"


class RuntimeApiError(Exception):
    """The Runtime API refused a call or is gone; only a new process can help."""


def error_json(error: BaseException) -> bytes:
    """Return what is reported of an error: its type. Callers may see it, so its text stays out."""
    content = {"errorType": type(error).__name__, "errorMessage": "See the log.", "stackTrace": []}
    return json.dumps(content).encode()


def error_trailers(error: BaseException) -> dict[str, str]:
    """Return the trailers of a response that an error cut short."""
    body = base64.b64encode(error_json(error)).decode()
    return {ERROR_TYPE: error_type(error), ERROR_BODY: body}


def error_type(error: BaseException) -> str:
    """Return the type of an error in the form that AWS recommends, category and reason."""
    return f"Function.{type(error).__name__}"


def log_error(error: BaseException) -> None:
    """Write an error with its traceback, as one entry: the log's entries end with the line."""
    sys.stderr.write("".join(traceback.format_exception(error)).rstrip().replace("\n", "\r") + "\n")
    sys.stderr.flush()
