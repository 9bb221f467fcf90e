"""Submits a request, waits for its result, and cancels it."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from spaces_client._core.api import HOLD_SECONDS, Api
from spaces_client._core.ask import ask, decoded
from spaces_client._core.deadline import Deadline
from spaces_client._core.effects import Emit, Flow, Pause, Stream
from spaces_client._core.file_content import source_of
from spaces_client._core.submission import Options, check_options, submission
from spaces_client._core.uploads import upload
from spaces_client._errors import (
    RequestCancelled,
    RequestFailed,
    RequestNotFound,
    RequestTimedOut,
    UsageError,
)
from spaces_client._types import (
    COMPLETED,
    Accepted,
    HistoryEntry,
    HistoryList,
    Space,
    SpaceList,
    Status,
    StoredResult,
    WebhookSecret,
)

HOLD_BELOW_MS: Final = 1_000
"""If the gateway tells a shorter pause, it expects the end sooner or knows no pace yet:
the first look then waits in one call.

All other requests are polled at the pace that the gateway tells, which costs its operator a
tenth."""
_FIRST_HOLD_SECONDS: Final = 2
_REQUEST_ID: Final = re.compile(r"[a-z0-9-]{1,48}\.[1-9][0-9]{0,11}\.[A-Za-z0-9_-]{22}")
_OK: Final = 200
_NOT_YET: Final = (202, 303)
"""303: a call that waits could not last as long as it was asked to."""


def checked_id(request_id: str) -> str:
    """Return a request id.

    Raises:
        UsageError: it cannot be one.
    """
    if not _REQUEST_ID.fullmatch(request_id):
        raise UsageError(
            f"{request_id[:100]!r} is not a request id. An id has the form space.ticket.secret."
        )
    return request_id


def list_spaces(api: Api) -> Flow[list[Space]]:
    """Return the spaces that the caller may use."""
    answer = yield from ask(api, api.spaces())
    return decoded(answer, SpaceList).spaces


def describe(api: Api, space: str) -> Flow[Space]:
    """Return one space."""
    answer = yield from ask(api, api.space(space))
    return decoded(answer, Space)


def submit(
    api: Api, space: str, prompt: str | None, options: Options, *, patient: bool = False
) -> Flow[Accepted]:
    """Upload the files of a request and submit it.

    Args:
        api: where.
        space: its name.
        prompt: the prompt, if there is one.
        options: everything else.
        patient: wait when a limit is exceeded or the queue is full.
    """
    check_options(prompt, options)
    sources = [source_of(each) for each in options.get("files", ())]
    upload_ids: Sequence[str] = []
    for source in sources:
        upload_ids = [*upload_ids, (yield from upload(api, space, source, patient=patient))]
    body = submission(prompt, options, upload_ids)
    key = options.get("idempotency_key") or api.new_key()
    answer = yield from ask(api, api.submit(space, body, key), submit=True, patient=patient)
    return decoded(answer, Accepted)


def status(api: Api, request_id: str) -> Flow[Status]:
    """Return the status of a request."""
    answer = yield from ask(api, api.status(request_id))
    return decoded(answer, Status)


def wait(
    api: Api, request_id: str, retry_after_ms: int, deadline: Deadline, *, hold: bool = False
) -> Flow[StoredResult]:
    """Return the result of a request once it has ended with an answer.

    Args:
        api: where.
        request_id: the request.
        retry_after_ms: in how long to look for the first time.
        deadline: until when to wait.
        hold: make calls that wait, one after the other, instead of polls.

    Raises:
        RequestFailed: it ended without an answer.
        WaitTimedOut: the deadline has passed.
    """
    seconds = HOLD_SECONDS if hold else _FIRST_HOLD_SECONDS
    may_hold = hold or retry_after_ms < HOLD_BELOW_MS
    while True:
        if may_hold:
            whole = int(max(0, min(seconds, deadline.left(api))))
            call = api.hold(request_id, whole)
            may_hold = hold and whole > 0
        else:
            yield Pause(deadline.cut(api, request_id, retry_after_ms / 1000))
            call = api.result(request_id)
        answer = yield from ask(
            api, call, persistent=True, deadline=deadline, request_id=request_id
        )
        result = decoded(answer, StoredResult)
        if answer.status not in _NOT_YET:
            return completed(result)
        retry_after_ms = result.retry_after_ms or HOLD_BELOW_MS


def completed(result: StoredResult) -> StoredResult:
    """Return a result that has an answer.

    Raises:
        RequestFailed: it has none.
    """
    if result.status != COMPLETED:
        raise failure(result.request_id, result.status, result.error_type, result.error)
    return result


def failure(
    request_id: str, status: str, error_type: str | None, message: str | None
) -> RequestFailed:
    """Return the exception for a request that ended without an answer."""
    kinds = {"TIMED_OUT": RequestTimedOut, "CANCELLED": RequestCancelled}
    named = error_type or status.lower()
    text = message or ("The request was cancelled." if status == "CANCELLED" else "")
    return kinds.get(status, RequestFailed)(request_id, named, text)


def cancel(api: Api, request_id: str) -> Flow[bool]:
    """Cancel a request; return whether it has ended already, or a worker is being stopped."""
    answer = yield from ask(api, api.cancel(request_id))
    return answer.status == _OK


def delete(api: Api, request_id: str) -> Flow[None]:
    """Delete an ended request and its files; one that is gone is no error."""
    try:
        yield from ask(api, api.delete(request_id))
    except RequestNotFound:
        return


def webhook_secret(api: Api) -> Flow[str]:
    """Return the secret with which webhooks of the API key are signed."""
    answer = yield from ask(api, api.webhook_secret())
    return decoded(answer, WebhookSecret).secret


def history(api: Api, space: str | None, query: str | None) -> Stream[HistoryEntry]:
    """Emit the requests of the signed-in user, newest first.

    Raises:
        UsageError: nobody is signed in.
    """
    if not api.access_token:
        raise UsageError(
            "Only signed-in users have a history. Pass access_token=, or keep the ids of your "
            "requests: spaces.request(id) finds each of them for 7 days."
        )
    asked: Mapping[str, str | None] = {"space": space, "q": query}
    sent = {name: value for name, value in asked.items() if value}
    while True:
        page = decoded((yield from ask(api, api.history(sent))), HistoryList)
        for entry in page.requests:
            yield Emit(entry)
        if page.next_cursor is None:
            return
        sent = {**sent, "cursor": page.next_cursor}
