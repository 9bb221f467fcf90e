"""The responses of the OpenAPI description, with their headers and reasons."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any, Final

import msgspec

from spaces_protocol.errors import HTTP_STATUS, ErrorType
from spaces_protocol.rest_bodies import ApiGatewayRefusal, ErrorBody

REF: Final = "#/components/schemas/{name}"

_WHEN: Final = MappingProxyType(
    {
        ErrorType.MALFORMED_BODY: "the body is not JSON",
        ErrorType.UNAUTHORIZED: "the credential is invalid, expired or revoked",
        ErrorType.NOT_ALLOWED: "the request belongs to another user",
        ErrorType.UNKNOWN_SPACE: "the space does not exist, or you may not use it",
        ErrorType.REQUEST_NOT_FOUND: "the request does not exist or is no longer kept",
        ErrorType.SPACE_DISABLED: "the space is not accepting requests or is being deleted",
        ErrorType.ALREADY_ENDED: "the request has already ended, so there is nothing to cancel",
        ErrorType.STILL_RUNNING: "the request has not ended yet; cancel it first",
        ErrorType.UPLOAD_INCOMPLETE: "parts of the file are missing; the error names them",
        ErrorType.REQUEST_EXPIRED: "the request is no longer kept",
        ErrorType.INPUT_TOO_LARGE: "the input is larger than limits.max_input_bytes",
        ErrorType.ENDPOINT_NOT_SERVED: "no worker of the space serves the endpoint of the call",
        ErrorType.BODY_TOO_LARGE: "the body is longer than the limit",
        ErrorType.FILE_TOO_LARGE: "the file is larger than files.max_file_bytes",
        ErrorType.UNSUPPORTED_MEDIA_TYPE: "the body has no Content-Type: application/json",
        ErrorType.INVALID_INPUT: "a field has an invalid value; the error names it",
        ErrorType.FILE_TYPE_REFUSED: "the file's type is not in files.accept",
        ErrorType.UPLOAD_MISSING: "a file was not uploaded, or not to this space",
        ErrorType.IDEMPOTENCY_KEY_REUSED: "the same Idempotency-Key was used with different input",
        ErrorType.QUEUE_FULL: "the space's queue is full",
        ErrorType.RATE_LIMITED: "the caller or the space has reached a limit; the error names it",
        ErrorType.BUSY: "too many concurrent changes, or a service of AWS is overloaded",
        ErrorType.NO_WORKER: "no worker is connected, and the space does not queue without one",
        ErrorType.INTERNAL: "an internal error; the error contains an id to quote",
    }
)
_ANYWHERE: Final = (ErrorType.BUSY, ErrorType.INTERNAL)
_ALWAYS: Final = MappingProxyType(
    {429: "too many calls", 500: "a function failed", 503: "a function timed out"}
)
_WITH_BODY: Final = MappingProxyType({413: "the body is longer than 10 MB"})
_SIGNED_IN: Final = MappingProxyType(
    {401: "the access token is missing, invalid or expired", 403: "it is not an access token"}
)
_BUSY_STATUSES: Final = (429, 503)


def json_of(body: type[msgspec.Struct], example: Any = None) -> dict[str, Any]:  # noqa: ANN401
    """Return the content object of a JSON body of this type."""
    schema = {"$ref": REF.format(name=body.__name__)}
    return {"application/json": {"schema": schema, **({"example": example} if example else {})}}


def response(
    description: str, body: type[msgspec.Struct] | None, headers: Iterable[str] = ()
) -> dict[str, Any]:
    """Return a response object."""
    described: dict[str, Any] = {"description": description}
    if headers:
        described["headers"] = {name: _HEADERS[name] for name in headers}
    return {**described, "content": json_of(body)} if body else described


def refusals(
    types: Iterable[ErrorType], *, has_body: bool, signed_in: bool
) -> dict[str, dict[str, Any]]:
    """Return the response object of each error status.

    Args:
        types: the errors that the operation can return.
        has_body: whether the operation has a body.
        signed_in: whether it needs an access token, which API Gateway itself checks.
    """
    by_gateway = {
        **_ALWAYS,
        **(_WITH_BODY if has_body else {}),
        **(_SIGNED_IN if signed_in else {}),
    }
    reasons: dict[int, list[str]] = {status: [] for status in by_gateway}
    for kind in (*types, *_ANYWHERE):
        reasons.setdefault(HTTP_STATUS[kind], []).append(f"`{kind}`: {_WHEN[kind]}")
    return {
        str(status): _refusal(status, reasons[status], by_gateway.get(status))
        for status in sorted(reasons)
    }


def own_refusals(types: Iterable[ErrorType]) -> dict[str, dict[str, Any]]:
    """Return the response object of each error status of a function that is not behind API Gateway.

    Args:
        types: the errors that the operation can return.
    """
    reasons: dict[int, list[str]] = {}
    for kind in (*types, *_ANYWHERE):
        reasons.setdefault(HTTP_STATUS[kind], []).append(f"`{kind}`: {_WHEN[kind]}")
    return {str(status): _refusal(status, reasons[status], None) for status in sorted(reasons)}


def _refusal(status: int, reasons: list[str], by_gateway: str | None) -> dict[str, Any]:
    headers = ("Retry-After",) if status in _BUSY_STATUSES else ()
    if by_gateway is None:
        return response("; ".join(reasons), ErrorBody, headers)
    described = response("; ".join([*reasons, f"by API Gateway: {by_gateway}"]), None, headers)
    either = [{"$ref": REF.format(name=body.__name__)} for body in (ErrorBody, ApiGatewayRefusal)]
    return {**described, "content": {"application/json": {"schema": {"anyOf": either}}}}


_HEADERS: Final = MappingProxyType(
    {
        "Location": {
            "description": (
                "of a 202: status_url of the body; of a 303: where to wait, relative to the path "
                "of the call"
            ),
            "schema": {"type": "string", "format": "uri-reference"},
            "required": True,
        },
        "Preference-Applied": {
            "description": "how long you can wait there: at most an hour",
            "schema": {"type": "string", "pattern": "^wait=[0-9]+$"},
            "required": True,
        },
        "Retry-After": {
            "description": "seconds to wait; missing in API Gateway's own errors",
            "schema": {"type": "integer", "minimum": 1},
        },
    }
)
