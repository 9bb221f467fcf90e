"""How many functions run at the same time in the account."""

from collections.abc import Iterator
from contextlib import contextmanager

from infra.local.strict_edge.rules import Rules


class Throttled(Exception):
    """As many functions run as the account allows."""


class LambdaRuns:
    """Counts the invocations that run.

    "Lambda quotas" names 1,000 for an account; a new one has fewer, often 10.

    Attributes:
        running: how many run now.
        most: how many have run at the same time.
        total: how many have run.
        refused: how many were refused.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self.running = self.most = self.total = self.refused = 0

    @contextmanager
    def run(self) -> Iterator[None]:
        """Count one.

        Raises:
            Throttled: too many run already.
        """
        if self.running >= self._rules.parallel_runs:
            self.refused += 1
            self._rules.met["function: too many at a time"] += 1
            raise Throttled
        self.running += 1
        self.total += 1
        self.most = max(self.most, self.running)
        try:
            yield
        finally:
            self.running -= 1
