"""Calls of the Lambda Runtime API, version 2018-06-01.

Sources: "Using the Lambda runtime API for custom runtimes" and "Building a custom runtime for AWS
Lambda", response streaming.
"""

from http.client import HTTPConnection, HTTPException
from typing import Final

from streaming_runtime.errors import (
    ERROR_BODY,
    ERROR_TYPE,
    RuntimeApiError,
    error_json,
    error_type,
)
from streaming_runtime.invocation import Invocation
from streaming_runtime.response_stream import ResponseStream

_RUNTIME: Final = "/2018-06-01/runtime"
_OK: Final = 200
_ACCEPTED: Final = 202
_CONTAINER_ERROR: Final = 500


class RuntimeApi:
    """The Runtime API of this execution environment.

    Args:
        address: Its host and port.
    """

    def __init__(self, address: str) -> None:
        self._address = address

    def next_invocation(self) -> Invocation:
        """Wait for the next invocation, however long it takes.

        Raises:
            RuntimeApiError: There will be none.
        """
        # No time-out: Lambda freezes this process while nobody calls.
        connection = HTTPConnection(self._address, timeout=None)
        try:
            connection.request("GET", f"{_RUNTIME}/invocation/next")
            response = connection.getresponse()
            body = response.read()
        except (OSError, HTTPException) as error:
            raise RuntimeApiError("no next invocation") from error
        finally:
            connection.close()
        if response.status != _OK:
            raise RuntimeApiError(f"next invocation: {response.status}")
        return Invocation.read(response.headers, body)

    def begin_response(self, request_id: str) -> ResponseStream:
        """Begin the response to an invocation. From here on, errors go into its trailers.

        Raises:
            RuntimeApiError: The Runtime API is gone.
        """
        path = f"{_RUNTIME}/invocation/{request_id}/response"
        headers = {
            "Content-Type": "application/vnd.awslambda.http-integration-response",
            "Lambda-Runtime-Function-Response-Mode": "streaming",
            "Transfer-Encoding": "chunked",
            "Trailer": f"{ERROR_TYPE}, {ERROR_BODY}",
        }
        try:
            return ResponseStream(HTTPConnection(self._address, timeout=None), path, headers)
        except OSError as error:
            raise RuntimeApiError(path) from error

    def report_error(self, request_id: str, error: Exception) -> None:
        """Report an error of an invocation that has no response yet.

        Raises:
            RuntimeApiError: The execution environment is beyond repair.
        """
        self._report(f"/invocation/{request_id}/error", error_type(error), error)

    def report_init_error(self, error: BaseException) -> None:
        """Report that the handler cannot be loaded; the process has to end then.

        Raises:
            RuntimeApiError: The execution environment is beyond repair.
        """
        self._report("/init/error", f"Runtime.{type(error).__name__}", error)

    def _report(self, path: str, kind: str, error: BaseException) -> None:
        connection = HTTPConnection(self._address, timeout=None)
        headers = {"Content-Type": "application/json", ERROR_TYPE: kind}
        try:
            connection.request("POST", _RUNTIME + path, error_json(error), headers)
            check_status(connection.getresponse().status)
        except (OSError, HTTPException) as lost:
            raise RuntimeApiError(path) from lost
        finally:
            connection.close()


def check_status(status: int) -> bool:
    """Return whether Lambda accepted what was sent.

    Raises:
        RuntimeApiError: The execution environment is beyond repair ("Container error").
    """
    if status == _CONTAINER_ERROR:
        raise RuntimeApiError("container error")
    return status == _ACCEPTED
