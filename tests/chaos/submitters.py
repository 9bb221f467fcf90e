"""The people of a run: they submit, poll as they are told, cancel, and read the results."""

import time
from functools import partial
from random import Random
from typing import Any, Final

import httpx

from tests.chaos.agenda import Agenda, Step
from tests.chaos.dice import Tally
from tests.chaos.ledger import Entry
from tests.chaos.plan import Wish

TRIES: Final = 40
"""Repetitions of a submit before its submitter gives up."""
RETRIED: Final = frozenset({429, 500, 502, 503, 504})


class Submitters:
    """All of them, and what they know of their requests."""

    def __init__(self, api_url: str, tally: Tally, seed: int) -> None:
        self.entries: list[Entry] = []
        self._agenda = Agenda(api_url)
        self._tally = tally
        self._random = Random(f"submitters {seed}")

    def begin(self, wishes: list[Wish], key_prefix: str) -> None:
        """Plan all submits and start."""
        now = time.time()
        for wish in wishes:
            entry = Entry(wish, f"{key_prefix} {wish.name}")
            self.entries.append(entry)
            for _ in range(1 + wish.twice):
                self._agenda.plan(now + wish.at, self._submit_step(entry, 0))
        self._agenda.begin()

    def read_again(self) -> None:
        """Read every request once more, polled or not."""
        for entry in self.entries:
            if entry.accepted_at is not None:
                self._agenda.plan(time.time(), partial(self._read, entry=entry))

    def end(self) -> None:
        """Stop; what broke in a thread is raised here."""
        self._agenda.end()

    @property
    def idle(self) -> bool:
        """Whether nothing is planned."""
        return self._agenda.empty

    @property
    def decided(self) -> bool:
        """Whether every submit was answered with 202 or given up."""
        return all(entry.accepted_at or entry.refused for entry in self.entries)

    def progress(self) -> str:
        """Say how far it is."""
        accepted = sum(1 for entry in self.entries if entry.accepted_at)
        ended = sum(1 for entry in self.entries if entry.result)
        return f"{accepted} of {len(self.entries)} accepted, {ended} seen to end"

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
            self._tally.note(f"submit: {_outcome(answer)}, sent again")
            pause = self._random.uniform(0.1, min(3.0, 0.3 * 2**tried))
            self._agenda.plan(time.time() + pause, self._submit_step(entry, tried + 1))
        else:
            entry.refused = "no answer" if answer is None else answer.text

    def _accepted(self, entry: Entry, body: dict[str, Any]) -> None:
        first = entry.accepted_at is None
        entry.accepted(body)
        if not first:
            return
        if entry.wish.cancelled_after is not None:
            at = time.time() + entry.wish.cancelled_after
            self._agenda.plan(at, partial(self._cancel, entry=entry))
        if entry.wish.space.polled:
            self._poll_in(entry, body["retry_after_ms"])

    # -- looking -----------------------------------------------------------------------------------

    def _poll_in(self, entry: Entry, milliseconds: float) -> None:
        at = time.time() + milliseconds / 1000
        self._agenda.plan(at, partial(self._poll, entry=entry))

    def _poll(self, client: httpx.Client, entry: Entry) -> None:
        entry.polls += 1
        answer = _call(client, "GET", entry.paths["status"])
        if answer is None or answer.status_code in RETRIED:
            self._tally.note(f"poll: {_outcome(answer)}, sent again")
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
            self._agenda.plan(time.time() + 1, partial(self._read, entry=entry))
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


def _outcome(answer: httpx.Response | None) -> str:
    if answer is None:
        return "no answer"
    try:
        return f"{answer.status_code} {answer.json()['error']['type']}"
    except (ValueError, KeyError, TypeError):  # from the edge
        return str(answer.status_code)


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
