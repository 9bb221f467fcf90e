"""Routes for requests."""

from typing import Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from spaces.bootstrap import gateway
from spaces.domain.errors import InvalidInput
from spaces.domain.request_options import options_of
from spaces.handlers.rest.caller import caller_of
from spaces.handlers.rest.headers import headers_of
from spaces.handlers.rest.prefer_header import preferred_wait
from spaces.handlers.rest.request_body import read_body
from spaces.handlers.rest.request_ids import read_id, wait_location
from spaces.handlers.rest.responses import no_content, respond, respond_result, retry_after
from spaces.services.requests.cancel_request import cancel_request
from spaces.services.requests.delete_request import delete_request
from spaces.services.requests.stream_text import read_cursor
from spaces.services.requests.submit_request import submit_request
from spaces.services.requests.view_request import request_status
from spaces.services.requests.view_result import request_result, view_accepted
from spaces_protocol.limits import MAX_IDEMPOTENCY_KEY_CHARS, MAX_INPUT_BYTES, MAX_SUBMIT_BYTES
from spaces_protocol.rest_bodies import Submission

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]

_SHORTEN: Final = (
    f"Shorten input (no space accepts more than {MAX_INPUT_BYTES:,} bytes), or send it as a file."
)
_EXAMPLE: Final = 'Send {"input": {"prompt": "…"}}.'


@router.post("/v1/spaces/<space>/requests")
def post_request(space: str) -> Response[str]:
    """Accept a request: 202 with its id and URLs, or 303 to where the caller waits for it."""
    submission = read_body(
        router.current_event, Submission, _EXAMPLE, shorten=_SHORTEN, max_bytes=MAX_SUBMIT_BYTES
    )
    key = _idempotency_key()
    caller = caller_of(router.current_event.raw_event)
    accepted = submit_request(
        gateway(),
        space,
        submission.input,
        options=options_of(submission, _header("traceparent")),
        idempotency_key=key,
        caller=caller,
    )
    body = view_accepted(accepted, gateway().now())
    seconds = preferred_wait(_header("prefer"))
    if seconds:
        there = wait_location(router.current_event, accepted.request.request_id, seconds)
        return respond(303, body, {"Location": there, "Preference-Applied": f"wait={seconds}"})
    return respond(202, body, {"Location": body.status_url, **retry_after(body.retry_after_ms)})


@router.get("/v1/spaces/<space>/requests/<request_id>/status")
def get_request_status(space: str, request_id: str) -> Response[str]:
    """Show the status of a request; always 200."""
    asked = router.current_event.query_string_parameters
    after, with_chunks = read_cursor(asked.get("after")), asked.get("deltas") == "true"
    named = read_id(request_id, space)
    return respond(200, request_status(gateway(), named, after=after, with_chunks=with_chunks))


@router.get("/v1/spaces/<space>/requests/<request_id>")
def get_request_result(space: str, request_id: str) -> Response[str]:
    """Show the result of a request; 202 until it has ended."""
    return respond_result(request_result(gateway(), read_id(request_id, space)))


@router.delete("/v1/spaces/<space>/requests/<request_id>")
def delete(space: str, request_id: str) -> Response[str]:
    """Delete an ended request and its files."""
    caller = caller_of(router.current_event.raw_event)
    delete_request(gateway(), read_id(request_id, space), caller)
    return no_content()


@router.put("/v1/spaces/<space>/requests/<request_id>/cancel")
def cancel(space: str, request_id: str) -> Response[str]:
    """Cancel a request: 200, or 202 if its worker was told to stop."""
    named = read_id(request_id, space)
    was_running = cancel_request(gateway(), named)
    return respond(202 if was_running else 200, request_status(gateway(), named))


def _idempotency_key() -> str | None:
    key = _header("idempotency-key")
    if key is not None and not 0 < len(key) <= MAX_IDEMPOTENCY_KEY_CHARS:
        raise InvalidInput(
            f"Idempotency-Key has {len(key):,} characters; it must have 1 to "
            f"{MAX_IDEMPOTENCY_KEY_CHARS}. Send a different key or omit it."
        )
    return key


def _header(name: str) -> str | None:
    return headers_of(router.current_event.raw_event).get(name)
