"""Accepts a request: issues a ticket, stores the request and tries to dispatch it."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from spaces.domain.access.caller import Caller, name_of, owner_of
from spaces.domain.access.quota import MINUTE, check_space_rate
from spaces.domain.errors import Busy, SpaceError
from spaces.domain.queue.queue import Queue
from spaces.domain.queue.settlement import drop
from spaces.domain.queue.sweep_timer import has_timer
from spaces.domain.request import Request
from spaces.domain.request_options import RequestOptions, check_options
from spaces.domain.space import Definition, check_room
from spaces.domain.space_names import unknown_space
from spaces.domain.submitted_input import check_input
from spaces.domain.timing import REQUEST_RETENTION
from spaces.domain.webhooks.address import check_webhook
from spaces.services.access.charge_quota import (
    CallerQuota,
    charge_refusal,
    charge_request,
    check_quota,
    quota_of,
)
from spaces.services.access.find_space import find_space
from spaces.services.dispatch.advance import advance, needs_advance
from spaces.services.dispatch.start_timer import watch_start
from spaces.services.dispatch.sync_limits import is_behind, sync_limits
from spaces.services.files.collect_input import collect_input
from spaces.services.ports.access_stores import VersionedQuota
from spaces.services.ports.gateway import Gateway, Space, SpaceRate, TicketBuried
from spaces.services.requests.check_endpoint import check_endpoint
from spaces.services.requests.idempotency import (
    Claim,
    SubmitKey,
    find_claim,
    fingerprint_of,
    forget_claim,
    store_claim,
)
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import SubmittedInput

MAX_TICKETS: Final = 5
_NO_OPTIONS: Final = RequestOptions()


class Accepted(NamedTuple):
    """An accepted request, and the last known state of the queue."""

    request: Request
    queue: Queue


class Draft(NamedTuple):
    """What becomes a request once it has a ticket.

    Attributes:
        input: The input as it is stored and sent to the worker.
        owner, owner_name: Whom it belongs to; None for an anonymous caller.
        fingerprint: Of input and options as submitted.
        key: The Idempotency-Key, scoped to its caller.
        options: What the caller set for it.
    """

    input: dict[str, Any]
    owner: str | None = None
    owner_name: str | None = None
    fingerprint: str = ""
    key: SubmitKey | None = None
    options: RequestOptions = _NO_OPTIONS


def submit_request(
    gateway: Gateway,
    space_id: str,
    submitted: SubmittedInput,
    *,
    options: RequestOptions = _NO_OPTIONS,
    idempotency_key: str | SubmitKey | None = None,
    caller: Caller | None = None,
    store_files: Callable[[], None] | None = None,
) -> Accepted:
    """Store a request and dispatch it if a worker is free.

    Once this returns, the request is guaranteed to end exactly once.

    Args:
        gateway: Access to the outside.
        space_id: The space that the request is for.
        submitted: The input.
        options: What the caller set for this request.
        idempotency_key: The same key with the same input finds the same request again.
        caller: The caller; None for the gateway itself, which has no limits.
        store_files: Stores files of the input that came with it; not called for a repeat.

    Raises:
        UnknownSpace, SpaceDisabled, NotAllowed, InvalidInput, InputTooLarge, EndpointNotServed,
        QueueFull, RateLimited, IdempotencyKeyReused, Busy: Nothing was accepted.
    """
    space = find_space(gateway, space_id, caller)
    check_input(space.definition, submitted)
    check_options(space.definition, options)
    check_webhook(options.webhook, caller, loopback=gateway.webhooks_to_loopback)
    fingerprint = fingerprint_of(submitted, options)
    key = _scoped_key(idempotency_key, caller)
    claim = find_claim(gateway, space_id, key, fingerprint)
    accepted = _accepted_before(gateway, space_id, claim) if claim else None
    if accepted is not None:
        return accepted
    caller_quota = quota_of(space.definition, caller)
    counted = None if claim else _room_for(gateway, space, caller_quota, key, store_files)
    check_endpoint(gateway, space_id, submitted.call)
    draft = Draft(
        input=_collect_input(gateway, space, submitted, caller_quota, counted),
        owner=owner_of(caller),
        owner_name=name_of(caller),
        fingerprint=fingerprint,
        key=key,
        options=options,
    )
    return accept(gateway, space, draft, caller_quota, claim=claim, counted=counted)


def _accepted_before(gateway: Gateway, space_id: str, claim: Claim) -> Accepted | None:
    """Return the request that an earlier submit stored; reading it is all that a replay costs."""
    request_id = RequestId(space_id, claim.ticket, claim.nonce)
    request, queue = gateway.requests.read_with_queue(request_id, consistent=True)
    if request is None or queue is None or request.nonce != claim.nonce:
        return None
    now = gateway.now()
    # That submit may have died before it dispatched, or before it armed a timer.
    if needs_advance(queue, now) or not has_timer(queue, now):
        queue = advance(gateway, space_id, queue=queue)
    watch_start(gateway, request, queue)
    return Accepted(request, queue)


def _collect_input(
    gateway: Gateway,
    space: Space,
    submitted: SubmittedInput,
    caller_quota: CallerQuota | None,
    counted: VersionedQuota | None,
) -> dict[str, Any]:
    """Collect the input; a submit whose files are refused counts, too, as S3 was asked."""
    try:
        return collect_input(gateway, space.definition, submitted)
    except SpaceError:
        if submitted.files and caller_quota is not None and counted is not None:
            charge_refusal(gateway, caller_quota, counted)
        raise


def _scoped_key(key: str | SubmitKey | None, caller: Caller | None) -> SubmitKey | None:
    """Scope a key to its caller, so that nobody finds another caller's request by guessing.

    No key that a caller chose contains a line break, so an anonymous key never equals a scoped one.
    """
    if key is None:
        return None
    key, owner = SubmitKey(key) if isinstance(key, str) else key, owner_of(caller)
    return key if owner is None else key._replace(text=f"{owner}\n{key.text}")


def accept(
    gateway: Gateway,
    space: Space,
    draft: Draft,
    caller_quota: CallerQuota | None = None,
    *,
    claim: Claim | None = None,
    counted: VersionedQuota | None = None,
) -> Accepted:
    """Give a draft its ticket, store it and dispatch it if a worker is free.

    Args:
        gateway: Access to the outside.
        space: The space that the request is for.
        draft: The request without its ticket.
        caller_quota: The limits of the caller; None if it has none.
        claim: What an earlier submit with this Idempotency-Key claimed.
        counted: What the caller has used, if there was room for its request; saves a read.

    Raises:
        SpaceDisabled, QueueFull, RateLimited, IdempotencyKeyReused, Busy: Nothing was accepted.
    """
    if is_behind(space.definition, space.queue):
        sync_limits(gateway, space.definition)
    queue: Queue | None = None  # a state read before the ticket was issued must not be used
    for _ in range(MAX_TICKETS):
        if claim is None or claim.buried:
            counted = counted or _check_room(gateway, space, caller_quota)
            queue, claim = _claim_ticket(gateway, space, draft, claim, caller_quota, counted)
        try:
            request = gateway.requests.store(_request(gateway, space.definition, draft, claim))
        except TicketBuried:
            claim = claim._replace(buried=True)
            continue
        queue = _dispatch(gateway, space, request, queue)
        watch_start(gateway, request, queue)
        _log_accepted(gateway, request, queue)
        return Accepted(request, queue)
    raise Busy("The request could not be stored. Try again.", retry_after_seconds=1)


def _log_accepted(gateway: Gateway, request: Request, queue: Queue) -> None:
    gateway.log_event(
        "request_accepted",
        request_id=str(request.request_id),
        space=request.space_id,
        waiting=queue.waiting,
        **request.trace,
    )


def _room_for(
    gateway: Gateway,
    space: Space,
    caller_quota: CallerQuota | None,
    key: SubmitKey | None,
    store_files: Callable[[], None] | None,
) -> VersionedQuota | None:
    """Store files and do as `_check_room`; a first try that is refused has no request then."""
    try:
        if store_files is not None:
            store_files()
        return _check_room(gateway, space, caller_quota)
    except SpaceError:
        forget_claim(gateway, space.definition.space_id, key)
        raise


def _check_room(
    gateway: Gateway, space: Space, caller_quota: CallerQuota | None
) -> VersionedQuota | None:
    """Refuse before a ticket is issued whatever can be refused by then."""
    now = gateway.now()
    check_room(space.definition, space.queue, now)
    if caller_quota is None:
        return None
    check_space_rate(space.queue, space.definition.requests_per_minute, now)
    return check_quota(gateway, caller_quota, space.queue) if caller_quota.counts_requests else None


def _claim_ticket(
    gateway: Gateway,
    space: Space,
    draft: Draft,
    instead_of: Claim | None,
    caller_quota: CallerQuota | None,
    counted: VersionedQuota | None,
) -> tuple[Queue, Claim]:
    """Issue a ticket and charge it to the caller; give it back if it is refused after all."""
    space_id = space.definition.space_id
    queue = gateway.spaces.issue_ticket(space_id, _rate(gateway, space, caller_quota))
    fresh = Claim(queue.tail, gateway.random_text(), draft.fingerprint)
    try:
        if queue.closed_at is not None:
            raise unknown_space(space_id)
        claim = store_claim(gateway, space_id, draft.key, fresh, instead_of=instead_of)
        if caller_quota is not None and caller_quota.counts_requests and claim == fresh:
            charge_request(gateway, caller_quota, queue, queue.tail, counted)
    except SpaceError:
        _give_back(gateway, queue)
        raise
    return queue, claim


def _rate(gateway: Gateway, space: Space, caller_quota: CallerQuota | None) -> SpaceRate | None:
    per_minute = space.definition.requests_per_minute
    if per_minute is None or caller_quota is None:
        return None
    now = gateway.now()
    return SpaceRate(per_minute, now, started=space.queue.minute == now // MINUTE)


def _give_back(gateway: Gateway, queue: Queue) -> None:
    """Turn a ticket into a hole, as if its submitter had crashed."""
    ticket = queue.tail
    if gateway.requests.bury(queue.space_id, ticket, gateway.now()) is None:
        advance(gateway, queue.space_id, lambda fresh: drop(fresh, ticket), queue=queue)


def _dispatch(gateway: Gateway, space: Space, request: Request, queue: Queue | None) -> Queue:
    """Dispatch what can run. Those who keep changing the queue will have seen the ticket."""
    try:
        return advance(gateway, space.definition.space_id, queue=queue, stored=request)
    except Busy:
        return queue or space.queue


def _request(gateway: Gateway, definition: Definition, draft: Draft, claim: Claim) -> Request:
    now = gateway.now()
    options = draft.options
    wait = definition.queue_timeout
    start_timeout = options.start_timeout
    if start_timeout is not None and start_timeout >= wait:  # since an administrator's change
        start_timeout = None
    return Request(
        space_id=definition.space_id,
        ticket=claim.ticket,
        nonce=claim.nonce,
        created_at=now,
        queue_deadline=now + (start_timeout or wait),
        expires_at=now + REQUEST_RETENTION,
        input=draft.input,
        timeout=options.timeout,
        start_timeout=start_timeout,
        metadata=options.metadata,
        traceparent=options.traceparent,
        webhook=options.webhook,
        owner=draft.owner,
        owner_name=draft.owner_name,
    )
