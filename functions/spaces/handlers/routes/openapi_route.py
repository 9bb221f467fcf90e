"""Path of the API's own description."""

from functools import cache

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.get("/v1/openapi.json")
def get_openapi() -> Response[str]:
    """Show the OpenAPI 3.1 description of this API."""
    return Response(
        status_code=200,
        content_type="application/json",
        body=_text(),
        headers={"Cache-Control": "public, max-age=300"},
    )


@cache
def _text() -> str:
    import msgspec  # noqa: PLC0415 - only this path pays for the schema's making

    from spaces.handlers.rest.openapi import openapi_document  # noqa: PLC0415

    return msgspec.json.encode(openapi_document()).decode()
