"""The people of a run: they submit, poll as they are told, cancel, and read the results."""

import heapq
import threading
import time
from collections.abc import Callable
from functools import partial
from itertools import count
from random import Random
from typing import Any, Final

import httpx

from tests.chaos.dice import Tally
from tests.chaos.ledger import Entry
from tests.chaos.plan import Wish

THREADS: Final = 6
TRIES: Final = 40
"""Repetitions of a submit before its submitter gives up."""
RETRIED: Final = frozenset({429, 500, 502, 503, 504})

Step = Callable[[httpx.Client], None]


class Submitters:
    """A few threads that do, in the order of time, what is due for each request."""

    def __init__(self, api_url: str, tally: Tally, seed: int) -> None:
        self.entries: list[Entry] = []
        self._api_url = api_url
        self._tally = tally
        self._random = Random(f"submitters {seed}")
        self._order = count()
        self._due: list[tuple[float, int, Step]] = []
        self._changed = threading.Condition()
        self._closed = False
        self._busy = 0
        self._broken: list[BaseException] = []
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(THREADS)]

    def begin(self, wishes: list[Wish], key_prefix: str) -> None:
        """Plan all submits and start."""
        now = time.time()
        for wish in wishes:
            entry = Entry(wish, f"{key_prefix} {wish.name}")
            self.entries.append(entry)
            for _ in range(1 + wish.twice):
                self._plan(now + wish.at, self._submit_step(entry, 0))
        for thread in self._threads:
            thread.start()

    def read_again(self) -> None:
        """Read every request once more, polled or not."""
        for entry in self.entries:
            if entry.accepted_at is not None:
                self._plan(time.time(), partial(self._read, entry=entry))

    def end(self) -> None:
        """Stop all threads.

        Raises:
            BaseException: what ended one of them.
        """
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()
        if self._broken:
            raise self._broken[0]

    @property
    def decided(self) -> bool:
        """Whether every submit was answered with 202 or given up."""
        return all(entry.accepted_at or entry.refused for entry in self.entries)

    def progress(self) -> str:
        """Say how far it is."""
        accepted = sum(1 for entry in self.entries if entry.accepted_at)
        ended = sum(1 for entry in self.entries if entry.result)
        return f"{accepted} of {len(self.entries)} accepted, {ended} seen to end"

    @property
    def idle(self) -> bool:
        """Whether nothing is planned."""
        with self._changed:
            return not self._due and self._busy == 0

    # -- the threads -------------------------------------------------------------------------------

    def _plan(self, at: float, step: Step) -> None:
        with self._changed:
            heapq.heappush(self._due, (at, next(self._order), step))
            self._changed.notify()

    def _work(self) -> None:
        with httpx.Client(base_url=self._api_url, timeout=32, trust_env=False) as client:
            try:
                while (step := self._next()) is not None:
                    step(client)
                    with self._changed:
                        self._busy -= 1
            except BaseException as error:  # noqa: BLE001 - told by end()
                self._broken.append(error)

    def _next(self) -> Step | None:
        with self._changed:
            while not self._closed:
                wait = self._due[0][0] - time.time() if self._due else None
                if wait is not None and wait <= 0:
                    self._busy += 1
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
        return None

    # -- submitting --------------------------------------------------------------------------------

    def _submit_step(self, entry: Entry, tried: int) -> Step:
        return partial(self._submit, entry=entry, tried=tried)

    def _submit(self, client: httpx.Client, entry: Entry, tried: int) -> None:
        entry.began = entry.began or time.time()
        in_a_hurry = entry.wish.impatient and tried == 0
        if in_a_hurry:
            self._tally.note("submit: given up before its answer, sent again")
        answer = _call(client, "POST", *_submission(entry), hurry=in_a_hurry)
        if answer is not None and answer.status_code == 202:
            self._accepted(entry, answer.json())
        elif (answer is None or answer.status_code in RETRIED) and tried < TRIES:
            self._tally.note("submit: failed, sent again")
            pause = self._random.uniform(0.1, min(3.0, 0.3 * 2**tried))
            self._plan(time.time() + pause, self._submit_step(entry, tried + 1))
        else:
            entry.refused = "no answer" if answer is None else answer.text

    def _accepted(self, entry: Entry, body: dict[str, Any]) -> None:
        first = entry.accepted_at is None
        entry.accepted(body)
        if not first:
            return
        if entry.wish.cancelled_after is not None:
            at = time.time() + entry.wish.cancelled_after
            self._plan(at, partial(self._cancel, entry=entry))
        if entry.wish.space.polled:
            self._poll_in(entry, body["retry_after_ms"])

    # -- looking -----------------------------------------------------------------------------------

    def _poll_in(self, entry: Entry, milliseconds: float) -> None:
        at = time.time() + milliseconds / 1000
        self._plan(at, partial(self._poll, entry=entry))

    def _poll(self, client: httpx.Client, entry: Entry) -> None:
        entry.polls += 1
        answer = _call(client, "GET", entry.paths["status"])
        if answer is None or answer.status_code in RETRIED:
            self._tally.note("poll: failed, sent again")
            self._poll_in(entry, 1000)
        elif answer.status_code != 200:
            entry.faults.append(f"poll: {answer.status_code} {answer.text}")
        else:
            body = answer.json()
            entry.shown(body["status"])
            if body["retry_after_ms"] is None:
                self._read(client, entry)
            else:
                self._poll_in(entry, body["retry_after_ms"])

    def _read(self, client: httpx.Client, entry: Entry) -> None:
        answer = _call(client, "GET", entry.paths["response"])
        if answer is None or answer.status_code in RETRIED or answer.status_code == 202:
            if answer is not None and answer.status_code == 202:
                entry.shown(answer.json()["status"])
            self._plan(time.time() + 1, partial(self._read, entry=entry))
        elif answer.status_code != 200:
            entry.faults.append(f"result: {answer.status_code} {answer.text}")
        else:
            entry.ended(answer.json())

    def _cancel(self, client: httpx.Client, entry: Entry) -> None:
        self._tally.note("request: cancelled by its submitter")
        answer = _call(client, "PUT", entry.paths["cancel"])
        if answer is not None and answer.status_code not in RETRIED | {200, 202, 409}:
            entry.faults.append(f"cancel: {answer.status_code} {answer.text}")


def _submission(entry: Entry) -> tuple[str, dict[str, Any]]:
    wish = entry.wish
    prompt = f'{{"name": "{wish.name}", "seconds": {wish.seconds}}}'
    return f"/v1/spaces/{wish.space.name}/requests", {
        "json": {"input": {"prompt": prompt}},
        "headers": {"Idempotency-Key": entry.key},
    }


def _call(
    client: httpx.Client,
    method: str,
    path: str,
    body: dict[str, Any] | None = None,
    *,
    hurry: bool = False,
) -> httpx.Response | None:
    """Call the API; None if there was no answer."""
    try:
        return client.request(method, path, timeout=0.03 if hurry else 32, **(body or {}))
    except httpx.TransportError:
        return None
