"""A use case under way: it stands still at each call to the outside until that is answered."""

from collections.abc import Callable
from typing import Any

from greenlet import getcurrent, greenlet

from tests.simulation.calls import Answer, Call

_IN_IDS = str.maketrans("#:'", "-__")


class Course:
    """One execution of a use case; it cannot go back, so another answer needs another one.

    Attributes:
        at: when the last answer came; looked: whether the time was asked for since then.
        looked_at: what the time was when it was last asked for.
    """

    def __init__(self, name: str, use_case: Callable[[], Any]) -> None:
        self._name = name
        self._texts = 0
        self._greenlet = greenlet(lambda _begin: use_case())
        self.at = 0
        self.looked = False
        self.looked_at = 0

    @property
    def ended(self) -> bool:
        """Tell whether the use case has returned or raised."""
        return self._greenlet.dead

    def go_on(self, answer: Answer, at: int) -> Any:
        """Return the next call after an answer, or what the use case returns.

        The first answer only says that it begins. Raises what the use case raises.
        """
        self.at, self.looked = at, False
        return self._greenlet.switch(answer)

    def look_at_time(self) -> int:
        """Return when the last answer came."""
        self.looked, self.looked_at = True, self.at
        return self.at

    def random_text(self) -> str:
        """Return 22 characters that no other call of any actor gets."""
        self._texts += 1
        return f"{self._name}-{self._texts}".translate(_IN_IDS).rjust(22, "0")


def wait_for_answer(call: Call) -> Answer:
    """Let the course that this runs in stand still before a call, and return the answer to it."""
    answer: Answer = getcurrent().parent.switch(call)
    return answer
