"""The rules of the queue, each removed once on purpose; something must notice every time.

A mutant is a change of the source text of one function. Its text must still be there: a mutant
that has gone stale is an error, not a pass.
"""

import importlib
import inspect
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any, NamedTuple


class Mutant(NamedTuple):
    """A rule, and how it is removed.

    Attributes:
        rule: in the words of the design.
        where: ``module:function`` or ``module:Class.method``; modules of the simulated workers
            and clocks are named as well, where the rule is theirs.
        old: text of the function; new: what stands there instead.
        caught_by: the small world or the story in which it shows.
    """

    rule: str
    where: str
    old: str
    new: str
    caught_by: str

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Remove the rule for a while."""
        function = _function(self.where)
        before = function.__code__
        function.__code__ = self._changed(function)
        try:
            yield
        finally:
            function.__code__ = before

    def _changed(self, function: FunctionType) -> Any:
        source = textwrap.dedent(inspect.getsource(function)).removeprefix("@staticmethod\n")
        if source.count(self.old) != 1:
            raise LookupError(f"{self.where} has {source.count(self.old)} times {self.old!r}")
        names = dict(function.__globals__)
        changed = "from __future__ import annotations\n" + source.replace(self.old, self.new)
        exec(compile(changed, self.where, "exec"), names)
        return names[function.__name__].__code__


def _function(where: str) -> FunctionType:
    module, _, path = where.partition(":")
    found: Any = importlib.import_module(module)
    for name in path.split("."):
        found = getattr(found, name)
    assert isinstance(found, FunctionType), where
    return found


DOMAIN = "spaces.domain"
SERVICES = "spaces.services"
ADAPTERS = "spaces.adapters"
TABLES = "spaces.adapters.dynamodb"
SIMULATION = "tests.simulation"
