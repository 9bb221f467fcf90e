"""Several spaces share the slots of one worker: which of them may be handed more, and whose turn.

A space is *open* while its gateway may use the whole capacity. It is *closed* once a request of it
had to be declined, or once one of it ended while others were closed: then it is offered single
slots, the space that was closed first before the others, until nothing of it waits any more. What a
result can say of its own space needs no message of its own.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from spaces_protocol.gateway_messages import Offered, Request
from spaces_protocol.request_id import RequestId
from spaces_protocol.worker_messages import Decline, Offer, Result, Slots
from spaces_worker._session.held_requests import HeldRequests

ANSWER_SECONDS: Final = 5.0
"""An offer that was not answered for so long counts as one that led to nothing."""
MAX_ANSWER_SECONDS: Final = 60.0


@dataclass(slots=True)
class _Words:
    """What was said of a space, until the gateway has answered.

    Attributes:
        slots: what it was.
        due: when to do without the answer, or to say it again.
        by: the request whose result carries it; None if an offer does.
        wait: seconds until it is said once more.
        delivered: a request came of it.
    """

    slots: Slots
    due: float
    by: str | None = None
    wait: float = ANSWER_SECONDS
    delivered: bool = False


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
        self._ending = False
        self._placed: set[str] = set()
        self._closed: list[str] = []
        self._asked: dict[str, _Words] = {}
        self._told: dict[str, _Words] = {}
        self._said: dict[str, Slots] = {}
        self._behind: dict[str, float] = {}
        self._unacknowledged: dict[str, tuple[str, float]] = {}
        self._messages: list[Decline | Offer] = []

    def linked_anew(self) -> None:
        """There is a new connection, to which nothing was said: all spaces are open."""
        self._placed.clear()
        self._closed.clear()
        self._forget()

    def registered(self, accepted: Iterable[str], now: float) -> None:
        """The connection has places in these spaces: say, once, where the capacity is too much."""
        for space in self._caps.keys() & (set(accepted) - self._placed):
            self._placed.add(space)
            capped = self._several and self._caps[space] < self._capacity
            if capped and not self._leaving and space not in self._closed:
                self._tell(space, now)

    def leaving(self) -> None:
        """Ask for nothing more; what comes all the same is treated as before."""
        self._leaving = True
        self._forget()

    def ending(self) -> None:
        """Take nothing any more: there is nobody to run it."""
        self._ending = True

    def hand_back(self, request: Request) -> None:
        """Decline a request of a worker that ends; no order of its words matters any more."""
        self._order += 1
        slots = Slots(count=0, order=self._order)
        self._messages.append(
            Decline(request_id=request.request_id, attempt=request.attempt, slots=slots)
        )

    def accepts(self, request: Request) -> bool:
        """Take a new request, or decline it because there is no slot for it."""
        if self._ending:
            self.hand_back(request)
            return False
        space = request.space
        if not self._several or space not in self._caps:
            return True
        if not self._may_hold(request):
            self._decline(request)
            return False
        self._behind.pop(space, None)
        if space in self._asked:
            self._asked[space].delivered = True
        return True

    def freed(self, request: Request, now: float, *, answered: bool) -> None:
        """A request is held no more: its slot goes to the space that waits for the longest time.

        Args:
            request: as it was held.
            now: the time.
            answered: there is a result, which can carry what is said of its space.
        """
        if self._leaving or not self._several or request.space not in self._caps:
            return
        if answered:
            self._unacknowledged[request.request_id] = (request.space, now + ANSWER_SECONDS)
            if self._closed:
                self._say_by_result(request, now)
        self._ask(now)

    def acknowledged(self, request_id: str, now: float) -> None:
        """The gateway has a result, and with it what that said of its space."""
        self._unacknowledged.pop(request_id, None)
        self._answered(lambda words: words.by == request_id, now, nothing_waits=False)

    def offered(self, answer: Offered, now: float) -> None:
        """The gateway has answered an offer."""
        self._answered(
            lambda words: words.slots.order == answer.order, now, nothing_waits=answer.waiting == 0
        )

    def tick(self, now: float) -> None:
        """Do without the answers that are late; repeat what must arrive."""
        late = [name for name, (_, until) in self._unacknowledged.items() if until <= now]
        for name in late:
            del self._unacknowledged[name]
        for space, asked in list(self._asked.items()):
            if asked.due <= now:
                self._settle(space, asked, now, nothing_waits=True)
        self._ask(now)
        for space, told in self._told.items():
            if told.due <= now:
                self._messages.append(Offer(space=space, slots=told.slots))
                told.due, told.wait = now + told.wait, min(MAX_ANSWER_SECONDS, told.wait * 2)

    def next_due(self) -> float:
        """Return when `tick` has something to do; infinity if it has not."""
        words = (each.due for each in (*self._asked.values(), *self._told.values()))
        results = (until for _, until in self._unacknowledged.values() if self._closed)
        return min(*words, *results, math.inf, math.inf)

    def signed(self, result: Result) -> Result:
        """Return a result with what was last said of its space, if that is not open for sure."""
        named = RequestId.parse(result.request_id)
        if named is None or not (named.space in self._closed or named.space in self._told):
            return result
        return msgspec.structs.replace(result, slots=self._said.get(named.space))

    def take_messages(self) -> list[Decline | Offer]:
        """Return what is to be sent now, in order."""
        taken, self._messages = self._messages, []
        return taken

    @property
    def _several(self) -> bool:
        return len(self._caps) > 1

    def _may_hold(self, request: Request) -> bool:
        if request.prefetched:
            return not self._closed
        space = request.space
        if _ticket(request) > self._behind.get(space, math.inf):
            return False  # one before it was declined, and comes again first
        if self._held.count(space) >= self._caps[space]:
            return False
        if space not in self._closed:
            return self._free() > 0
        asked = self._asked.get(space)
        return asked is not None and not asked.delivered

    def _decline(self, request: Request) -> None:
        space = request.space
        count = self._held.count(space)
        if count < self._caps[space]:
            self._close(space)
        self._behind[space] = min(_ticket(request), self._behind.get(space, math.inf))
        slots = self._say(space, count)
        self._messages.append(
            Decline(request_id=request.request_id, attempt=request.attempt, slots=slots)
        )

    def _free(self) -> int:
        """Return the slots that nobody uses, and that are not kept for a space."""
        kept = sum(not each.delivered for each in self._asked.values())
        return self._capacity - len(self._held) - kept

    def _say_by_result(self, request: Request, now: float) -> None:
        """Close the space of a result, too; or offer the slot in it, if it is this space's turn."""
        space = request.space
        self._close(space)
        count = self._held.count(space)
        asked = self._asked.get(space)
        if asked is not None:
            self._say(space, count + (not asked.delivered))
        elif self._alone(space):
            self._open(space, now, by=request.request_id)
        elif self._turns()[0] == space and self._free() > 0:
            others = sum(of == space for of, _ in self._unacknowledged.values()) - 1
            slots = self._say(space, min(self._caps[space], count + others + 1))
            self._asked[space] = _Words(slots, now + ANSWER_SECONDS, by=request.request_id)
        else:
            self._say(space, count)

    def _ask(self, now: float) -> None:
        """Offer each free slot to the space that was closed first."""
        for space in [] if self._leaving else self._turns():
            if self._free() <= 0 or any(of == space for of, _ in self._unacknowledged.values()):
                return  # while a result is under way, its gateway counts one more than we do
            if self._alone(space):
                self._open(space, now)
            elif self._held.count(space) < self._caps[space]:
                slots = self._say(space, self._held.count(space) + 1)
                self._asked[space] = _Words(slots, now + ANSWER_SECONDS)
                self._messages.append(Offer(space=space, slots=slots))

    def _turns(self) -> list[str]:
        return [space for space in self._closed if space not in self._asked]

    def _alone(self, space: str) -> bool:
        """Whether no other space wants or uses a slot."""
        return self._closed == [space] and len(self._held) == self._held.count(space)

    def _answered(
        self, which: Callable[[_Words], bool], now: float, *, nothing_waits: bool
    ) -> None:
        for space in [space for space, told in self._told.items() if which(told)]:
            del self._told[space]
        for space, asked in list(self._asked.items()):
            if which(asked):
                self._settle(space, asked, now, nothing_waits=nothing_waits)
        self._ask(now)

    def _settle(self, space: str, asked: _Words, now: float, *, nothing_waits: bool) -> None:
        """An offer has had its effect: more waits, and the space queues again, or it is opened."""
        del self._asked[space]
        self._behind.pop(space, None)
        if asked.delivered and not nothing_waits:
            self._closed.remove(space)
            self._closed.append(space)
        else:
            self._open(space, now)

    def _close(self, space: str) -> None:
        self._told.pop(space, None)
        if space not in self._closed:
            self._closed.append(space)

    def _open(self, space: str, now: float, by: str | None = None) -> None:
        self._closed.remove(space)
        # What a result carries need not be said twice, unless that gets lost.
        self._tell(space, now if by is None else now + ANSWER_SECONDS, by)

    def _tell(self, space: str, due: float, by: str | None = None) -> None:
        self._told[space] = _Words(self._say(space, self._caps[space]), due, by)

    def _say(self, space: str, count: int) -> Slots:
        self._order += 1
        slots = self._said[space] = Slots(count=count, order=self._order)
        return slots

    def _forget(self) -> None:
        for memory in (self._asked, self._told, self._said, self._behind, self._unacknowledged):
            memory.clear()
        self._messages.clear()


def _ticket(request: Request) -> float:
    named = RequestId.parse(request.request_id)
    return 0 if named is None else named.ticket
