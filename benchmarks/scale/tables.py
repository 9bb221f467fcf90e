"""DynamoDB in simulated time: real conditions and sizes, documented rates, an outage on request."""

from collections import Counter
from math import ceil
from typing import Any, Final, NoReturn

from botocore.exceptions import ClientError

from benchmarks.scale import quotas
from benchmarks.scale.engine import Bucket, Engine
from tests.simulation.calls import Call
from tests.simulation.dynamo import Key, keys_of, parse_condition, updated

ATTEMPTS: Final = 4
"""boto3's standard mode, as the functions use it: `spaces.adapters.aws`."""
KILOBYTE: Final = 1024
READ_BLOCK: Final = 4096
Value = dict[str, Any]


class ConditionFailed(ClientError):
    """The item was not as the write wants it."""


class Tables:
    """The part of boto3's DynamoDB client that the adapters use.

    Attributes:
        counted: Units, calls, throttled calls and failed conditions.
        out: Whether DynamoDB answers nothing but errors.
    """

    class exceptions:  # noqa: N801 - as boto3 names it
        """Errors that the adapters catch by name."""

        ConditionalCheckFailedException = ConditionFailed

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._items: dict[Key, Value] = {}
        self._rates: dict[tuple[str, ...], Bucket] = {}
        self.counted: Counter[str] = Counter()
        self.out = False

    def get_item(self, **asked: Any) -> dict[str, Any]:
        """Read an item."""
        (key,) = keys_of(Call("get_item", asked))
        consistent = bool(asked.get("ConsistentRead"))
        found = self._attempt(lambda: self._read(key, consistent=consistent))
        return {"Item": found} if found else {}

    def batch_get_item(self, **asked: Any) -> dict[str, Any]:
        """Read items of several tables."""
        keys = keys_of(Call("batch_get_item", asked))
        strong = {
            table: bool(question.get("ConsistentRead"))
            for table, question in asked["RequestItems"].items()
        }
        found: dict[str, list[Value]] = {table: [] for table in asked["RequestItems"]}
        items = self._attempt(lambda: [self._read(key, consistent=strong[key[0]]) for key in keys])
        for (table, *_), item in zip(keys, items, strict=True):
            if item:
                found[table].append(item)
        return {"Responses": found}

    def query(self, **_asked: Any) -> dict[str, Any]:
        """Find nothing: no scene has lists."""
        self._attempt(lambda: None)
        return {"Items": []}

    def put_item(self, **asked: Any) -> dict[str, Any]:
        """Write an item."""
        self._attempt(lambda: self._write(Call("put_item", asked)))
        return {}

    def update_item(self, **asked: Any) -> dict[str, Any]:
        """Change an item."""
        return {"Attributes": self._attempt(lambda: self._write(Call("update_item", asked)))}

    def delete_item(self, **asked: Any) -> dict[str, Any]:
        """Delete an item."""
        self._attempt(lambda: self._write(Call("delete_item", asked)))
        return {}

    def _attempt(self, call: Any) -> Any:
        for attempt in range(ATTEMPTS):
            self.counted["calls"] += 1
            is_last = attempt == ATTEMPTS - 1
            try:
                if self.out:
                    self._engine.sleep(0.05)
                    _fail("InternalServerError")
                return call()
            except ClientError as error:
                if isinstance(error, ConditionFailed) or is_last:
                    raise
                self._engine.sleep(self._engine.random.random() * 2.0**attempt)
        raise AssertionError

    def _read(self, key: Key, *, consistent: bool) -> Value | None:
        self._pass(quotas.READ_SECONDS.value)
        item = self._items.get(key)
        units = ceil((_size(item) if item else 1) / READ_BLOCK) * (1.0 if consistent else 0.5)
        self.counted["read units"] += units  # type: ignore[assignment]
        self._take(key, units, quotas.PARTITION_READS.value, quotas.TABLE_READS.value, "read")
        return item

    def _write(self, call: Call) -> Value:
        """Take half of the time before the item changes, and half after it."""
        (key,) = keys_of(call)
        self._pass(quotas.WRITE_SECONDS.value / 2)
        asked, before = call.arguments, self._items.get(key)
        after = self._after(call, before)
        written = max(_size(before or {}), _size(after or {}), 1)
        units = float(ceil(written / KILOBYTE))
        self.counted["write units"] += units  # type: ignore[assignment]
        self._take(key, units, quotas.PARTITION_WRITES.value, quotas.TABLE_WRITES.value, "write")
        condition = asked.get("ConditionExpression")
        names = asked.get("ExpressionAttributeNames", {})
        values = asked.get("ExpressionAttributeValues", {})
        if condition and not parse_condition(condition)(before or {}, names, values):
            self.counted["failed conditions"] += 1
            self._pass(quotas.WRITE_SECONDS.value / 2)
            _fail("ConditionalCheckFailedException", before or {})
        if after is None:
            self._items.pop(key, None)
        else:
            self._items[key] = after
        self._pass(quotas.WRITE_SECONDS.value / 2)
        return after or {}

    def _after(self, call: Call, before: Value | None) -> Value | None:
        asked = call.arguments
        if call.name == "delete_item":
            return None
        if call.name == "put_item":
            return dict(asked["Item"])
        names = asked.get("ExpressionAttributeNames", {})
        values = asked.get("ExpressionAttributeValues", {})
        return updated({**(before or {}), **asked["Key"]}, asked["UpdateExpression"], names, values)

    def _pass(self, median: float) -> None:
        spread = quotas.SPREAD.value
        self._engine.sleep(median * self._engine.random.lognormvariate(0.0, spread))

    def _take(self, key: Key, units: float, partition: float, table: float, kind: str) -> None:
        """Throttle if the partition key or the table is asked for more than its rate."""
        for name, rate in (((kind, *key[:2]), partition), ((kind, key[0]), table)):
            bucket = self._rates.setdefault(name, Bucket(rate, rate))
            if not bucket.take(self._engine.now, units):
                where = "partition key" if len(name) > 2 else "table"  # noqa: PLR2004
                self.counted[f"{kind}s throttled ({key[0]}, {where})"] += 1
                _fail("ThrottlingException")


def _fail(code: str, item: Value | None = None) -> NoReturn:
    response: Any = {"Error": {"Code": code, "Message": "simulated"}}
    if item is not None:
        response["Item"] = item
        raise ConditionFailed(response, "simulated")
    raise ClientError(response, "simulated")


def _size(item: Value) -> int:
    """Return roughly what DynamoDB bills for an item, in bytes."""
    total = 0
    for name, value in item.items():
        ((kind, content),) = value.items()
        if kind == "N":
            total += len(name) + len(content) // 2 + 1
        elif kind in ("S", "B"):
            total += len(name) + len(content)
        else:
            total += len(name) + len(str(content))
    return total
