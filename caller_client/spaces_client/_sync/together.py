"""Does the same to several items at a time, and waits for all."""

import queue
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
U = TypeVar("U")


def do_together(work: Callable[[T], U], items: Sequence[T], at_once: int) -> list[U]:
    """Return what comes of the items, in their order.

    The threads do not keep the program from ending: who presses Ctrl-C while large files are sent
    does not wait for them.

    Raises:
        Exception: what one of them raised; items that have not begun are left out.
    """
    left = iter(enumerate(items))
    ended: queue.SimpleQueue[tuple[int, U | None, Exception | None]] = queue.SimpleQueue()

    def begin() -> int:
        for number, item in left:
            threading.Thread(target=run, args=(number, item), daemon=True).start()
            return 1
        return 0

    def run(number: int, item: T) -> None:
        try:
            ended.put((number, work(item), None))
        except Exception as error:  # noqa: BLE001 - raised below
            ended.put((number, None, error))

    running = sum(begin() for _ in range(at_once))
    found: dict[int, U | None] = {}
    while running:
        number, value, error = ended.get()
        if error is not None:
            raise error
        found[number] = value
        running += begin() - 1
    return [found[number] for number in range(len(items))]  # type: ignore[misc]  # all have ended
