"""What administrators do to requests: cancel, retry, purge."""

from typing import Any

from spaces.domain.errors import RequestNotFound, UploadMissing
from spaces.domain.space_names import check_name
from spaces.services.access.find_space import find_space
from spaces.services.administration.audited import Change, audited
from spaces.services.administration.cancel_unfinished import cancel_unfinished, unfinished
from spaces.services.dispatch.change_queue import read_queue
from spaces.services.ports.gateway import Gateway
from spaces.services.requests.cancel_request import cancel_request
from spaces.services.requests.submit_request import Accepted, Draft, accept
from spaces_protocol.admin_bodies import Purge, Purged
from spaces_protocol.request_id import RequestId


def cancel_for(gateway: Gateway, request_id: RequestId, who: str) -> bool:
    """Cancel somebody's request.

    Returns:
        Whether a worker was running it and has been told to stop.

    Raises:
        RequestNotFound, RequestExpired, AlreadyEnded: as in `cancel_request`.
    """
    with audited(gateway, who, "cancel_request", _without_nonce(request_id)):
        return cancel_request(gateway, request_id)


def retry_request(gateway: Gateway, request_id: RequestId, who: str) -> Accepted:
    """Submit the input of a request once more, as a new request of the same owner.

    Its files are the same objects, which expire with the first request. No quota is charged.

    Raises:
        RequestNotFound: there is no such request (any more).
        UploadMissing: its files are no longer kept.
        UnknownSpace, SpaceDisabled, QueueFull, Busy: nothing was accepted.
    """
    with audited(gateway, who, "retry_request", _without_nonce(request_id)) as change:
        request = gateway.requests.read_answer(request_id)
        if request is None or not request.input:
            raise RequestNotFound("There is no such request any more.")
        _check_files(gateway, request.input)
        space = find_space(gateway, request_id.space, None)
        draft = Draft(request.input, request.owner, request.owner_name)
        accepted = accept(gateway, space, draft)
        change.after = {"ticket": accepted.request.ticket}
    return accepted


def _check_files(gateway: Gateway, kept: dict[str, Any]) -> None:
    for file in kept.get("files", ()):
        if gateway.files.describe(file["key"]) is None:
            raise UploadMissing(f"Its file {file['name']!r} is no longer kept.")


def purge_space(gateway: Gateway, space_id: str, purge: Purge, who: str) -> Purged:
    """Cancel what waits or runs in a space, or only count it.

    Raises:
        UnknownSpace: there is none.
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
    """Return how the audit trail names a request: its full id would be the key to its result."""
    return f"{request_id.space}.{request_id.ticket}"
