"""Decides whether a worker gets a place in one space."""

from functools import partial
from typing import Final, NamedTuple

from spaces.domain.holder import Holder, worker_id_of
from spaces.domain.queue import places
from spaces.domain.queue.queue import Place, Queue
from spaces.domain.space import Definition
from spaces.domain.timing import AWAY_GRACE, DEAD_AFTER_SILENCE, SECOND
from spaces.services.dispatch.change_queue import change_queue
from spaces.services.dispatch.sync_limits import is_behind, sync_limits
from spaces.services.ports.gateway import Gateway, Sender
from spaces_protocol.errors import ErrorType
from spaces_protocol.gateway_messages import AcceptedSpace, RejectedSpace
from spaces_protocol.worker_messages import InFlight, Register

RETRY_SECONDS: Final = 30
CLOCK_SKEW: Final = 2 * SECOND
"""How far the clocks of API Gateway and a function may be apart."""


class OutdatedConnection(Exception):
    """The worker has already registered through a newer connection."""


class Joined(NamedTuple):
    """A place that the worker now has.

    Attributes:
        queue: The state in which it has the place.
        resume: Tickets of requests that the worker continues.
        resend: Tickets of requests that must be sent to the worker again.
        definition: The definition of the space.
    """

    space: AcceptedSpace
    queue: Queue
    resume: list[int]
    resend: list[int]
    definition: Definition


class Refused(NamedTuple):
    """A place that the worker does not get, and why."""

    rejection: RejectedSpace


class _Placed(NamedTuple):
    """The worker has a place; the connections that it replaces must be closed."""

    resumption: places.Resumption
    replaced: frozenset[str]


class _Blocked(NamedTuple):
    """Another live worker has the place."""

    holder: Holder


def join_space(
    gateway: Gateway,
    sender: Sender,
    space_id: str,
    register: Register,
    in_flight: dict[int, InFlight],
) -> Joined | Refused:
    """Give a worker a place in a space.

    A worker gets its own place back at once. It gets another worker's place only if that worker
    is dead.

    Raises:
        OutdatedConnection: The worker has already registered through a newer connection.
    """
    if space_id not in sender.spaces:
        detail = (
            f"This token is not valid for the space {space_id!r}. Ask its administrator for one."
        )
        return Refused(_rejection(space_id, ErrorType.NOT_ALLOWED, detail, retry=False))
    space = gateway.spaces.load(space_id)
    if space is None or space.definition.deleting:
        detail = f"The space {space_id!r} does not exist. Check its name with its administrator."
        return Refused(_rejection(space_id, ErrorType.UNKNOWN_SPACE, detail))
    if _belongs_to_earlier_space(sender, space.definition):
        detail = f"This connection or its token belongs to a deleted space {space_id!r}. Restart "
        detail += "the worker with a token for the current space."
        return Refused(_rejection(space_id, ErrorType.NOT_ALLOWED, detail, retry=False))
    if space.definition.disabled:
        detail = f"The space {space_id!r} is currently disabled."
        return Refused(_rejection(space_id, ErrorType.SPACE_DISABLED, detail))
    if is_behind(space.definition, space.queue):
        sync_limits(gateway, space.definition)
    arrival = places.Arrival(
        holder=sender.holder,
        connection_id=sender.connection_id,
        connected_at=sender.connected_at,
        capacity=register.capacity,
        session=register.session,
        in_flight={ticket: held.attempt for ticket, held in in_flight.items()},
        exclusive=len(set(register.spaces)) == 1,
    )
    return _take_place(gateway, space.definition, arrival)


def _belongs_to_earlier_space(sender: Sender, definition: Definition) -> bool:
    if definition.is_later_than(sender.token_made_at):
        return True
    return sender.connected_at + CLOCK_SKEW < definition.created_at


def _take_place(
    gateway: Gateway, definition: Definition, arrival: places.Arrival
) -> Joined | Refused:
    decide = partial(_decide, gateway, arrival)
    queue, ruling = change_queue(gateway, definition.space_id, decide)
    if isinstance(ruling, _Blocked):
        return Refused(_duplicate(definition, ruling.holder))
    for connection_id in ruling.replaced - {arrival.connection_id}:
        gateway.sockets.close(connection_id)
    accepted = AcceptedSpace(
        space=definition.space_id,
        timeout_seconds=definition.timeout / SECOND,
        prefetch=int(queue.prefetches(arrival.holder)),
        page_url=_page_of(gateway, definition.space_id),
    )
    resume, resend = ruling.resumption.resume, ruling.resumption.resend
    return Joined(accepted, queue, resume, resend, definition)


def _page_of(gateway: Gateway, space_id: str) -> str | None:
    """Return the URL of a space's page."""
    return None if gateway.page_url is None else f"{gateway.page_url}space.html?space={space_id}"


def _decide(
    gateway: Gateway, arrival: places.Arrival, queue: Queue
) -> tuple[Queue, _Placed | _Blocked]:
    if places.is_outdated(queue, arrival):
        raise OutdatedConnection
    now = gateway.now()
    replaced: set[str] = set()
    blocking = places.blocking_workers(queue, arrival)
    dead = next((each for each in blocking if not _is_alive(gateway, queue, each, now)), None)
    if blocking and dead is None:
        return queue, _Blocked(blocking[0])
    if dead is not None:
        replaced.add(queue.workers[dead].connection_id)
        queue = places.evict_worker(queue, dead, now)
    before = queue.workers.get(arrival.holder)
    if before is not None:
        replaced.add(before.connection_id)
    queue, resumption = places.take_place(queue, arrival, now)
    return queue, _Placed(resumption, frozenset(replaced))


def _is_alive(gateway: Gateway, queue: Queue, holder: Holder, now: int) -> bool:
    place: Place = queue.workers[holder]
    if place.state == "away":
        return queue.held_by(holder) > 0 and now < place.since + AWAY_GRACE
    if places.is_outlived(place, now):
        return False
    last_active = gateway.sockets.last_active(place.connection_id)
    return last_active is not None and now - last_active < DEAD_AFTER_SILENCE


def _duplicate(definition: Definition, holder: Holder) -> RejectedSpace:
    name, limit = worker_id_of(holder), definition.max_workers
    taken = "its only place" if limit == 1 else f"one of its {limit} places, all of them taken"
    detail = (
        f"The worker {name!r} is connected to the space {definition.space_id!r} and has "
        f"{taken}. Stop that worker first, or ask the administrator to allow more workers."
    )
    return _rejection(definition.space_id, ErrorType.DUPLICATE_CONNECTION, detail)


def _rejection(
    space_id: str, reason: ErrorType, detail: str, *, retry: bool = True
) -> RejectedSpace:
    return RejectedSpace(
        space=space_id,
        reason=reason,
        detail=detail,
        retry_after_seconds=RETRY_SECONDS if retry else None,
    )
