"""Waiting for a request: calls that last, apart from all others."""

from typing import Any

from spaces.handlers.rest.app import make_app, resolve
from spaces.handlers.routes import wait_routes

app = make_app(wait_routes.router, described_in="/v1/openapi.json")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
    """Respond to one HTTP call."""
    return resolve(app, event, context)
