"""The OpenAPI 3.1 description of the REST API, its schemas taken from the contract itself."""

from typing import Any, Final

from infra.openapi.paths import ACCESS_TOKEN, API_KEY, bodies, paths
from infra.openapi.responses import REF
from infra.openapi.schemas import schemas_of
from spaces_protocol.limits import PROTOCOL_VERSION
from spaces_protocol.rest_bodies import ApiGatewayRefusal, ErrorBody

_ABOUT: Final = """\
Submit requests to spaces and fetch their results.

Signed-in people make the calls about spaces and uploads below `/v1/me`; status, result and cancel \
need nothing but the request's id. HEAD answers what GET would, without its body; any other path \
or method is 404 `not_found`. Ignore fields that you do not know: more may come. \
Administration (`/v1/admin`) is described in docs/api.md only."""
_CREDENTIALS: Final = {
    API_KEY: {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, `wsk_…`: it is for the spaces that it names.",
    },
    ACCESS_TOKEN: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token of the sign-in.",
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
            "schemas": schemas_of([*bodies(), ErrorBody, ApiGatewayRefusal], REF),
            "securitySchemes": _CREDENTIALS,
        },
    }
