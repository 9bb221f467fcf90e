"""Runs a coroutine function over many items, some at a time, in order."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from spaces_client._errors import UsageError

T = TypeVar("T")
U = TypeVar("U")
Work = Callable[[T], Coroutine[Any, Any, U]]


def run_all(work: Work[T, U], items: Iterable[T], concurrency: int) -> AsyncIterator[U]:
    """Yield the results in the order of the items.

    Raises:
        UsageError: concurrency is not at least 1.
    """
    if concurrency < 1:
        raise UsageError("concurrency must be at least 1.")
    return _run(work, iter(items), concurrency)


async def _run(work: Work[T, U], items: Iterator[T], concurrency: int) -> AsyncIterator[U]:
    begun = deque(asyncio.ensure_future(work(item)) for item in islice(items, concurrency))
    try:
        while begun:
            yield await begun[0]
            begun.popleft()
            begun.extend(asyncio.ensure_future(work(item)) for item in islice(items, 1))
    finally:
        for task in begun:
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)
