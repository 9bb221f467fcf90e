"""Accepts a request: a ticket, the stored request, and a first attempt to hand it over."""

from typing import Any, Final, NamedTuple

from spaces.domain.errors import Busy
from spaces.domain.queue import Queue
from spaces.domain.request import Request
from spaces.domain.space import Definition, check_room
from spaces.domain.submitted_input import check_input
from spaces.domain.timing import REQUEST_KEPT
from spaces.services.advance import advance
from spaces.services.change_queue import check_name, unknown_space
from spaces.services.collect_input import collect_input
from spaces.services.gateway import Gateway, Space, TicketBuried
from spaces.services.idempotency import Claim, fingerprint_of, note_claim, recall_claim
from spaces_protocol.rest_bodies import SubmittedInput

MAX_TICKETS: Final = 5


class Accepted(NamedTuple):
    """A request that was accepted, and the queue as it was last seen."""

    request: Request
    queue: Queue


def submit_request(
    gateway: Gateway,
    space_id: str,
    submitted: SubmittedInput,
    *,
    idempotency_key: str | None = None,
) -> Accepted:
    """Store a request and hand it over if a worker is free; when it returns, it is promised.

    Args:
        idempotency_key: the same key and input find the same request again and go on from there.

    Raises:
        UnknownSpace, SpaceDisabled, InvalidInput, PromptTooLarge, QueueFull,
        IdempotencyKeyReused, Busy: nothing was accepted.
    """
    space = gateway.spaces.load(check_name(space_id))
    if space is None:
        raise unknown_space(space_id)
    check_input(space.definition, submitted)
    collected = collect_input(gateway, space.definition, submitted)
    fingerprint = fingerprint_of(submitted)
    claim = recall_claim(gateway, space_id, idempotency_key, fingerprint)
    if claim is None:
        check_room(space.definition, space.queue, gateway.now())
    queue: Queue | None = None  # what was read before the ticket is no state to decide on
    for _ in range(MAX_TICKETS):
        if claim is None or claim.buried:
            queue = gateway.spaces.issue_ticket(space_id)
            fresh = Claim(queue.tail, gateway.random_text(), fingerprint)
            claim = note_claim(gateway, space_id, idempotency_key, fresh, instead_of=claim)
        try:
            request = gateway.requests.store(_request(gateway, space.definition, collected, claim))
        except TicketBuried:
            claim = claim._replace(buried=True)
            continue
        return Accepted(request, _hand_over(gateway, space, queue))
    raise Busy("The request could not be stored. Try again.", retry_after_seconds=1)


def _hand_over(gateway: Gateway, space: Space, queue: Queue | None) -> Queue:
    """Hand over what can be; if others keep changing the queue, they will have seen the ticket."""
    try:
        return advance(gateway, space.definition.space_id, queue=queue)
    except Busy:
        return queue or space.queue


def _request(
    gateway: Gateway, definition: Definition, collected: dict[str, Any], claim: Claim
) -> Request:
    now = gateway.now()
    return Request(
        space_id=definition.space_id,
        ticket=claim.ticket,
        nonce=claim.nonce,
        created_at=now,
        queue_deadline=now + definition.queue_timeout,
        expires_at=now + REQUEST_KEPT,
        input=collected,
    )
