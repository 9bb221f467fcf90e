"""Reads the JSON body of a call; errors name the field and show an example."""

from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from spaces.domain.errors import (
    BodyTooLarge,
    InvalidInput,
    MalformedBody,
    UnsupportedMediaType,
)
from spaces.handlers.rest.headers import headers_of
from spaces_protocol.limits import MAX_BODY_BYTES
from spaces_protocol.nesting import too_deep
from spaces_protocol.wrong_fields import describe_fault

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

T = TypeVar("T")

_JSON: Final = "application/json"
_MAX_SHOWN: Final = 60


def read_body(
    event: "APIGatewayProxyEventV2",
    kind: type[T],
    example: str,
    *,
    if_none: str = "",
    shorten: str = "Shorten its longest field.",
    max_bytes: int = MAX_BODY_BYTES,
) -> T:
    """Return the body as a struct of the contract.

    Args:
        event: The call.
        kind: The type of the body.
        example: A sentence with an example, for error texts.
        if_none: What an empty body stands for.
        shorten: What to do about a body that is too long, for error texts.
        max_bytes: The largest body.

    Raises:
        UnsupportedMediaType, BodyTooLarge, MalformedBody, InvalidInput: The body is not valid.
    """
    if event.body:
        _expect_json(event)
    try:
        return msgspec.json.decode(_text(event, shorten, max_bytes) or if_none, type=kind)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"{describe_fault(error, kind)}. {example}") from error
    except RecursionError as error:
        raise MalformedBody(f"{too_deep('The body')} {example}") from error
    except (msgspec.DecodeError, UnicodeError) as error:
        raise MalformedBody(f"The body is not valid JSON: {error}. {example}") from error


def _expect_json(event: "APIGatewayProxyEventV2") -> None:
    """Raise unless the body is declared as JSON.

    Other pages may send text and forms without a preflight (the Fetch standard's "CORS-safelisted
    request-header") and would submit from their visitor's address. For JSON the browser sends a
    preflight first, which is not allowed.
    """
    given = headers_of(event.raw_event).get("content-type") or ""
    if given.partition(";")[0].strip().lower() == _JSON:
        return
    sent = f"has the type {given[:_MAX_SHOWN]!r}" if given else "has no type"
    raise UnsupportedMediaType(f"The body {sent}. Send JSON with the header Content-Type: {_JSON}.")


def _text(event: "APIGatewayProxyEventV2", shorten: str, max_bytes: int) -> str:
    try:
        body = event.decoded_body or ""
    except UnicodeDecodeError as error:
        raise MalformedBody("The body is not valid UTF-8. Send JSON in UTF-8.") from error
    size = len(body.encode(errors="surrogatepass"))
    if size > max_bytes:
        raise BodyTooLarge(f"The body has {size:,} bytes; the limit is {max_bytes:,}. {shorten}")
    return body
