"""Measures one action after another."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.actions.counted_files import CountedFiles
from benchmarks.actions.price import Price
from benchmarks.capacity import Capacity
from benchmarks.units import Line
from spaces.domain.space import Definition
from spaces.services.ports.gateway import Gateway, Sender
from spaces.services.spaces.create_space import create_space
from spaces.services.workers.register_worker import register_worker
from spaces_protocol.worker_messages import (
    Register,
)


@dataclass
class Meter:
    """Measures one action after another."""

    gateway: Gateway
    line: Line
    capacity: Capacity
    files: CountedFiles
    prices: list[Price]

    def price(self, action: str, bound: str, work: Callable[[], Any]) -> Any:
        """Do an action, note its price, and return its product."""
        self.capacity.reset()
        self.line.posted.clear()
        self.files.calls = 0
        product = work()
        taken = self.capacity.write, self.capacity.read, self.files.calls
        self.prices.append(Price(action, *taken, len(self.line.posted), bound))
        return product


def add_space(gateway: Gateway, name: str, **settings: Any) -> None:
    """Create a space."""
    create_space(gateway, Definition(space_id=name, title=name, created_at=0, **settings))


def add_worker(gateway: Gateway, name: str, *spaces: str) -> Sender:
    """Register a worker."""
    sender = Sender(f"connection-{name}", gateway.now(), name, "t1", frozenset(spaces))
    register_worker(gateway, sender, Register(spaces=[*spaces], session="s"))
    return sender
