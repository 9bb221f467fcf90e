"""The route of the API description."""

from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from spaces.handlers.rest.call import Call, Response
from spaces.handlers.rest.router import Router

router = Router()

DESCRIPTION: Final = Path(__file__).with_name("openapi.json")
"""Written by ``make openapi`` from the contract; a test compares the two."""


@router.get("/v1/openapi.json")
def get_openapi(_call: Call) -> Response:
    """Show the OpenAPI 3.1 description of this API."""
    headers = {"Content-Type": "application/json", "Cache-Control": "public, max-age=300"}
    return Response(200, _description(), headers)


@cache
def _description() -> str:
    return msgspec.json.format(DESCRIPTION.read_bytes(), indent=-1).decode()
