"""HTTP answers: JSON, never cached, errors in one shape."""

import gzip
from base64 import b64encode
from typing import Final

import msgspec
from aws_lambda_powertools.event_handler import Response

from spaces.domain.errors import SpaceError
from spaces_protocol.errors import HTTP_STATUS, ErrorType
from spaces_protocol.rest_bodies import ErrorBody

MAX_PLAIN_BYTES: Final = 2_500_000
"""A longer body is sent as gzip, whatever was asked for. A function may answer 6 MB ("Lambda
quotas"), in which the body stands as a JSON text: quotes and backslashes count twice. RFC 9110,
section 12.5.3: who names no coding takes any."""


def respond(
    status: int, body: msgspec.Struct, headers: dict[str, str] | None = None
) -> Response[str]:
    """Return an answer with a JSON body."""
    content = msgspec.json.encode(body)
    answer = Response(
        status_code=status,
        content_type="application/json",
        body=content.decode(),
        headers={"Cache-Control": "no-store", **(headers or {})},
    )
    if len(content) > MAX_PLAIN_BYTES:
        answer.headers["Content-Encoding"] = "gzip"
        answer.body = b64encode(gzip.compress(content, compresslevel=4, mtime=0)).decode()
        answer.base64_encoded = True
    return answer


def no_content() -> Response[str]:
    """Return an answer that says nothing but that it was done."""
    # A body that is null, and not empty, ends some servers in front.
    return Response(status_code=204, body="", headers={"Cache-Control": "no-store"})


def refusal(error: SpaceError) -> Response[str]:
    """Return the answer to a call that could not be served."""
    headers = {}
    if error.retry_after_seconds is not None:
        headers["Retry-After"] = str(error.retry_after_seconds)
    body = ErrorBody(detail=error.detail, error_type=error.error_type)
    return respond(HTTP_STATUS[error.error_type], body, headers)


def internal_error(correlation_id: str) -> Response[str]:
    """Return the answer to a call that failed here, with an id to quote and nothing else."""
    detail = f"Something went wrong here. Quote {correlation_id} when you report it."
    return respond(500, ErrorBody(detail=detail, error_type=ErrorType.INTERNAL))


def retry_after(milliseconds: int) -> dict[str, str]:
    """Return the Retry-After header for a number of milliseconds, rounded up."""
    return {"Retry-After": str(-(-milliseconds // 1000))}
