"""The OpenAPI 3.1 description of the REST API, with schemas from the contract itself."""

from typing import Any, Final

from infra.openapi.paths import ACCESS_TOKEN, API_KEY, bodies, paths
from infra.openapi.responses import REF
from infra.openapi.schemas import schemas_of
from infra.openapi.stream_path import event_bodies
from spaces_protocol.limits import PROTOCOL_VERSION
from spaces_protocol.rest_bodies import ApiGatewayRefusal, ErrorBody

_ABOUT: Final = """\
Submit requests to spaces and fetch their results.

Signed-in users call spaces and uploads under `/v1/me`. Status, result and cancel need only the \
request's id. HEAD responds as GET does, without a body. Any other path or method responds with \
404 `not_found`. Ignore unknown fields, because later versions may add some. \
The administration (`/v1/admin`) is described only in docs/api.md. The paths below `/openai/v1` \
take and return what the OpenAI API does, so OpenAI's own description holds for their bodies; \
docs/openai.md lists the paths, and where they differ."""
_CREDENTIALS: Final = {
    API_KEY: {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, `wsk_…`, for the spaces it was created for.",
    },
    ACCESS_TOKEN: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token from the sign-in.",
    },
}


def openapi_document() -> dict[str, Any]:
    """Return the description; see https://spec.openapis.org/oas/v3.1.0."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "WebSocket Spaces",
            "version": str(PROTOCOL_VERSION),
            "description": _ABOUT,
        },
        "servers": [{"url": "/"}],
        "paths": paths(),
        "components": {
            "schemas": schemas_of(
                dict.fromkeys([*bodies(), *event_bodies(), ErrorBody, ApiGatewayRefusal]), REF
            ),
            "securitySchemes": _CREDENTIALS,
        },
    }
