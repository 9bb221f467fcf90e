"""Runs a function over many items, some at a time, in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

from spaces_client._errors import UsageError

T = TypeVar("T")
U = TypeVar("U")


def run_all(work: Callable[[T], U], items: Iterable[T], concurrency: int) -> Iterator[U]:
    """Yield the results in the order of the items.

    Raises:
        UsageError: concurrency is not at least 1.
    """
    if concurrency < 1:
        raise UsageError("concurrency must be at least 1.")
    return _run(work, iter(items), concurrency)


def _run(work: Callable[[T], U], items: Iterator[T], concurrency: int) -> Iterator[U]:
    pool = ThreadPoolExecutor(concurrency, "spaces-map")
    begun: deque[Future[U]] = deque(pool.submit(work, item) for item in islice(items, concurrency))
    try:
        while begun:
            yield begun.popleft().result()
            begun.extend(pool.submit(work, item) for item in islice(items, 1))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
