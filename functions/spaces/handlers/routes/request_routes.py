"""Paths about requests."""

from typing import Final

import msgspec
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from spaces.bootstrap import gateway
from spaces.domain.errors import BodyTooLarge, InvalidInput, MalformedBody, RequestNotFound
from spaces.handlers.rest_answers import respond, retry_after
from spaces.observability import logger
from spaces.services.cancel_request import cancel_request
from spaces.services.submit_request import submit_request
from spaces.services.view_request import request_status
from spaces.services.view_result import request_result, view_accepted
from spaces_protocol.limits import MAX_BODY_BYTES, MAX_PROMPT_BYTES
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import Submission

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]

MAX_KEY_CHARS: Final = 255
_EXAMPLE: Final = 'Send {"input": {"prompt": "…"}}.'


@router.post("/v1/spaces/<space>/requests")
def post_request(space: str) -> Response[str]:
    """Accept a request: 202 with its id and addresses."""
    submission = _submission()
    key = _idempotency_key()
    accepted = submit_request(gateway(), space, submission.input, idempotency_key=key)
    body = view_accepted(accepted, gateway().now())
    logger.info("request_accepted", extra={"request_id": body.request_id})
    return respond(202, body, {"Location": body.status_url, **retry_after(body.retry_after_ms)})


@router.get("/v1/spaces/<space>/requests/<request_id>/status")
def get_request_status(space: str, request_id: str) -> Response[str]:
    """Show where a request stands; always 200."""
    return respond(200, request_status(gateway(), _request_id(space, request_id)))


@router.get("/v1/spaces/<space>/requests/<request_id>")
def get_request_result(space: str, request_id: str) -> Response[str]:
    """Show how a request ended; 202 until it has."""
    result = request_result(gateway(), _request_id(space, request_id))
    if result.retry_after_ms is None:
        return respond(200, result)
    return respond(202, result, retry_after(result.retry_after_ms))


@router.put("/v1/spaces/<space>/requests/<request_id>/cancel")
def cancel(space: str, request_id: str) -> Response[str]:
    """Cancel a request: 200, or 202 if its worker has been told to stop."""
    named = _request_id(space, request_id)
    was_running = cancel_request(gateway(), named)
    return respond(202 if was_running else 200, request_status(gateway(), named))


def _submission() -> Submission:
    try:
        return msgspec.json.decode(_body(), type=Submission)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"{error}. {_EXAMPLE}") from error
    except RecursionError as error:
        raise MalformedBody(f"The body is nested too deep. {_EXAMPLE}") from error
    except (msgspec.DecodeError, UnicodeError) as error:
        raise MalformedBody(f"The body is no JSON: {error}. {_EXAMPLE}") from error


def _body() -> str:
    body = router.current_event.decoded_body or ""
    size = len(body.encode(errors="surrogatepass"))
    if size > MAX_BODY_BYTES:
        raise BodyTooLarge(
            f"The body has {size:,} bytes; at most {MAX_BODY_BYTES:,} are taken. "
            f"Shorten input.prompt; no space takes more than {MAX_PROMPT_BYTES:,} bytes."
        )
    return body


def _idempotency_key() -> str | None:
    key = {name.lower(): value for name, value in router.current_event.headers.items()}.get(
        "idempotency-key"
    )
    if key is not None and not 0 < len(key) <= MAX_KEY_CHARS:
        raise InvalidInput(f"Idempotency-Key must have 1 to {MAX_KEY_CHARS} characters.")
    return key


def _request_id(space: str, text: str) -> RequestId:
    request_id = RequestId.parse(text)
    if request_id is None or request_id.space != space:
        raise RequestNotFound("There is no such request. Check the address.")
    return request_id
