"""The streamed response to one invocation: HTTP/1.1 chunks, and trailers if an error cuts it."""

import json
from collections.abc import Mapping
from http.client import HTTPConnection
from typing import Final

from streaming_runtime.response import Response

DELIMITER: Final = b"\0" * 8
"""Between the JSON with status and headers, and the body."""


def prelude_of(response: Response) -> bytes:
    """Return what stands before the body."""
    content = {"statusCode": response.status, "headers": dict(response.headers)}
    return json.dumps(content).encode() + DELIMITER


class ResponseStream:
    """A response that is being sent.

    Args:
        connection: A connection to the Runtime API; it is closed with the response.
        path: Where the response is posted.
        headers: The headers of the POST.
    """

    def __init__(self, connection: HTTPConnection, path: str, headers: Mapping[str, str]) -> None:
        self._connection = connection
        connection.putrequest("POST", path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()

    def write(self, piece: bytes) -> None:
        """Send a piece at once. An empty one is left out: it would end the response."""
        if piece:
            self._connection.send(b"%x\r\n%b\r\n" % (len(piece), piece))

    def end(self, trailers: Mapping[str, str] | None = None) -> int:
        """End the response, and return the status with which Lambda answers."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in (trailers or {}).items())
        self._connection.send(f"0\r\n{lines}\r\n".encode())
        return self._connection.getresponse().status

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
