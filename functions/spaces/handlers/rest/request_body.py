"""Reads the JSON body of a call; what is wrong with it is told with the field and an example."""

from typing import Final, TypeVar

import msgspec
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from spaces.domain.errors import (
    BodyTooLarge,
    InvalidInput,
    MalformedBody,
    UnsupportedMediaType,
)
from spaces_protocol.limits import MAX_BODY_BYTES
from spaces_protocol.wrong_fields import describe_fault

T = TypeVar("T")

_JSON: Final = "application/json"
_MAX_SHOWN: Final = 60


def read_body(
    event: APIGatewayProxyEventV2,
    kind: type[T],
    example: str,
    *,
    if_none: str = "",
    shorten: str = "Shorten its longest field.",
) -> T:
    """Return the body as a struct of the contract.

    Args:
        event: the call.
        kind: what the body must be.
        example: a sentence that shows one, for who sent something else.
        if_none: what an empty body stands for.
        shorten: what to do about a body that is too long.

    Raises:
        UnsupportedMediaType, BodyTooLarge, MalformedBody, InvalidInput: as their names say.
    """
    if event.body:
        _expect_json(event)
    try:
        return msgspec.json.decode(_text(event, shorten) or if_none, type=kind)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"{describe_fault(error, kind)}. {example}") from error
    except RecursionError as error:
        raise MalformedBody(f"The body is nested too deep. {example}") from error
    except (msgspec.DecodeError, UnicodeError) as error:
        raise MalformedBody(f"The body is no JSON: {error}. {example}") from error


def _expect_json(event: APIGatewayProxyEventV2) -> None:
    """Raise unless the body says that it is JSON.

    A page elsewhere may send text and forms without asking (the Fetch standard's "CORS-safelisted
    request-header"), and would submit with its visitor's address; for JSON the browser asks first,
    and is not answered.
    """
    headers = {name.lower(): value for name, value in event.headers.items()}
    given = headers.get("content-type") or ""
    if given.partition(";")[0].strip().lower() == _JSON:
        return
    came = f"came as {given[:_MAX_SHOWN]!r}" if given else "came without a type"
    raise UnsupportedMediaType(f"The body {came}. Send JSON with the header Content-Type: {_JSON}.")


def _text(event: APIGatewayProxyEventV2, shorten: str) -> str:
    try:
        body = event.decoded_body or ""
    except UnicodeDecodeError as error:
        raise MalformedBody("The body is no text; send JSON in UTF-8.") from error
    size = len(body.encode(errors="surrogatepass"))
    if size > MAX_BODY_BYTES:
        raise BodyTooLarge(
            f"The body has {size:,} bytes; at most {MAX_BODY_BYTES:,} are taken. {shorten}"
        )
    return body
