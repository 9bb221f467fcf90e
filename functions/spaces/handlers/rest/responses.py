"""HTTP responses: JSON, never cached, with errors in one shape."""

import gzip
from base64 import b64encode
from typing import Final

import msgspec
from aws_lambda_powertools.event_handler import Response

from spaces.domain.errors import SpaceError
from spaces_protocol.errors import HTTP_STATUS, ErrorType
from spaces_protocol.rest_bodies import ErrorBody, RequestResult

MAX_PLAIN_BYTES: Final = 2_500_000
"""A longer body is always compressed with gzip. A function's response is limited to 6 MB ("Lambda
quotas") and contains the body as a JSON string, in which quotes and backslashes count twice. A
client that names no coding accepts any (RFC 9110, section 12.5.3)."""


def respond(
    status: int, body: msgspec.Struct, headers: dict[str, str] | None = None
) -> Response[str]:
    """Return a response with a JSON body."""
    content = msgspec.json.encode(body)
    response = Response(
        status_code=status,
        content_type="application/json",
        body=content.decode(),
        headers={"Cache-Control": "no-store", **(headers or {})},
    )
    if len(content) > MAX_PLAIN_BYTES:
        response.headers["Content-Encoding"] = "gzip"
        response.body = b64encode(gzip.compress(content, compresslevel=4, mtime=0)).decode()
        response.base64_encoded = True
    return response


def respond_result(result: RequestResult) -> Response[str]:
    """Return the response to a question for a result: 202 until the request has ended."""
    if result.retry_after_ms is None:
        return respond(200, result)
    return respond(202, result, retry_after(result.retry_after_ms))


def no_content() -> Response[str]:
    """Return a 204 response."""
    # A null instead of an empty body breaks some servers in front of this API.
    return Response(status_code=204, body="", headers={"Cache-Control": "no-store"})


def refusal(error: SpaceError) -> Response[str]:
    """Return the response to a call that was refused."""
    headers = {}
    if error.retry_after_seconds is not None:
        headers["Retry-After"] = str(error.retry_after_seconds)
    body = ErrorBody(detail=error.detail, error_type=error.error_type)
    return respond(HTTP_STATUS[error.error_type], body, headers)


def internal_error(correlation_id: str) -> Response[str]:
    """Return the response to a call that failed internally, with only an id to quote."""
    detail = f"An internal error occurred. Quote {correlation_id} when you report it."
    return respond(500, ErrorBody(detail=detail, error_type=ErrorType.INTERNAL))


def retry_after(milliseconds: int) -> dict[str, str]:
    """Return the Retry-After header for a number of milliseconds, rounded up."""
    return {"Retry-After": str(-(-milliseconds // 1000))}
