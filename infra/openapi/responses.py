"""The answers of the OpenAPI description: what a call may get, with which headers, and when."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any, Final

import msgspec

from spaces_protocol.errors import HTTP_STATUS, ErrorType
from spaces_protocol.rest_bodies import ApiGatewayRefusal, ErrorBody

REF: Final = "#/components/schemas/{name}"

_WHEN: Final = MappingProxyType(
    {
        ErrorType.MALFORMED_BODY: "the body is no JSON",
        ErrorType.UNAUTHORIZED: "the credential is wrong, has expired or was revoked",
        ErrorType.NOT_ALLOWED: "the request is somebody else's",
        ErrorType.UNKNOWN_SPACE: "there is no such space, or you may not use it",
        ErrorType.REQUEST_NOT_FOUND: "there is no such request, or it is no longer kept",
        ErrorType.SPACE_DISABLED: "the space takes nothing at present, or is being deleted",
        ErrorType.ALREADY_ENDED: "the request has ended otherwise, so nothing is to be cancelled",
        ErrorType.STILL_RUNNING: "the request has not ended; cancel it first",
        ErrorType.UPLOAD_INCOMPLETE: "parts of the file have not arrived; it names them",
        ErrorType.REQUEST_EXPIRED: "the request is no longer kept",
        ErrorType.PROMPT_TOO_LARGE: "the prompt is longer than limits.max_prompt_bytes",
        ErrorType.BODY_TOO_LARGE: "the body is longer than any is taken",
        ErrorType.FILE_TOO_LARGE: "the file is larger than files.max_file_bytes",
        ErrorType.UNSUPPORTED_MEDIA_TYPE: "the body came without Content-Type: application/json",
        ErrorType.INVALID_INPUT: "a field has a value that it cannot have; it is named",
        ErrorType.FILE_TYPE_REFUSED: "the file is of no type in files.accept",
        ErrorType.UPLOAD_MISSING: "a file was not uploaded, or not to this space",
        ErrorType.IDEMPOTENCY_KEY_REUSED: "the same Idempotency-Key came with another input",
        ErrorType.QUEUE_FULL: "as many wait as the space allows",
        ErrorType.RATE_LIMITED: "a limit of the caller or of the space is reached; it is named",
        ErrorType.BUSY: "too many changed the same at once",
        ErrorType.NO_WORKER: "no worker is connected, and the space lets nothing wait for one",
        ErrorType.INTERNAL: "something went wrong here; it has an id to quote",
    }
)
_ALWAYS: Final = MappingProxyType(
    {429: "too many calls", 500: "a function failed", 503: "a function was too slow"}
)
_WITH_BODY: Final = MappingProxyType({413: "the body is longer than 10 MB"})
_SIGNED_IN: Final = MappingProxyType(
    {401: "the access token is missing, wrong or has expired", 403: "it is no access token"}
)
_BUSY_STATUSES: Final = (429, 503)


def json_of(body: type[msgspec.Struct], example: Any = None) -> dict[str, Any]:  # noqa: ANN401
    """Return the content of a body of this type."""
    schema = {"$ref": REF.format(name=body.__name__)}
    return {"application/json": {"schema": schema, **({"example": example} if example else {})}}


def answer(
    description: str, body: type[msgspec.Struct] | None, headers: Iterable[str] = ()
) -> dict[str, Any]:
    """Return the description of one answer."""
    told: dict[str, Any] = {"description": description}
    if headers:
        told["headers"] = {name: _HEADERS[name] for name in headers}
    return {**told, "content": json_of(body)} if body else told


def refusals(
    types: Iterable[ErrorType], *, has_body: bool, signed_in: bool
) -> dict[str, dict[str, Any]]:
    """Return the description of each status that refuses a call.

    Args:
        types: of errors that the call may meet.
        has_body: whether it has one.
        signed_in: whether it takes an access token, which API Gateway itself checks.
    """
    by_gateway = {
        **_ALWAYS,
        **(_WITH_BODY if has_body else {}),
        **(_SIGNED_IN if signed_in else {}),
    }
    reasons: dict[int, list[str]] = {status: [] for status in by_gateway}
    for kind in (*types, ErrorType.INTERNAL):
        reasons.setdefault(HTTP_STATUS[kind], []).append(f"`{kind}`: {_WHEN[kind]}")
    return {
        str(status): _refusal(status, reasons[status], by_gateway.get(status))
        for status in sorted(reasons)
    }


def _refusal(status: int, reasons: list[str], by_gateway: str | None) -> dict[str, Any]:
    headers = ("Retry-After",) if status in _BUSY_STATUSES else ()
    if by_gateway is None:
        return answer("; ".join(reasons), ErrorBody, headers)
    told = answer("; ".join([*reasons, f"by API Gateway: {by_gateway}"]), None, headers)
    either = [{"$ref": REF.format(name=body.__name__)} for body in (ErrorBody, ApiGatewayRefusal)]
    return {**told, "content": {"application/json": {"schema": {"anyOf": either}}}}


_HEADERS: Final = MappingProxyType(
    {
        "Location": {
            "description": "status_url of the body",
            "schema": {"type": "string", "format": "uri-reference"},
            "required": True,
        },
        "Retry-After": {
            "description": "seconds; API Gateway's own refusals have none",
            "schema": {"type": "integer", "minimum": 1},
        },
    }
)
