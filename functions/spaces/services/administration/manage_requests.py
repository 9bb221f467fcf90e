"""What administrators can do with requests: cancel, retry, purge, repeat webhooks."""

from typing import Any

from spaces.domain.errors import RequestNotFound, UploadMissing
from spaces.domain.files.keys import input_key
from spaces.domain.request_options import RequestOptions
from spaces.domain.space_names import check_name
from spaces.services.access.find_space import find_space
from spaces.services.administration.audited import Change, audited
from spaces.services.administration.cancel_unfinished import cancel_unfinished, unfinished
from spaces.services.dispatch.change_queue import read_queue
from spaces.services.ports.gateway import Gateway
from spaces.services.requests.cancel_request import cancel_request
from spaces.services.requests.submit_request import Accepted, Draft, accept
from spaces.services.requests.view_webhook import repeat_webhook
from spaces_protocol.admin_bodies import Purge, Purged
from spaces_protocol.request_id import RequestId
from spaces_protocol.webhook_bodies import WebhookView


def cancel_for(gateway: Gateway, request_id: RequestId, who: str) -> bool:
    """Cancel any request.

    Returns:
        Whether a worker was running it and was told to stop.

    Raises:
        RequestNotFound, RequestExpired, AlreadyEnded: As in `cancel_request`.
    """
    with audited(gateway, who, "cancel_request", _without_nonce(request_id)):
        return cancel_request(gateway, request_id)


def repeat_webhook_for(gateway: Gateway, request_id: RequestId, who: str) -> WebhookView:
    """Send the webhook of any request again.

    Raises:
        RequestNotFound, StillRunning: As in `repeat_webhook`.
    """
    with audited(gateway, who, "repeat_webhook", _without_nonce(request_id)):
        return repeat_webhook(gateway, request_id)


def retry_request(gateway: Gateway, request_id: RequestId, who: str) -> Accepted:
    """Submit the input of a request again, as a new request of the same owner.

    The new request uses the same files, which expire with the first one, and its own copy of a
    large input. No quota is charged.

    Raises:
        RequestNotFound: The request does not exist.
        UploadMissing: Its files or its input are no longer stored.
        UnknownSpace, SpaceDisabled, QueueFull, Busy: Nothing was accepted.
    """
    with audited(gateway, who, "retry_request", _without_nonce(request_id)) as change:
        request = gateway.requests.read_answer(request_id)
        if request is None or not request.input:
            raise RequestNotFound("The request no longer exists. Submit it again.")
        _check_files(gateway, request.input)
        space = find_space(gateway, request_id.space, None)
        stored = _with_own_body(gateway, request_id.space, request.input)
        draft = Draft(
            stored,
            request.owner,
            request.owner_name,
            options=RequestOptions(
                timeout=request.timeout,
                start_timeout=request.start_timeout,
                metadata=request.metadata,
                traceparent=request.traceparent,
                webhook=request.webhook,
            ),
        )
        accepted = accept(gateway, space, draft)
        change.after = {"ticket": accepted.request.ticket}
    return accepted


def _check_files(gateway: Gateway, stored: dict[str, Any]) -> None:
    for file in stored.get("files", ()):
        found = gateway.files.describe(file["key"])
        if found is None or found.etag != file.get("etag", found.etag):
            raise UploadMissing(
                f"The file {file['name']!r} is no longer stored as it was. Submit the request "
                "again with it."
            )


def _with_own_body(gateway: Gateway, space_id: str, stored: dict[str, Any]) -> dict[str, Any]:
    """Return the input with a copy of what is stored of it in the files bucket."""
    if "body_key" not in stored:
        return stored
    key = input_key(space_id, gateway.random_text())
    if not gateway.files.copy_unchanged(stored["body_key"], key, stored["body_etag"]):
        raise UploadMissing("The input is no longer stored. Submit the request again.")
    return {**stored, "body_key": key}


def purge_space(gateway: Gateway, space_id: str, purge: Purge, who: str) -> Purged:
    """Cancel waiting or running requests of a space, or only count them.

    Raises:
        UnknownSpace: The space does not exist.
    """
    queue = read_queue(gateway, check_name(space_id))
    tickets = unfinished(
        queue, waiting="IN_QUEUE" in purge.states, running="IN_PROGRESS" in purge.states
    )
    if purge.dry_run:
        return Purged(count=len(tickets))
    planned = Change(after={"states": purge.states})
    with audited(gateway, who, "purge_space", space_id, planned) as change:
        cancelled = cancel_unfinished(gateway, queue, tickets)
        left = unfinished(
            read_queue(gateway, space_id),
            waiting="IN_QUEUE" in purge.states,
            running="IN_PROGRESS" in purge.states,
        )
        change.after = {"states": purge.states, "cancelled": cancelled, "left": len(left)}
    return Purged(count=cancelled, left=len(left))


def _without_nonce(request_id: RequestId) -> str:
    """Return the name of a request in the audit trail; its full id would grant access."""
    return f"{request_id.space}.{request_id.ticket}"
