"""Decides whether a worker gets a place in one space."""

from typing import Final, NamedTuple

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

ASK_AGAIN_SECONDS: Final = 30
CLOCKS_DIFFER: Final = 2 * SECOND
"""How far the clocks of API Gateway and a function may be apart."""


class OutdatedConnection(Exception):
    """The worker has registered by a newer connection than this one already."""


class Joined(NamedTuple):
    """A place that the worker now has.

    Attributes:
        queue: the state in which it has it.
        resume: tickets of requests that it goes on with.
        resend: tickets of requests that it must be sent again.
    """

    space: AcceptedSpace
    queue: Queue
    resume: list[int]
    resend: list[int]


class Refused(NamedTuple):
    """A place that it does not get, and why."""

    rejection: RejectedSpace


def join_space(
    gateway: Gateway,
    sender: Sender,
    space_id: str,
    register: Register,
    in_flight: dict[int, InFlight],
) -> Joined | Refused:
    """Give the worker a place, its own back at once, another's only if that worker is dead.

    Raises:
        OutdatedConnection: see there.
    """
    if space_id not in sender.spaces:
        detail = f"This token is not for the space {space_id!r}; ask its administrator for one."
        return Refused(_rejection(space_id, ErrorType.NOT_ALLOWED, detail, again=False))
    space = gateway.spaces.load(space_id)
    if space is None or space.definition.deleting:
        detail = f"There is no space {space_id!r}; check its name with its administrator."
        return Refused(_rejection(space_id, ErrorType.UNKNOWN_SPACE, detail))
    if _is_of_before(sender, space.definition):
        detail = f"This connection or its token belongs to a deleted space {space_id!r}. Restart "
        detail += "the worker with a token for the current space."
        return Refused(_rejection(space_id, ErrorType.NOT_ALLOWED, detail, again=False))
    if space.definition.disabled:
        detail = f"The space {space_id!r} is disabled at present."
        return Refused(_rejection(space_id, ErrorType.SPACE_DISABLED, detail))
    if is_behind(space.definition, space.queue):
        sync_limits(gateway, space.definition)
    arrival = places.Arrival(
        worker_id=sender.worker_id,
        connection_id=sender.connection_id,
        connected_at=sender.connected_at,
        capacity=register.capacity,
        session=register.session,
        token_id=sender.token_id,
        in_flight={ticket: held.attempt for ticket, held in in_flight.items()},
        exclusive=len(set(register.spaces)) == 1,
    )
    return _Contest(gateway, space.definition, arrival).settle()


def _is_of_before(sender: Sender, definition: Definition) -> bool:
    if definition.is_later_than(sender.token_made_at):
        return True
    return sender.connected_at + CLOCKS_DIFFER < definition.created_at


class _Contest:
    """One worker's attempt at a place; decided anew whenever the queue changed meanwhile."""

    def __init__(self, gateway: Gateway, definition: Definition, arrival: places.Arrival) -> None:
        self._gateway = gateway
        self._definition = definition
        self._arrival = arrival
        self._holder: str | None = None
        self._to_close: set[str] = set()
        self._taken = places.Resumption([], [])

    def settle(self) -> Joined | Refused:
        space_id = self._definition.space_id
        queue = change_queue(self._gateway, space_id, self._decide)
        if self._holder is not None:
            return Refused(self._duplicate())
        for connection_id in self._to_close - {self._arrival.connection_id}:
            self._gateway.sockets.close(connection_id)
        return Joined(self._accepted(queue), queue, self._taken.resume, self._taken.resend)

    def _accepted(self, queue: Queue) -> AcceptedSpace:
        return AcceptedSpace(
            space=self._definition.space_id,
            timeout_seconds=self._definition.timeout / SECOND,
            prefetch=int(queue.prefetches(self._arrival.worker_id)),
        )

    def _decide(self, queue: Queue) -> Queue:
        self._holder, self._to_close = None, set()
        if places.is_outdated(queue, self._arrival):
            raise OutdatedConnection
        now = self._gateway.now()
        holders = places.blocking_workers(queue, self._arrival)
        dead = next((h for h in holders if not self._is_alive(queue, h, now)), None)
        if holders and dead is None:
            self._holder = holders[0]
            return queue
        if dead is not None:
            self._to_close.add(queue.workers[dead].connection_id)
            queue = places.evict_worker(queue, dead, now)
        before = queue.workers.get(self._arrival.worker_id)
        if before is not None:
            self._to_close.add(before.connection_id)
        queue, self._taken = places.take_place(queue, self._arrival, now)
        return queue

    def _is_alive(self, queue: Queue, worker_id: str, now: int) -> bool:
        place: Place = queue.workers[worker_id]
        if place.state == "away":
            return queue.held_by(worker_id) > 0 and now < place.since + AWAY_GRACE
        last_active = self._gateway.sockets.last_active(place.connection_id)
        return last_active is not None and now - last_active < DEAD_AFTER_SILENCE

    def _duplicate(self) -> RejectedSpace:
        limit = self._definition.max_workers
        taken = "its only place" if limit == 1 else f"one of its {limit} places, all taken"
        detail = (
            f"The worker {self._holder!r} is connected to the space "
            f"{self._definition.space_id!r} and holds {taken}. Stop it first, or ask the "
            "administrator for a space that allows more workers."
        )
        return _rejection(self._definition.space_id, ErrorType.DUPLICATE_CONNECTION, detail)


def _rejection(
    space_id: str, reason: ErrorType, detail: str, *, again: bool = True
) -> RejectedSpace:
    return RejectedSpace(
        space=space_id,
        reason=reason,
        detail=detail,
        retry_after_seconds=ASK_AGAIN_SECONDS if again else None,
    )
