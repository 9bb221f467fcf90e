"""Callers of a contender in one process, steered by lines of JSON: who calls, and what came of it.

``{"do": "time", "callers": 20, "seconds": 0, "lasts": 6}`` lets 20 callers call again and again for
6 seconds; they begin one after the other in the first third of it.
``{"do": "keep", "requests": 200, "seconds": 0.1}`` submits requests and says when all were
accepted. The next line, ``{"quiet": 60}``, lets their callers wait until 60 seconds have passed in
which none of them got an answer or an error; then it says what each of them got.
"""

import json
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

_PATIENCE = 120.0
_KEEPERS = 20
_SLICE = 30.0
_LAST_LOOK = 0.2


class Caller(ABC):
    """One caller of a contender, with connections of its own."""

    @abstractmethod
    def submit(self, prompt: str) -> Any:
        """Submit a request; return it as soon as the contender has accepted it."""

    @abstractmethod
    def wait(self, request: Any, seconds: float) -> str:
        """Return the answer.

        Raises:
            TimeoutError: neither an answer nor an error came in this time.
        """

    def call(self, prompt: str) -> str:
        """Submit a request and return the answer, as quickly as the contender's client can."""
        return self.wait(self.submit(prompt), _PATIENCE)

    def read_again(self, request: Any) -> list[str]:
        """Return all that was shown as the answer; empty if it cannot be read again."""
        return []

    def held(self) -> int | None:
        """Return how many requests without an answer the contender still knows; None if unknown."""
        return None


def serve(make: Callable[[], Caller]) -> None:
    """Carry out what is read from the standard input."""
    callers: list[Caller] = [make()]

    def crowd(size: int) -> list[Caller]:
        with ThreadPoolExecutor(_KEEPERS) as pool:
            callers.extend(pool.map(lambda _: make(), range(size - len(callers))))
        return callers[:size]

    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "time":
            crew = crowd(order["callers"])
            found: Any = _timed(crew, order["seconds"], order["lasts"])
        else:
            found = _kept(crowd(_KEEPERS), order["requests"], order["seconds"])
        print(json.dumps(found), flush=True)


def _timed(callers: list[Caller], seconds: float, lasts: float) -> dict[str, Any]:
    waited: list[float] = []
    failed: list[str] = []
    began = time.perf_counter()

    def call(number: int) -> None:
        time.sleep(lasts / 3 * number / len(callers))
        for turn in count():
            name, asked = f"{number}-{turn}", time.perf_counter()
            try:
                said = callers[number].call(f"{name} {seconds}")
            except Exception as error:  # noqa: BLE001 - whatever the contender's client raises
                failed.append(f"{type(error).__name__}: {error}"[:200])
            else:
                waited.append(time.perf_counter() - asked)
                assert said.split()[0] == name, said
            if time.perf_counter() >= began + lasts:
                return

    with ThreadPoolExecutor(len(callers)) as pool:
        list(pool.map(call, range(len(callers))))
    return {"waited": waited, "failed": failed, "seconds": time.perf_counter() - began}


def _kept(callers: list[Caller], requests: int, seconds: float) -> dict[str, Any]:
    def submit(number: int) -> Any:
        try:
            return callers[number % len(callers)].submit(f"r{number} {seconds}")
        except Exception as error:  # noqa: BLE001 - whatever the contender's client raises
            return error

    with ThreadPoolExecutor(len(callers)) as pool:
        submitted = list(pool.map(submit, range(requests)))
    accepted = [
        (callers[number % len(callers)], request)
        for number, request in enumerate(submitted)
        if not isinstance(request, Exception)
    ]
    print(json.dumps({"accepted": len(accepted)}), flush=True)
    vigil = _Vigil(json.loads(sys.stdin.readline())["quiet"])
    with ThreadPoolExecutor(_KEEPERS) as pool:
        outcomes = list(pool.map(lambda each: vigil.keep(*each), accepted))
    held = callers[0].held() if None in outcomes else None
    found = [_told(*pair, said) for pair, said in zip(accepted, outcomes, strict=True)]
    return {"outcomes": found, "held": held}


class _Vigil:
    """Waits for requests for as long as there is news of any."""

    def __init__(self, quiet: float) -> None:
        self._quiet = quiet
        self._news = time.monotonic()

    def keep(self, caller: Caller, request: Any) -> str | Exception | None:
        """Return the answer that a request got, or the error; None if there was neither."""
        while True:
            left = self._news + self._quiet - time.monotonic()
            try:
                said: str | Exception = caller.wait(request, min(max(left, _LAST_LOOK), _SLICE))
            except TimeoutError:
                if left < 0:
                    return None
                continue
            except Exception as error:  # noqa: BLE001 - whatever the contender's client raises
                said = error
            self._news = time.monotonic()
            return said


def _told(caller: Caller, request: Any, said: str | Exception | None) -> dict[str, Any]:
    if isinstance(said, Exception):
        return {"answers": [], "error": f"{type(said).__name__}: {said}"[:200]}
    return {"answers": sorted({said, *caller.read_again(request)} if said else ()), "error": None}
