"""One call, repeated while a repetition can help."""

from dataclasses import replace
from typing import Final, TypeVar
from urllib.parse import urlsplit

import msgspec

from spaces_client._core.api import Api
from spaces_client._core.deadline import NO_DEADLINE, Deadline
from spaces_client._core.effects import Answer, Call, Flow, Lost, Pause
from spaces_client._errors import (
    ApiError,
    ConnectionFailed,
    SpacesError,
    UnexpectedAnswer,
    api_error,
)
from spaces_client._types import ErrorBody

T = TypeVar("T")

MAX_RETRIES: Final = 8
"""Repetitions of one call in a row, about 30 seconds in total."""
_UNREACHED_RETRIES: Final = 2
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 8.0
_LONGEST_RETRY_AFTER: Final = 60.0
"""If the gateway names a longer time, the caller decides."""
RETRYABLE: Final = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses after which the same call may succeed."""
_OF_ANY_SERVER: Final = frozenset({400, 403, 404, 405})
"""What a server answers to calls that it does not know; this API says more."""
_OF_QUOTA: Final = frozenset({"rate_limited", "queue_full"})


def ask(
    api: Api,
    call: Call,
    *,
    submit: bool = False,
    patient: bool = False,
    persistent: bool = False,
    deadline: Deadline = NO_DEADLINE,
    request_id: str = "",
) -> Flow[Answer]:
    """Make a call until it is answered, and return an answer that is no error.

    Every call of this API may be repeated: reading changes nothing, and a submit carries an
    Idempotency-Key.

    Args:
        api: for time and chance.
        call: the call.
        submit: whether a limit is an error at once. A request that has been submitted is not
            affected by limits, so all other calls wait.
        patient: also wait for a limit at a submit.
        persistent: also try long if there is no connection at all, as where one has been before;
            otherwise the address is probably wrong.
        deadline: until when its caller waits for a request.
        request_id: that request.

    Raises:
        WaitTimedOut: the deadline has passed, and there is no answer.
        ApiError: the gateway refused it.
        ConnectionFailed: there was no answer.
    """
    failures = 0
    while True:
        reply = yield replace(call, timeout=deadline.of_call(api, call.timeout))
        error = failure_of(api, reply)
        if error is None:
            checked: Answer = reply
            return checked
        limited = isinstance(error, ApiError) and error.error_type in _OF_QUOTA
        if limited and patient:
            yield Pause(_pause(api, error, 0))
            continue
        most = MAX_RETRIES if persistent or was_reached(reply) else _UNREACHED_RETRIES
        if failures >= most or not _may_retry(error) or (limited and submit):
            raise error
        yield Pause(deadline.cut(api, request_id, _pause(api, error, failures)))
        failures += 1


def failure_of(api: Api, reply: Answer | Lost) -> SpacesError | None:
    """Return what is wrong with a reply as an exception; None if nothing is."""
    if isinstance(reply, Lost):
        return ConnectionFailed(f"{api.address} did not answer: {reply.reason}.{_hint(api, reply)}")
    if reply.status < 400:  # noqa: PLR2004 - HTTP's own limit
        return None
    body = _body_of(reply.content)
    detail = body.detail or body.message
    if not detail and reply.status in _OF_ANY_SERVER:
        return _not_this_api(reply)
    detail = detail or f"The gateway answered {reply.status}."
    return api_error(reply.status, body.error_type, detail, _seconds(reply))


def was_reached(reply: Answer | Lost) -> bool:
    """Return whether there was a connection."""
    return isinstance(reply, Answer) or reply.connected


def pause_seconds(api: Api, failures: int) -> float:
    """Return how long to wait after some failures in a row; chance keeps callers apart."""
    longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0**failures)
    return longest * (0.5 + api.chance() / 2)


def decoded_event(data: str, kind: type[T]) -> T:
    """Return the data of an event.

    Raises:
        UnexpectedAnswer: it is not what this API streams.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise UnexpectedAnswer("The event stream has an event that is not of this API.") from error


def decoded(answer: Answer, kind: type[T]) -> T:
    """Return the body of an answer.

    Raises:
        UnexpectedAnswer: it is not what this API answers.
    """
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise _not_this_api(answer) from error


def _hint(api: Api, reply: Lost) -> str:
    """Return what helps where only browsers find the page of the local cloud."""
    local = (urlsplit(api.address).hostname or "").endswith(".localhost")
    if reply.resolved or not local:
        return ""
    return " On the local cloud, use the address that `make run` prints after API."


def _not_this_api(answer: Answer) -> UnexpectedAnswer:
    where = answer.headers.get("location")
    advice = f" It points to {where}." if where else ""
    return UnexpectedAnswer(
        f"The address answered {answer.status} with something that is not this API.{advice} "
        "Use the address of the page, or the output ApiUrl of the stack."
    )


def _may_retry(error: Exception) -> bool:
    if not isinstance(error, ApiError):
        return isinstance(error, ConnectionFailed)
    if error.error_type == "no_worker":
        return False
    return error.status in RETRYABLE and (error.retry_after or 0) <= _LONGEST_RETRY_AFTER


def _pause(api: Api, error: Exception, failures: int) -> float:
    told = getattr(error, "retry_after", None)
    return pause_seconds(api, failures) if told is None else told + api.chance() / 4


def _seconds(answer: Answer) -> float | None:
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdigit() else None


def _body_of(content: bytes) -> ErrorBody:
    try:
        return msgspec.json.decode(content, type=ErrorBody)
    except (msgspec.DecodeError, UnicodeError):
        return ErrorBody()
