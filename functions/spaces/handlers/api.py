"""The REST API: the HTTP API's one function."""

from typing import Any

from spaces.handlers.rest.app import make_app, resolve
from spaces.handlers.rest.caller import user_of
from spaces.handlers.routes import (
    me_routes,
    openapi_route,
    request_routes,
    space_routes,
    upload_routes,
    webhook_routes,
)

_SHARED = ("/v1/me/spaces", "/v1/me/uploads")

app = make_app(
    me_routes.router,
    space_routes.router,
    request_routes.router,
    upload_routes.router,
    webhook_routes.router,
    openapi_route.router,
    described_in="/v1/openapi.json",
)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
    """Respond to one HTTP call."""
    return resolve(app, _without_me(event), context)


def _without_me(event: dict[str, Any]) -> dict[str, Any]:
    """Route a signed-in user's path to the handler of the same path without ``/me``.

    The authorizer, not the path, says who calls.
    """
    path = event["rawPath"]
    if not path.startswith(_SHARED) or user_of(event) is None:
        return event
    return {**event, "rawPath": path.replace("/me", "", 1)}
