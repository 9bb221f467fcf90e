"""Shares the slots of one worker among several spaces, which take turns.

A space is *open* while the gateway may dispatch its requests to all slots. It is *closed* once one
of its requests had to be declined, or once one of them ended while other spaces were closed. A
closed space is offered single slots, in the order in which spaces were closed, until none of its
requests are waiting. A result carries the slots of its own space, which saves a message.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from spaces_protocol.gateway_messages import Offered, Request
from spaces_protocol.request_id import RequestId
from spaces_protocol.worker_messages import Decline, Offer, Slots
from spaces_protocol.worker_messages import Result as ResultMessage
from spaces_worker._session.held_requests import HeldRequests

ANSWER_SECONDS: Final = 5.0
"""An offer that is not answered within this time counts as unsuccessful."""
MAX_ANSWER_SECONDS: Final = 60.0


@dataclass(slots=True)
class _SentSlots:
    """Slots that were sent for a space and not yet confirmed by the gateway.

    Attributes:
        slots: what was sent.
        due: when to stop waiting for the reply, or to send it again.
        carried_by: the request whose result carries it; None if an offer does.
        wait: seconds until it is sent once more.
        led_to_request: whether a request arrived because of it.
    """

    slots: Slots
    due: float
    carried_by: str | None = None
    wait: float = ANSWER_SECONDS
    led_to_request: bool = False


class SlotSharing:
    """Decides which space gets a free slot, and offers it.

    Args:
        capacity: how many requests run at the same time, over all spaces.
        spaces: the spaces that this worker serves.
        caps: lower limits of single spaces.
        held: the held requests.
    """

    def __init__(
        self, capacity: int, spaces: Sequence[str], caps: Mapping[str, int], held: HeldRequests
    ) -> None:
        self._capacity = capacity
        self._caps = {space: min(capacity, caps.get(space, capacity)) for space in spaces}
        self._held = held
        self._last_order = 0
        self._draining = False
        self._stopping = False
        self._registered: set[str] = set()
        self._closed: list[str] = []
        self._offers: dict[str, _SentSlots] = {}
        self._unconfirmed: dict[str, _SentSlots] = {}
        self._last_sent: dict[str, Slots] = {}
        self._declined_from: dict[str, float] = {}
        self._unacknowledged: dict[str, tuple[str, float]] = {}
        self._messages: list[Decline | Offer] = []

    def reconnected(self) -> None:
        """Open all spaces: nothing was sent on the new connection yet."""
        self._registered.clear()
        self._closed.clear()
        self._clear()

    def registered(self, accepted: Iterable[str], now: float) -> None:
        """Send the limit of each capped space, once, when the connection gets a place in it."""
        for space in self._caps.keys() & (set(accepted) - self._registered):
            self._registered.add(space)
            capped = self._serves_several and self._caps[space] < self._capacity
            if capped and not self._draining and space not in self._closed:
                self._send_until_confirmed(space, now)

    def drain(self) -> None:
        """Stop offering slots; requests that still arrive are treated as before."""
        self._draining = True
        self._clear()

    def stop(self) -> None:
        """Decline every further request."""
        self._stopping = True

    def decline_at_stop(self, request: Request) -> None:
        """Decline a request because this worker stops."""
        self._last_order += 1
        slots = Slots(count=0, order=self._last_order)
        self._messages.append(
            Decline(request_id=request.request_id, attempt=request.attempt, slots=slots)
        )

    def accepts(self, request: Request) -> bool:
        """Return whether a new request has a slot; decline it if not."""
        if self._stopping:
            self.decline_at_stop(request)
            return False
        space = request.space
        if not self._serves_several or space not in self._caps:
            return True
        if not self._has_slot_for(request):
            self._decline(request)
            return False
        self._declined_from.pop(space, None)
        if space in self._offers:
            self._offers[space].led_to_request = True
        return True

    def freed(self, request: Request, now: float, *, answered: bool) -> None:
        """Offer the slot of a request that is no longer held to the space that has waited longest.

        Args:
            request: the request.
            now: the time.
            answered: whether there is a result, which can carry the slots of its space.
        """
        if self._draining or not self._serves_several or request.space not in self._caps:
            return
        if answered:
            self._unacknowledged[request.request_id] = (request.space, now + ANSWER_SECONDS)
            if self._closed:
                self._offer_in_result(request, now)
        self._offer_free_slots(now)

    def acknowledged(self, request_id: str, now: float) -> None:
        """Process an ``ack``: the gateway has the result and the slots that it carried."""
        self._unacknowledged.pop(request_id, None)
        self._confirm(lambda sent: sent.carried_by == request_id, now, nothing_waits=False)

    def offer_answered(self, reply: Offered, now: float) -> None:
        """Process the reply to an offer."""
        self._confirm(
            lambda sent: sent.slots.order == reply.order, now, nothing_waits=reply.waiting == 0
        )

    def tick(self, now: float) -> None:
        """Give up on late replies; repeat what must arrive."""
        late = [name for name, (_, until) in self._unacknowledged.items() if until <= now]
        for name in late:
            del self._unacknowledged[name]
        for space, offer in list(self._offers.items()):
            if offer.due <= now:
                self._settle(space, offer, now, nothing_waits=True)
        self._offer_free_slots(now)
        for space, sent in self._unconfirmed.items():
            if sent.due <= now:
                self._messages.append(Offer(space=space, slots=sent.slots))
                sent.due, sent.wait = now + sent.wait, min(MAX_ANSWER_SECONDS, sent.wait * 2)

    def next_due(self) -> float:
        """Return when `tick` has something to do; infinity if it has nothing."""
        sent = (each.due for each in (*self._offers.values(), *self._unconfirmed.values()))
        results = (until for _, until in self._unacknowledged.values() if self._closed)
        return min(*sent, *results, math.inf, math.inf)

    def with_slots(self, result: ResultMessage) -> ResultMessage:
        """Return a result with the last slots of its space, unless that is known to be open."""
        named = RequestId.parse(result.request_id)
        if named is None or not (named.space in self._closed or named.space in self._unconfirmed):
            return result
        return msgspec.structs.replace(result, slots=self._last_sent.get(named.space))

    def take_messages(self) -> list[Decline | Offer]:
        """Return the messages to send now, in order."""
        taken, self._messages = self._messages, []
        return taken

    @property
    def _serves_several(self) -> bool:
        return len(self._caps) > 1

    def _has_slot_for(self, request: Request) -> bool:
        if request.prefetched:
            return not self._closed
        space = request.space
        if _ticket(request) > self._declined_from.get(space, math.inf):
            return False  # an earlier one was declined and must come first
        if self._held.count(space) >= self._caps[space]:
            return False
        if space not in self._closed:
            return self._free_slots() > 0
        offer = self._offers.get(space)
        return offer is not None and not offer.led_to_request

    def _decline(self, request: Request) -> None:
        space = request.space
        count = self._held.count(space)
        if count < self._caps[space]:
            self._close(space)
        self._declined_from[space] = min(_ticket(request), self._declined_from.get(space, math.inf))
        slots = self._next_slots(space, count)
        self._messages.append(
            Decline(request_id=request.request_id, attempt=request.attempt, slots=slots)
        )

    def _free_slots(self) -> int:
        """Return the number of slots that are neither used nor offered to a space."""
        kept = sum(not each.led_to_request for each in self._offers.values())
        return self._capacity - len(self._held) - kept

    def _offer_in_result(self, request: Request, now: float) -> None:
        """Close the space of a result as well, or offer it a slot if it is its turn."""
        space = request.space
        self._close(space)
        count = self._held.count(space)
        offer = self._offers.get(space)
        if offer is not None:
            self._next_slots(space, count + (not offer.led_to_request))
        elif self._is_alone(space):
            self._open(space, now, carried_by=request.request_id)
        elif self._waiting_spaces()[0] == space and self._free_slots() > 0:
            others = sum(of == space for of, _ in self._unacknowledged.values()) - 1
            slots = self._next_slots(space, min(self._caps[space], count + others + 1))
            self._offers[space] = _SentSlots(
                slots, now + ANSWER_SECONDS, carried_by=request.request_id
            )
        else:
            self._next_slots(space, count)

    def _offer_free_slots(self, now: float) -> None:
        """Offer each free slot to the space that was closed first."""
        for space in [] if self._draining else self._waiting_spaces():
            if self._free_slots() <= 0 or any(
                of == space for of, _ in self._unacknowledged.values()
            ):
                return  # until the result arrives, the gateway counts one more request than we do
            if self._is_alone(space):
                self._open(space, now)
            elif self._held.count(space) < self._caps[space]:
                slots = self._next_slots(space, self._held.count(space) + 1)
                self._offers[space] = _SentSlots(slots, now + ANSWER_SECONDS)
                self._messages.append(Offer(space=space, slots=slots))

    def _waiting_spaces(self) -> list[str]:
        return [space for space in self._closed if space not in self._offers]

    def _is_alone(self, space: str) -> bool:
        """Whether no other space needs or uses a slot."""
        return self._closed == [space] and len(self._held) == self._held.count(space)

    def _confirm(
        self, which: Callable[[_SentSlots], bool], now: float, *, nothing_waits: bool
    ) -> None:
        for space in [space for space, sent in self._unconfirmed.items() if which(sent)]:
            del self._unconfirmed[space]
        for space, offer in list(self._offers.items()):
            if which(offer):
                self._settle(space, offer, now, nothing_waits=nothing_waits)
        self._offer_free_slots(now)

    def _settle(self, space: str, offer: _SentSlots, now: float, *, nothing_waits: bool) -> None:
        """Finish an offer: a space with more requests queues again, another one is opened."""
        del self._offers[space]
        self._declined_from.pop(space, None)
        if offer.led_to_request and not nothing_waits:
            self._closed.remove(space)
            self._closed.append(space)
        else:
            self._open(space, now)

    def _close(self, space: str) -> None:
        self._unconfirmed.pop(space, None)
        if space not in self._closed:
            self._closed.append(space)

    def _open(self, space: str, now: float, carried_by: str | None = None) -> None:
        self._closed.remove(space)
        # A result that carries the slots makes an offer unnecessary, unless the result gets lost.
        self._send_until_confirmed(
            space, now if carried_by is None else now + ANSWER_SECONDS, carried_by
        )

    def _send_until_confirmed(self, space: str, due: float, carried_by: str | None = None) -> None:
        self._unconfirmed[space] = _SentSlots(
            self._next_slots(space, self._caps[space]), due, carried_by
        )

    def _next_slots(self, space: str, count: int) -> Slots:
        self._last_order += 1
        slots = self._last_sent[space] = Slots(count=count, order=self._last_order)
        return slots

    def _clear(self) -> None:
        for memory in (
            self._offers,
            self._unconfirmed,
            self._last_sent,
            self._declined_from,
            self._unacknowledged,
        ):
            memory.clear()
        self._messages.clear()


def _ticket(request: Request) -> float:
    named = RequestId.parse(request.request_id)
    return 0 if named is None else named.ticket
