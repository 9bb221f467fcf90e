"""The route of the API description."""

from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]

DESCRIPTION: Final = Path(__file__).with_name("openapi.json")
"""Written by ``make openapi`` from the contract; a test compares the two."""


@router.get("/v1/openapi.json")
def get_openapi() -> Response[str]:
    """Show the OpenAPI 3.1 description of this API."""
    return Response(
        status_code=200,
        content_type="application/json",
        body=_description(),
        headers={"Cache-Control": "public, max-age=300"},
    )


@cache
def _description() -> str:
    return msgspec.json.format(DESCRIPTION.read_bytes(), indent=-1).decode()
