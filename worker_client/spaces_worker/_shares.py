"""Several spaces share the slots of one worker: which of them may be handed more, and whose turn.

A space is *open* while its gateway may use the whole capacity. It is *closed* once a request of it
had to be declined, or once one of it ended while others were closed: then it is offered single
slots, the space that was closed first before the others, until nothing of it waits any more.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from spaces_protocol.gateway_messages import Offered, Request
from spaces_protocol.request_id import RequestId
from spaces_protocol.worker_messages import Decline, Offer, Result, Slots
from spaces_worker._held_requests import HeldRequests

ANSWER_SECONDS: Final = 5.0
"""An offer that was not answered for so long counts as one that led to nothing."""
MAX_ANSWER_SECONDS: Final = 60.0


@dataclass(slots=True)
class _Asked:
    """A slot that is kept free for a space, until its gateway has answered."""

    order: int
    until: float
    delivered: bool = False


@dataclass(slots=True)
class _Told:
    """An offer that must arrive, or a space would stay closed for ever."""

    slots: Slots
    due: float
    wait: float = ANSWER_SECONDS


class Shares:
    """Decides who gets a free slot, and says so.

    Args:
        capacity: requests that run at the same time, over all spaces.
        spaces: those that this worker serves.
        caps: spaces that may not use the whole capacity.
        held: what it holds.
    """

    def __init__(
        self, capacity: int, spaces: Sequence[str], caps: Mapping[str, int], held: HeldRequests
    ) -> None:
        self._capacity = capacity
        self._caps = {space: min(capacity, caps.get(space, capacity)) for space in spaces}
        self._held = held
        self._order = 0
        self._leaving = False
        self._closed: list[str] = []
        self._asked: dict[str, _Asked] = {}
        self._told: dict[str, _Told] = {}
        self._said: dict[str, Slots] = {}
        self._messages: list[Decline | Offer] = []

    def linked_anew(self) -> None:
        """There is a new connection, to which nothing was said: all spaces are open."""
        self._closed.clear()
        self._forget()

    def registered(self, now: float) -> None:
        """The new connection has its places: tell it what is less than the capacity."""
        for space, cap in self._caps.items():
            if self._several and cap < self._capacity:
                self._tell(space, cap, now)

    def leaving(self) -> None:
        """Ask for nothing more; what comes all the same is treated as before."""
        self._leaving = True
        self._forget()

    def accepts(self, request: Request) -> bool:
        """Take a new request, or decline it because there is no slot for it."""
        space = request.space
        if not self._several or space not in self._caps or self._has_slot(request):
            if space in self._asked:
                self._asked[space].delivered = True
            return True
        count = self._held.count(space)
        if not request.held and count < self._caps[space]:
            self._close(space)
        slots = self._say(space, count)
        self._messages.append(
            Decline(request_id=request.request_id, attempt=request.attempt, slots=slots)
        )
        return False

    def freed(self, space: str, now: float, *, answered: bool) -> None:
        """A request is held no more: its slot goes to the space that waits for the longest time.

        Args:
            space: the request's.
            now: the time.
            answered: there is a result, which can carry what is said of the space.
        """
        if answered and self._closed and space in self._caps:
            self._close(space)
            asked = self._asked.get(space)
            kept = asked is not None and not asked.delivered
            self._say(space, self._held.count(space) + kept)
        self._ask(now)

    def offered(self, answer: Offered, now: float) -> None:
        """The gateway has answered an offer."""
        told = self._told.get(answer.space)
        if told is not None and told.slots.order == answer.order:
            del self._told[answer.space]
        asked = self._asked.get(answer.space)
        if asked is not None and asked.order == answer.order:
            self._settle(answer.space, asked, now, nothing_waits=answer.waiting == 0)
            self._ask(now)

    def tick(self, now: float) -> None:
        """Do without the answers that are late; repeat what must arrive."""
        for space, asked in list(self._asked.items()):
            if asked.until <= now:
                self._settle(space, asked, now, nothing_waits=True)
        self._ask(now)
        for space, told in self._told.items():
            if told.due <= now:
                self._messages.append(Offer(space=space, slots=told.slots))
                told.due, told.wait = now + told.wait, min(MAX_ANSWER_SECONDS, told.wait * 2)

    def next_due(self) -> float:
        """Return when `tick` has something to do; infinity if it has not."""
        asked = (each.until for each in self._asked.values())
        told = (each.due for each in self._told.values())
        return min(*asked, *told, math.inf, math.inf)

    def signed(self, result: Result) -> Result:
        """Return a result with what was last said of its space, if that is closed."""
        named = RequestId.parse(result.request_id)
        if named is None or named.space not in self._closed or named.space not in self._said:
            return result
        return msgspec.structs.replace(result, slots=self._said[named.space])

    def take_messages(self) -> list[Decline | Offer]:
        """Return what is to be sent now, in order."""
        taken, self._messages = self._messages, []
        return taken

    @property
    def _several(self) -> bool:
        return len(self._caps) > 1

    def _has_slot(self, request: Request) -> bool:
        if request.held:
            return not self._closed
        if self._held.count(request.space) >= self._caps[request.space]:
            return False
        return self._free(but=request.space) > 0

    def _free(self, but: str = "") -> int:
        """Return the slots that nobody uses, and that are not kept for another space."""
        kept = sum(space != but and not each.delivered for space, each in self._asked.items())
        return self._capacity - len(self._held) - kept

    def _ask(self, now: float) -> None:
        """Offer each free slot to the space that was closed first."""
        waiting = (
            [] if self._leaving else [each for each in self._closed if each not in self._asked]
        )
        for space in waiting:
            count = self._held.count(space) + 1
            if self._free() <= 0 or count > self._caps[space]:
                continue
            slots = self._say(space, count)
            self._asked[space] = _Asked(slots.order, now + ANSWER_SECONDS)
            self._messages.append(Offer(space=space, slots=slots))

    def _settle(self, space: str, asked: _Asked, now: float, *, nothing_waits: bool) -> None:
        """An offer has had its effect: more waits, and the space queues again, or it is opened."""
        del self._asked[space]
        self._closed.remove(space)
        if asked.delivered and not nothing_waits:
            self._closed.append(space)
        else:
            self._tell(space, self._caps[space], now)

    def _close(self, space: str) -> None:
        self._told.pop(space, None)
        if space not in self._closed:
            self._closed.append(space)

    def _tell(self, space: str, count: int, now: float) -> None:
        self._told[space] = _Told(self._say(space, count), due=now)

    def _say(self, space: str, count: int) -> Slots:
        self._order += 1
        slots = self._said[space] = Slots(count=count, order=self._order)
        return slots

    def _forget(self) -> None:
        self._asked.clear()
        self._told.clear()
        self._said.clear()
        self._messages.clear()
