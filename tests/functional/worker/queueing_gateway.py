"""A gateway with a queue for each space, as far as a worker can tell: hands over, takes back."""

import collections
import contextlib
from datetime import UTC, datetime, timedelta

from spaces_protocol.codec import encode
from spaces_protocol.gateway_messages import (
    AcceptedSpace,
    Ack,
    Input,
    Offered,
    Registered,
    Request,
)
from spaces_protocol.worker_messages import Decline, Offer, Register, Result
from tests.functional.worker.conftest import Gateway


class QueueingGateway(Gateway):
    """Hands over what waits, in order, up to what the worker offers.

    ``renew_after``: seconds after which a link should be renewed. ``abrupt``: a link that was
    replaced ends without a closing handshake, and what was on its way is lost.
    """

    def __init__(self, *, renew_after=3600.0, prefetch=0, abrupt=False):
        super().__init__()
        self.queues = collections.defaultdict(collections.deque)
        self.running = collections.defaultdict(dict)
        self.early = collections.defaultdict(dict)
        self.results = {}
        self.repeated = 0
        self.declined = 0
        self.offers = 0
        self.expected = 0
        self.handed_over = collections.defaultdict(list)
        self._offered = {}
        self._capacity = 0
        self.renew_after = renew_after
        self._prefetch = prefetch
        self._abrupt = abrupt
        self._current = None

    def submit(self, space, numbers):
        for number in numbers:
            self.queues[space].append((f"{space}.{number}.{'n' * 22}", 1))

    async def serve(self):
        """Hand over what waits, if there is a worker."""
        for space in list(self.queues):
            await self._fill(space)

    async def _answer(self, link, message):
        match message:
            case Register():
                await self._register(link, message)
            case Result():
                await self._result(message)
            case Decline():
                self.declined += 1
                space = self._space(message.request_id)
                self._take_back(message.request_id)
                self._note(space, message.slots, most=len(self.running[space]))
            case Offer():
                self.offers += 1
                self._note(message.space, message.slots)
                await self._fill(message.space)
                waiting = len(self.queues[message.space])
                await self._post(
                    Offered(space=message.space, order=message.slots.order, waiting=waiting)
                )

    async def _register(self, link, message):
        if link is not self._current:
            former, self._current = self._current, link
            self._offered.clear()
            if former is not None:
                await self._end(former)
        self._capacity = message.capacity
        held = {each.request_id for each in message.in_flight}
        await link.send(
            encode(
                Registered(
                    accepted=[
                        AcceptedSpace(space=space, timeout_seconds=120, prefetch=self._prefetch)
                        for space in message.spaces
                    ],
                    resume=[each for each in message.in_flight if self._runs(each.request_id)],
                    renew_before=datetime.now(UTC) + timedelta(seconds=self.renew_after),
                    ping_seconds=180,
                    lease_seconds=30,
                )
            )
        )
        for space in message.spaces:
            for name, attempt in self.running[space].items():
                if name not in held:
                    await self._post(self._request(space, name, attempt))
            await self._fill(space)

    async def _end(self, link):
        if self._abrupt:
            link.transport.abort()
        else:
            await link.close()

    async def _result(self, message):
        space = self._space(message.request_id)
        if message.request_id in self.results:
            self.repeated += 1
        else:
            self.results[message.request_id] = message
        self.running[space].pop(message.request_id, None)
        if self.early[space]:
            name, attempt = self.early[space].popitem()
            self.running[space][name] = attempt
        if message.slots is not None:
            self._note(space, message.slots)
        following = self._next(space)
        await self._post(Ack(request_id=message.request_id, status="stored", next=following))
        await self._fill(space)

    def _next(self, space):
        """Take the next request of a space, if the worker has a slot for it."""
        if not self.queues[space] or len(self.running[space]) >= self._slots(space):
            return None
        name, attempt = self.queues[space].popleft()
        self.running[space][name] = attempt
        self.handed_over[space].append(name)
        return self._request(space, name, attempt)

    async def _fill(self, space):
        while (following := self._next(space)) is not None:
            await self._post(following)
        if self._prefetch and self.queues[space] and not self.early[space] and self.running[space]:
            name, attempt = self.queues[space].popleft()
            self.early[space][name] = attempt
            self.handed_over[space].append(name)
            await self._post(self._request(space, name, attempt, prefetched=True))

    async def _post(self, message):
        with contextlib.suppress(Exception):
            await self._current.send(encode(message))

    def _slots(self, space):
        count, _ = self._offered.get(space, (self._capacity, 0))
        return min(count, self._capacity)

    def _note(self, space, slots, most=64):
        _, order = self._offered.get(space, (0, 0))
        if slots.order > order:
            self._offered[space] = (min(slots.count, most), slots.order)

    def _take_back(self, name):
        space = self._space(name)
        attempt = self.running[space].pop(name, None) or self.early[space].pop(name, None)
        if attempt is not None:
            waiting = [*self.queues[space], (name, attempt + 1)]
            waiting.sort(key=lambda each: int(each[0].split(".")[1]))
            self.queues[space] = collections.deque(waiting)

    def _runs(self, name):
        return name in self.running[self._space(name)]

    @staticmethod
    def _space(name):
        return name.split(".")[0]

    @staticmethod
    def _request(space, name, attempt, *, prefetched=False):
        return Request(
            request_id=name,
            space=space,
            attempt=attempt,
            deadline=datetime.now(UTC) + timedelta(seconds=120),
            input=Input(prompt=name.split(".")[1]),
            prefetched=prefetched,
        )
