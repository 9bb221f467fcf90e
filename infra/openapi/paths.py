"""The operations of the OpenAPI description."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from infra.openapi.responses import json_of, refusals, response
from infra.openapi.stream_path import stream_operation
from spaces_protocol.errors import ErrorType
from spaces_protocol.limits import (
    HOLD_SECONDS,
    MAX_SUBMIT_BYTES,
    MAX_WAIT_SECONDS,
    SPACE_PATTERN,
)
from spaces_protocol.rest_bodies import (
    AcceptedRequest,
    HistoryList,
    Me,
    MultipartUpload,
    NamedMultipart,
    NewUpload,
    RequestResult,
    RequestStatus,
    SpaceList,
    SpaceView,
    Submission,
    UploadAddress,
)
from spaces_protocol.webhook_bodies import WebhookSecret, WebhookView

API_KEY: Final = "apiKey"
ACCESS_TOKEN: Final = "accessToken"  # noqa: S105 - a name, not a secret
TAGS: Final = {"key": "anyone", "id": "anyone", "person": "signed in"}


class _Call(Struct, frozen=True, kw_only=True):
    """One operation.

    Attributes:
        name: the operation id, for programs.
        summary: a short description, for people.
        responses: the body of each success, by status.
        errors: the errors it can return.
        parameters: parameters in path, query and headers.
        headers: response headers by status.
        body: the required body.
        example: an example of the body.
        caller: anyone or an API key (``key``), anyone who knows the id (``id``), or a signed-in
            user (``person``).
    """

    name: str
    summary: str
    responses: Mapping[int, type[Struct] | None]
    errors: tuple[ErrorType, ...] = ()
    parameters: tuple[dict[str, Any], ...] = ()
    headers: Mapping[int, tuple[str, ...]] = {}
    body: type[Struct] | None = None
    example: dict[str, Any] | None = None
    caller: Literal["key", "id", "person"] = "key"

    def as_person(self) -> "_Call":
        """Return the same operation for a signed-in user."""
        return replace(self, name=f"{self.name}AsMe", caller="person")


def _path(name: str, schema: dict[str, Any], words: str) -> dict[str, Any]:
    about = {"name": name, "in": "path", "required": True, "description": words}
    return {**about, "schema": {"type": "string", **schema}}


def _query(name: str, words: str) -> dict[str, Any]:
    about = {"name": name, "in": "query", "required": False, "description": words}
    return {**about, "schema": {"type": "string"}}


_SPACE: Final = _path("space", {"pattern": SPACE_PATTERN}, "name of the space")
_REQUEST: Final = _path("request_id", {}, "request_id from the response to the submit")
_UPLOAD: Final = _path("upload_id", {}, "upload_id from the response that began the upload")
_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "For 24 hours, the same key with the same input returns the same request.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}
_AFTER: Final = _query(
    "after", "partial.next_after from the last response; omit it to get all text so far"
)
_DELTAS: Final = _query(
    "deltas", "true adds partial.chunks: the new chunks one by one, with the deltas of a call"
)

_PREFER: Final = {
    "name": "Prefer",
    "in": "header",
    "required": False,
    "description": (
        "`wait=` a number of seconds (RFC 7240): the response is 303 to where you wait for the "
        "result; a client that follows redirects gets the result itself."
    ),
    "schema": {"type": "string"},
}
_SECONDS: Final = {
    "name": "seconds",
    "in": "query",
    "required": False,
    "description": (
        f"how long to wait; a call lasts at most {HOLD_SECONDS} seconds, after which a redirect "
        "leads to the rest"
    ),
    "schema": {"type": "integer", "minimum": 0, "maximum": MAX_WAIT_SECONDS},
}

_OF_BODY: Final = (
    ErrorType.MALFORMED_BODY,
    ErrorType.BODY_TOO_LARGE,
    ErrorType.UNSUPPORTED_MEDIA_TYPE,
    ErrorType.INVALID_INPUT,
)
_OF_SPACE: Final = (ErrorType.UNAUTHORIZED, ErrorType.UNKNOWN_SPACE)
_OF_UPLOAD: Final = (*_OF_BODY, *_OF_SPACE, ErrorType.SPACE_DISABLED, ErrorType.FILE_TOO_LARGE)
_OF_REQUEST: Final = (ErrorType.REQUEST_NOT_FOUND, ErrorType.REQUEST_EXPIRED)

_LIST: Final = _Call(
    name="listSpaces",
    summary="List the spaces that the caller may use, with their live state",
    responses={200: SpaceList},
    errors=(ErrorType.UNAUTHORIZED,),
)
_VIEW: Final = _Call(
    name="getSpace",
    summary="Get a space with its live state",
    responses={200: SpaceView},
    errors=_OF_SPACE,
    parameters=(_SPACE,),
)
_SUBMIT: Final = _Call(
    name="submitRequest",
    summary=f"Submit a request; the body has at most {MAX_SUBMIT_BYTES:,} bytes",
    responses={202: AcceptedRequest, 303: AcceptedRequest},
    errors=(
        *_OF_BODY,
        *_OF_SPACE,
        ErrorType.NOT_ALLOWED,
        ErrorType.SPACE_DISABLED,
        ErrorType.INPUT_TOO_LARGE,
        ErrorType.ENDPOINT_NOT_SERVED,
        ErrorType.FILE_TOO_LARGE,
        ErrorType.FILE_TYPE_REFUSED,
        ErrorType.UPLOAD_MISSING,
        ErrorType.IDEMPOTENCY_KEY_REUSED,
        ErrorType.QUEUE_FULL,
        ErrorType.RATE_LIMITED,
        ErrorType.NO_WORKER,
    ),
    parameters=(_SPACE, _KEY, _PREFER),
    headers={
        202: ("Location", "Retry-After"),
        303: ("Location", "Preference-Applied"),
    },
    body=Submission,
    example={"input": {"prompt": "Hello?"}},
)
_ANNOUNCE: Final = _Call(
    name="beginUpload",
    summary="Begin an upload: returns where to POST a file or PUT its parts",
    responses={201: UploadAddress},
    errors=(*_OF_UPLOAD, ErrorType.FILE_TYPE_REFUSED, ErrorType.RATE_LIMITED),
    body=NewUpload,
    example={
        "space": "transcribe",
        "name": "hello.wav",
        "content_type": "audio/wav",
        "size": 32_044,
    },
)
_PARTS: Final = _Call(
    name="missingParts",
    summary="Get URLs for the missing parts of an upload",
    responses={200: MultipartUpload},
    errors=(*_OF_UPLOAD, ErrorType.UPLOAD_MISSING),
    parameters=(_UPLOAD,),
    body=NamedMultipart,
)
_COMPLETE: Final = _Call(
    name="completeUpload",
    summary="Complete an upload in parts",
    responses={204: None},
    errors=(*_PARTS.errors, ErrorType.UPLOAD_INCOMPLETE),
    parameters=(_UPLOAD,),
    body=NamedMultipart,
)
_ABORT: Final = _Call(
    name="abortUpload",
    summary="Abort an upload in parts and discard them",
    responses={204: None},
    errors=_OF_UPLOAD,
    parameters=(_UPLOAD,),
    body=NamedMultipart,
)
_STATUS: Final = _Call(
    name="getRequestStatus",
    summary="Get the status of a request",
    responses={200: RequestStatus},
    errors=(*_OF_REQUEST, ErrorType.INVALID_INPUT),
    parameters=(_SPACE, _REQUEST, _AFTER, _DELTAS),
    caller="id",
)
_RESULT: Final = _Call(
    name="getRequestResult",
    summary="Get the result of a request; 202 until it has ended",
    responses={200: RequestResult, 202: RequestResult},
    errors=_OF_REQUEST,
    parameters=(_SPACE, _REQUEST),
    headers={202: ("Retry-After",)},
    caller="id",
)
_WAIT: Final = _Call(
    name="waitForRequest",
    summary="Get the result of a request once it has ended; 202 when the time is over",
    responses={200: RequestResult, 202: RequestResult, 303: RequestResult},
    errors=(*_OF_REQUEST, ErrorType.INVALID_INPUT),
    parameters=(_SPACE, _REQUEST, _SECONDS),
    headers={202: ("Retry-After",), 303: ("Location",)},
    caller="id",
)
_CANCEL: Final = _Call(
    name="cancelRequest",
    summary="Cancel a request; 202 if its worker was asked to stop",
    responses={200: RequestStatus, 202: RequestStatus},
    errors=(*_OF_REQUEST, ErrorType.ALREADY_ENDED),
    parameters=(_SPACE, _REQUEST),
    caller="id",
)
_DELETE: Final = _Call(
    name="deleteRequest",
    summary="Delete a finished request and its files; a signed-in user's only as its owner",
    responses={204: None},
    errors=(
        ErrorType.UNAUTHORIZED,
        ErrorType.NOT_ALLOWED,
        ErrorType.REQUEST_NOT_FOUND,
        ErrorType.STILL_RUNNING,
    ),
    parameters=(_SPACE, _REQUEST),
)
_SECRET: Final = _Call(
    name="getWebhookSecret",
    summary="Get the secret with which webhooks of this API key are signed",
    responses={200: WebhookSecret},
    errors=(ErrorType.UNAUTHORIZED, ErrorType.NOT_ALLOWED),
)
_WEBHOOK: Final = _Call(
    name="getWebhook",
    summary="Get how far the webhook of a request is; only with the API key that asked for it",
    responses={200: WebhookView},
    errors=(ErrorType.UNAUTHORIZED, ErrorType.NOT_ALLOWED, ErrorType.REQUEST_NOT_FOUND),
    parameters=(_SPACE, _REQUEST),
)
_REPEAT: Final = replace(
    _WEBHOOK,
    name="repeatWebhook",
    summary="Send the webhook of an ended request again",
    responses={202: WebhookView},
    errors=(*_WEBHOOK.errors, ErrorType.STILL_RUNNING),
)
_ME: Final = _Call(
    name="getMe",
    summary="Get the signed-in user",
    responses={200: Me},
    errors=(ErrorType.UNAUTHORIZED,),
    caller="person",
)
_HISTORY: Final = _Call(
    name="listHistory",
    summary="List the caller's own requests, newest first",
    responses={200: HistoryList},
    errors=(ErrorType.UNAUTHORIZED, ErrorType.INVALID_INPUT),
    parameters=(
        _query("cursor", "next_cursor from the last response; omit it for the newest"),
        _query("space", "only requests of this space"),
        _query("q", "only requests with these words in the first 200 characters of the prompt"),
    ),
    caller="person",
)
_DELETE_OWN: Final = replace(
    _DELETE,
    name="deleteOwnRequest",
    summary="Delete one of your own finished requests",
    parameters=(_REQUEST,),
    caller="person",
)

_SHARED: Final = {
    "/spaces": {"get": _LIST},
    "/spaces/{space}": {"get": _VIEW},
    "/spaces/{space}/requests": {"post": _SUBMIT},
    "/uploads": {"post": _ANNOUNCE},
    "/uploads/{upload_id}/parts": {"post": _PARTS},
    "/uploads/{upload_id}/complete": {"post": _COMPLETE},
    "/uploads/{upload_id}/abort": {"post": _ABORT},
}
"""Operations that exist for signed-in users under ``/v1/me`` with the same responses."""
_ONE: Final = "/v1/spaces/{space}/requests/{request_id}"
STREAM: Final = "/v1/stream/spaces/{space}/requests/{request_id}"


def paths() -> dict[str, Any]:
    """Return all operations by path and method."""
    described = {
        path: {method: _operation(call) for method, call in methods.items()}
        for path, methods in _calls().items()
    }
    return {**described, STREAM: {"get": stream_operation(_SPACE, _REQUEST)}}


def bodies() -> list[type[Struct]]:
    """Return the type of each request and response body, once."""
    calls = [call for methods in _calls().values() for call in methods.values()]
    named = [body for call in calls for body in (call.body, *call.responses.values())]
    return list(dict.fromkeys(body for body in named if body is not None))


def _calls() -> dict[str, dict[str, _Call]]:
    return {
        **{f"/v1{path}": methods for path, methods in _SHARED.items()},
        _ONE: {"get": _RESULT, "delete": _DELETE},
        f"{_ONE}/status": {"get": _STATUS},
        f"{_ONE}/wait": {"get": _WAIT},
        f"{_ONE}/cancel": {"put": _CANCEL},
        f"{_ONE}/webhook": {"get": _WEBHOOK, "post": _REPEAT},
        "/v1/webhook-secret": {"get": _SECRET},
        "/v1/me": {"get": _ME},
        **{
            f"/v1/me{path}": {method: call.as_person() for method, call in methods.items()}
            for path, methods in _SHARED.items()
        },
        "/v1/me/requests": {"get": _HISTORY},
        "/v1/me/requests/{request_id}": {"delete": _DELETE_OWN},
    }


def _operation(call: _Call) -> dict[str, Any]:
    successes = {
        str(status): response(call.summary, body, call.headers.get(status, ()))
        for status, body in call.responses.items()
    }
    refused = refusals(
        call.errors, has_body=call.body is not None, signed_in=call.caller == "person"
    )
    operation: dict[str, Any] = {
        "operationId": call.name,
        "summary": call.summary,
        "tags": [TAGS[call.caller]],
        "security": _SECURITY[call.caller],
        "parameters": list(call.parameters),
        "responses": {**successes, **refused},
    }
    if call.body is not None:
        operation["requestBody"] = {"required": True, "content": json_of(call.body, call.example)}
    return operation


_SECURITY: Final[dict[str, list[dict[str, list[str]]]]] = {
    "key": [{}, {API_KEY: []}],
    "id": [],
    "person": [{ACCESS_TOKEN: []}],
}
