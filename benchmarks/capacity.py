"""Count DynamoDB's units, call by call, as the service itself reports them."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

WRITES = ("PutItem", "UpdateItem", "DeleteItem")


@dataclass
class Capacity:
    """Units and calls since the last `reset`."""

    read: float = 0
    write: float = 0
    calls: Counter[str] = field(default_factory=Counter)

    def watch(self, client: Any) -> None:
        """Ask for consumed capacity in every call of a DynamoDB client and add it up."""
        client.meta.events.register("provide-client-params.dynamodb", _ask)
        client.meta.events.register("after-call.dynamodb", self._add)
        for read in ("GetItem", "BatchGetItem"):
            client.meta.events.register(f"before-parameter-build.dynamodb.{read}", self._note)

    def reset(self) -> None:
        """Start from zero."""
        self.read = self.write = 0
        self.calls.clear()

    def count(self, operation: str, asked: dict[str, Any], answered: dict[str, Any]) -> None:
        """Add a call that asked for its capacity."""
        self._note(asked)
        self._count(operation, answered)

    def _note(self, params: dict[str, Any], **_: Any) -> None:
        asked = params.get("RequestItems", {"": params}).values()
        self._consistent = any(each.get("ConsistentRead") for each in asked)

    def _add(self, model: Any, parsed: dict[str, Any], **_: Any) -> None:
        self._count(model.name, parsed)

    def _count(self, operation: str, answered: dict[str, Any]) -> None:
        self.calls[operation] += 1
        if operation == "BatchGetItem" and not answered.get("ConsumedCapacity"):
            self._read(item for items in answered["Responses"].values() for item in items)
            return
        if operation == "GetItem":
            self._read([answered.get("Item", {})])
            return
        consumed = answered.get("ConsumedCapacity") or []
        parts = consumed if isinstance(consumed, list) else [consumed]
        units = sum(part["CapacityUnits"] for part in parts)
        if operation in WRITES:
            self.write += units
        else:
            self.read += units

    def _read(self, items: Iterable[dict[str, Any]]) -> None:
        """Add by DynamoDB's rule, 4 KB a unit and half if not consistent.

        The emulator leaves units out (BatchGetItem) or ignores the size of the item (GetItem).
        """
        units = sum(max(1, _read_units(item)) for item in items)
        self.read += units * (1 if self._consistent else 0.5)


def _ask(params: dict[str, Any], model: Any, **_: Any) -> None:
    if "ReturnConsumedCapacity" in model.input_shape.members:
        params["ReturnConsumedCapacity"] = "TOTAL"


def _read_units(item: dict[str, Any]) -> int:
    return math.ceil(size_of({"M": item}) / 4096)


def size_of(value: dict[str, Any]) -> int:
    """Return the bytes of an attribute value, about as DynamoDB counts them."""
    ((kind, content),) = value.items()
    if kind == "M":
        return 3 + sum(len(name.encode()) + size_of(each) + 1 for name, each in content.items())
    if kind == "L":
        return 3 + sum(size_of(each) + 1 for each in content)
    if kind in ("SS", "NS"):
        return sum(len(each.encode()) for each in content)
    return len(content.encode() if isinstance(content, str) else bytes(content))
