"""The OpenAPI 3.1 description of the REST API, its schemas taken from the contract itself."""

from typing import Any, Final

import msgspec

from spaces_protocol.limits import MAX_BODY_BYTES, PROTOCOL_VERSION, SPACE_PATTERN
from spaces_protocol.rest_bodies import (
    AcceptedRequest,
    ErrorBody,
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

_BODIES: Final = (
    SpaceList,
    SpaceView,
    Submission,
    NewUpload,
    UploadAddress,
    NamedMultipart,
    MultipartUpload,
    AcceptedRequest,
    RequestStatus,
    RequestResult,
    ErrorBody,
    Me,
    HistoryList,
)
_REF: Final = "#/components/schemas/{name}"


def openapi_document() -> dict[str, Any]:
    """Return the description; see https://spec.openapis.org/oas/v3.1.0."""
    _, schemas = msgspec.json.schema_components(_BODIES, ref_template=_REF)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "WebSocket Spaces",
            "version": str(PROTOCOL_VERSION),
            "description": "Submit requests to spaces and fetch their results.",
        },
        "servers": [{"url": "/"}],
        "paths": _paths(),
        "components": {"schemas": schemas},
    }


def _paths() -> dict[str, Any]:
    space = _parameter("space", {"type": "string", "pattern": SPACE_PATTERN})
    request = _parameter("request_id", {"type": "string"})
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "The same key and input find the same request again for 24 hours.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    }
    after = {
        "name": "after",
        "in": "query",
        "required": False,
        "description": "partial.next_after of the last answer; missing for all text so far",
        "schema": {"type": "string"},
    }
    one = "/v1/spaces/{space}/requests/{request_id}"
    return {
        "/v1/spaces": {
            "get": _operation(
                "listSpaces", "Public spaces with their live state", [], {200: SpaceList}
            )
        },
        "/v1/spaces/{space}": {
            "get": _operation(
                "getSpace", "One space with its live state", [space], {200: SpaceView}
            )
        },
        "/v1/spaces/{space}/requests": {
            "post": {
                **_operation(
                    "submitRequest",
                    f"Submit a request; the body has at most {MAX_BODY_BYTES} bytes",
                    [space, key],
                    {202: AcceptedRequest},
                ),
                "requestBody": {"required": True, "content": _json(Submission)},
            }
        },
        "/v1/me": {
            "get": _operation(
                "getMe", "Who has signed in; only with an access token", [], {200: Me}
            )
        },
        "/v1/me/requests": {
            "get": _operation(
                "listHistory",
                "The caller's own requests; only with an access token",
                [_query("cursor"), _query("space"), _query("q")],
                {200: HistoryList},
            )
        },
        "/v1/me/requests/{request_id}": {
            "delete": _operation(
                "deleteOwnRequest", "Delete an ended request of one's own", [request], {204: None}
            )
        },
        "/v1/uploads": {
            "post": {
                **_operation(
                    "beginUpload",
                    "Where to post a file, or to put its parts",
                    [],
                    {201: UploadAddress},
                ),
                "requestBody": {"required": True, "content": _json(NewUpload)},
            }
        },
        **_parts_paths(),
        f"{one}/status": {
            "get": _operation(
                "getRequestStatus",
                "Where a request stands",
                [space, request, after],
                {200: RequestStatus},
            )
        },
        f"{one}/cancel": {
            "put": _operation(
                "cancelRequest",
                "Cancel a request; 202 if its worker has been told to stop",
                [space, request],
                {200: RequestStatus, 202: RequestStatus},
            )
        },
        one: {
            "get": _operation(
                "getRequestResult",
                "How a request ended; 202 until it has",
                [space, request],
                {200: RequestResult, 202: RequestResult},
            ),
            "delete": _operation(
                "deleteRequest",
                "Delete an ended request with its files; somebody's only as its owner",
                [space, request],
                {204: None},
            ),
        },
    }


def _parts_paths() -> dict[str, Any]:
    upload = _parameter("upload_id", {"type": "string"})
    steps: dict[str, tuple[str, str, dict[int, type[msgspec.Struct] | None]]] = {
        "parts": (
            "missingParts",
            "Where to put the parts that are missing",
            {200: MultipartUpload},
        ),
        "complete": ("completeUpload", "Make a file of its parts", {204: None}),
        "abort": ("abortUpload", "Throw away what has arrived of a file in parts", {204: None}),
    }
    return {
        f"/v1/uploads/{{upload_id}}/{step}": {
            "post": {
                **_operation(name, summary, [upload], answers),
                "requestBody": {"required": True, "content": _json(NamedMultipart)},
            }
        }
        for step, (name, summary, answers) in steps.items()
    }


def _operation(
    name: str, summary: str, parameters: list[Any], answers: dict[int, type[msgspec.Struct] | None]
) -> dict[str, Any]:
    responses: dict[str, Any] = {
        str(status): {"description": summary, **({"content": _json(body)} if body else {})}
        for status, body in answers.items()
    }
    responses["default"] = {"description": "An error", "content": _json(ErrorBody)}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": responses,
    }


def _query(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _json(body: type[msgspec.Struct]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REF.format(name=body.__name__)}}}
