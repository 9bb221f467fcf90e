"""The route that waits for a request."""

import time
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from spaces.bootstrap import gateway
from spaces.domain.errors import InvalidInput
from spaces.handlers.rest.request_ids import read_id, wait_location
from spaces.handlers.rest.responses import respond, respond_result
from spaces.services.requests.wait_for_request import wait_for_request
from spaces_protocol.limits import HOLD_SECONDS, MAX_WAIT_SECONDS

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]

_MOST_DIGITS: Final = 4
_TIME_TO_ANSWER: Final = 2
"""Seconds of the invocation that are left for the last look and the response."""


@router.get("/v1/spaces/<space>/requests/<request_id>/wait")
def get_ended_request(space: str, request_id: str) -> Response[str]:
    """Show the result of a request once it has ended.

    Otherwise 202 when the time is over, or 303 to the same path if this call cannot last longer.
    """
    seconds = _seconds(router.current_event.query_string_parameters.get("seconds"))
    named = read_id(request_id, space)
    built = gateway()  # before the time that is left is looked at
    hold = min(seconds, _longest_hold())
    result = wait_for_request(built, named, hold, sleep=time.sleep)
    if result.retry_after_ms is None or seconds == hold:
        return respond_result(result)
    rest = wait_location(router.current_event, named, seconds - hold)
    return respond(303, result, {"Location": rest})


def _longest_hold() -> int:
    """Return for how many seconds this invocation can wait; less if it started slowly."""
    context: Any = router.lambda_context
    if context is None:
        return HOLD_SECONDS
    left = int(context.get_remaining_time_in_millis()) // 1000
    return max(0, min(HOLD_SECONDS, left - _TIME_TO_ANSWER))


def _seconds(text: str | None) -> int:
    if text is None:
        return HOLD_SECONDS
    readable = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    if not readable or int(text) > MAX_WAIT_SECONDS:
        raise InvalidInput(
            f"seconds must be a whole number from 0 to {MAX_WAIT_SECONDS:,}. Send another number, "
            f"or omit it to wait {HOLD_SECONDS} seconds."
        )
    return int(text)
