"""What can go wrong with a call to AWS, how often, and what is answered instead."""

import json
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from tests.chaos.http_messages import Message, answer

NETWORK: Final = MappingProxyType(
    {
        "cut before the call": 0.003,
        "answer lost": 0.006,
        "slow": 0.006,
        "answer after the time-out": 0.0004,
        "function killed before the call": 0.001,
        "function killed after the call": 0.0015,
    }
)
"""Kinds that any service knows, each with its probability."""
CHANCES: Final = MappingProxyType(
    {
        "DynamoDB": {
            **NETWORK,
            "throttled": 0.008,
            "server error": 0.006,
            "stale read": 0.05,
            "keys left unprocessed": 0.01,
        },
        "@connections": {
            **NETWORK,
            "throttled": 0.01,
            "server error": 0.01,
            "410 though delivered": 0.004,
            "200 though lost": 0.004,
        },
        "Scheduler": {**NETWORK, "throttled": 0.03, "server error": 0.03, "answer lost": 0.05},
    }
)
BURST: Final = MappingProxyType(
    {"throttled": 0.55, "server error": 0.25, "cut before the call": 0.1, "answer lost": 0.1}
)
"""While a service is down, nothing of it works, so that boto3's own repetitions run out."""


LIE: Final = "200 though not written"
"""What DynamoDB never does: only to show that the count finds what is lost then."""
LIE_CHANCE: Final = 0.02
INSTEAD: Final = frozenset(
    {"throttled", "server error", "200 though lost", "keys left unprocessed", LIE}
)
"""Kinds in which the call is answered without being carried out."""
_ERRORS: Final = MappingProxyType(
    {
        ("throttled", "DynamoDB"): (400, "ProvisionedThroughputExceededException"),
        ("throttled", ""): (429, "TooManyRequestsException"),
        ("server error", ""): (500, "InternalServerError"),
        ("410 though delivered", ""): (410, "GoneException"),
    }
)


class Call(NamedTuple):
    """A call of a function to AWS."""

    service: str
    message: Message

    @property
    def operation(self) -> str:
        """The operation of DynamoDB, or the HTTP method."""
        target = self.message.headers.get("x-amz-target", "")
        return target.rpartition(".")[2] or self.message.start.partition(" ")[0]

    @property
    def reads_loosely(self) -> bool:
        """Whether it is an eventually consistent read."""
        loose = b'"ConsistentRead": true' not in self.message.body
        return self.operation in {"GetItem", "BatchGetItem"} and loose


def call_of(message: Message) -> Call:
    """Return which service a message calls."""
    if "x-amz-target" in message.headers:
        return Call("DynamoDB", message)
    return Call("@connections" if "@connections" in message.start else "Scheduler", message)


def fits(kind: str, call: Call) -> bool:
    """Tell whether that can happen to that call."""
    match kind:
        case "stale read":
            return call.reads_loosely
        case "keys left unprocessed":
            return call.operation == "BatchGetItem"
        case "200 though not written":
            return call.operation == "PutItem"
        case "410 though delivered" | "200 though lost":
            return call.operation == "POST"
        case _:
            return True


def refusal(kind: str, call: Call) -> bytes:
    """Return what the service answers instead of doing it."""
    if kind == "200 though lost":
        return answer(200, "OK", b"")
    if kind == LIE:
        return answer(200, "OK", b"{}")
    if kind == "keys left unprocessed":
        return answer(200, "OK", _nothing_processed(call.message.body))
    return _error(*_ERRORS.get((kind, call.service), _ERRORS[kind, ""]))


def _nothing_processed(body: bytes) -> bytes:
    wanted: dict[str, Any] = json.loads(body)["RequestItems"]
    return json.dumps({"Responses": {}, "UnprocessedKeys": wanted}).encode()


def _error(status: int, kind: str) -> bytes:
    body = json.dumps({"__type": f"com.amazonaws#{kind}", "message": "by the chaos test"})
    return answer(status, kind, body.encode(), x_amzn_errortype=kind)
