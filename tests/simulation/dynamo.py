"""DynamoDB's rules for the few expressions that the adapters use; anything else fails loudly."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from tests.simulation.calls import Answer, Call, Item

Key = tuple[str, str, str]
Items = dict[Key, Item]
Condition = Callable[[dict, dict, dict], bool]

_KEYS = {
    "spaces": ("space_id", "record"),
    "requests": ("space_id", "ticket"),
    "connections": ("connection_id",),
}
_TOKEN = re.compile(r"\s*(<>|<=|>=|[=<>(),]|[:#]?[A-Za-z_0-9]+)")


def key_of(table: str, value: dict[str, Any]) -> Key:
    """Return the key under which the store keeps an item."""
    parts = [value[name]["S"] for name in _KEYS[table]]
    return (table, parts[0], parts[1] if len(parts) > 1 else "")


def keys_of(call: Call) -> list[Key]:
    """Return the keys that a call reads or writes."""
    asked = call.arguments
    if call.name == "batch_get_item":
        return [
            key_of(table, key)
            for table, question in asked["RequestItems"].items()
            for key in question["Keys"]
        ]
    return [key_of(asked["TableName"], asked["Item" if call.name == "put_item" else "Key"])]


def answer_table(items: Items, call: Call) -> tuple[Items, Answer]:
    """Carry a call out; returns the items after it, and what it is answered."""
    keys = keys_of(call)
    if call.name == "get_item":
        return items, Answer("got", items.get(keys[0]))
    if call.name == "batch_get_item":
        return items, Answer("found", tuple((key[0], items.get(key)) for key in keys))
    return _write(items, keys[0], call)


def _write(items: Items, key: Key, call: Call) -> tuple[Items, Answer]:
    asked = call.arguments
    before = items.get(key)
    old = before.value if before else {}
    names = asked.get("ExpressionAttributeNames", {})
    values = asked.get("ExpressionAttributeValues", {})
    condition = asked.get("ConditionExpression")
    if condition and not parse_condition(condition)(old, names, values):
        return items, Answer("refused", before)
    if call.name == "delete_item":
        return {k: item for k, item in items.items() if k != key}, Answer("written")
    if call.name == "put_item":
        after = Item.of(asked["Item"])
    else:
        after = Item.of(updated({**old, **asked["Key"]}, asked["UpdateExpression"], names, values))
    return {**items, key: after}, Answer("written", after)


def updated(value: dict, expression: str, names: dict, values: dict) -> dict:
    """Change a value as an update expression says, and return it."""
    for clause in re.split(r"\s+(?=(?:SET|ADD|REMOVE)\b)", expression):
        kind, _, rest = clause.partition(" ")
        for part in rest.split(","):
            if kind == "SET":
                target, _, source = (piece.strip() for piece in part.partition("="))
                value[names.get(target, target)] = values[source]
            elif kind == "ADD":
                target, source = part.split()
                name = names.get(target, target)
                total = int(value.get(name, {"N": "0"})["N"]) + int(values[source]["N"])
                value[name] = {"N": str(total)}
            elif kind == "REMOVE":
                value.pop(names.get(part.strip(), part.strip()), None)
            else:
                raise NotImplementedError(expression)
    return value


@lru_cache
def parse_condition(expression: str) -> Condition:
    """Return a condition expression as a function of item, names and values."""
    tokens = _TOKEN.findall(expression)
    if "".join(tokens) != expression.replace(" ", ""):
        raise NotImplementedError(expression)
    tokens.reverse()
    condition = _parse_or(tokens)
    if tokens:
        raise NotImplementedError(expression)
    return condition


def _parse_or(tokens: list[str]) -> Condition:
    left = _parse_and(tokens)
    while tokens and tokens[-1] == "OR":
        tokens.pop()
        left = _either(left, _parse_and(tokens))
    return left


def _either(left: Condition, right: Condition) -> Condition:
    return lambda *given: left(*given) or right(*given)


def _parse_and(tokens: list[str]) -> Condition:
    left = _parse_one(tokens)
    while tokens and tokens[-1] == "AND":
        tokens.pop()
        left = _both(left, _parse_one(tokens))
    return left


def _both(left: Condition, right: Condition) -> Condition:
    return lambda *given: left(*given) and right(*given)


def _parse_one(tokens: list[str]) -> Condition:
    word = tokens.pop()
    if word == "(":
        inside = _parse_or(tokens)
        _expect(tokens, ")")
        return inside
    if word in ("attribute_exists", "attribute_not_exists"):
        _expect(tokens, "(")
        name = tokens.pop()
        _expect(tokens, ")")
        wanted = word == "attribute_exists"
        return lambda item, names, _: (names.get(name, name) in item) is wanted
    return _comparison(word, tokens.pop(), tokens.pop())


def _comparison(left: str, sign: str, right: str) -> Condition:
    compare = {
        "=": lambda a, b: a == b,
        "<>": lambda a, b: a != b,
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
    }[sign]

    def holds(item: dict, names: dict, values: dict) -> bool:
        found = [_operand(operand, item, names, values) for operand in (left, right)]
        if any(operand is None for operand in found):
            return False
        (kind, a), (other, b) = found
        return compare(a, b) if kind == other else sign == "<>"

    return holds


def _operand(word: str, item: dict, names: dict, values: dict) -> tuple[str, Any] | None:
    """Return type and value; numbers as numbers; None if the item has no such attribute."""
    found = values[word] if word.startswith(":") else item.get(names.get(word, word))
    if found is None:
        return None
    ((kind, value),) = found.items()
    return kind, int(value) if kind == "N" else value


def _expect(tokens: list[str], word: str) -> None:
    if not tokens or tokens.pop() != word:
        raise NotImplementedError(f"expected {word}")
