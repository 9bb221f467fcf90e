"""Count DynamoDB's units, call by call, as the service itself reports them."""

import json
import math
from collections import Counter
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
        client.meta.events.register("before-parameter-build.dynamodb.BatchGetItem", self._note)

    def reset(self) -> None:
        """Start from zero."""
        self.read = self.write = 0
        self.calls.clear()

    def _note(self, params: dict[str, Any], **_: Any) -> None:
        self._consistent = any(q.get("ConsistentRead") for q in params["RequestItems"].values())

    def _add(self, model: Any, parsed: dict[str, Any], **_: Any) -> None:
        self.calls[model.name] += 1
        if model.name == "BatchGetItem" and not parsed.get("ConsumedCapacity"):
            # the emulator leaves it out; DynamoDB's rule: 4 KB a unit, half if not consistent
            units = sum(_read_units(i) for items in parsed["Responses"].values() for i in items)
            self.read += units * (1 if self._consistent else 0.5)
            return
        consumed = parsed.get("ConsumedCapacity") or []
        parts = consumed if isinstance(consumed, list) else [consumed]
        units = sum(part["CapacityUnits"] for part in parts)
        if model.name in WRITES:
            self.write += units
        else:
            self.read += units


def _ask(params: dict[str, Any], model: Any, **_: Any) -> None:
    if "ReturnConsumedCapacity" in model.input_shape.members:
        params["ReturnConsumedCapacity"] = "TOTAL"


def _read_units(item: dict[str, Any]) -> int:
    return math.ceil(len(json.dumps(item, default=str)) / 4096)
