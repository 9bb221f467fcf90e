"""HTTP answers: JSON, never cached, errors in one shape."""

import msgspec
from aws_lambda_powertools.event_handler import Response

from spaces.domain.errors import SpaceError
from spaces_protocol.errors import HTTP_STATUS, ErrorType
from spaces_protocol.rest_bodies import ErrorBody


def respond(
    status: int, body: msgspec.Struct, headers: dict[str, str] | None = None
) -> Response[str]:
    """Return an answer with a JSON body."""
    return Response(
        status_code=status,
        content_type="application/json",
        body=msgspec.json.encode(body).decode(),
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


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
