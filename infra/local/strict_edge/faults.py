"""What can go wrong with a call of a function to AWS, and what is answered instead.

The edge by itself lets nothing go wrong beyond its rules. Whoever runs it may give it `Faults`:
chaos draws them, a test names the next one.
"""

import json
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Protocol

from infra.local.strict_edge.http_messages import Message, respond

SERVICES: Final = MappingProxyType(
    {
        "dynamodb": "DynamoDB",
        "execute-api": "@connections",
        "scheduler": "Scheduler",
        "s3": "S3",
        "lambda": "Lambda",
    }
)
"""Services by the name that signatures have for them."""

LIE: Final = "200 though not written"
"""What DynamoDB never does: only to show that a count finds what is lost then."""
INSTEAD: Final = frozenset(
    {"throttled", "server error", "200 though lost", "keys left unprocessed", LIE}
)
"""Kinds in which the call is answered without being carried out."""
_ERRORS: Final = MappingProxyType(
    {
        ("throttled", "DynamoDB"): (400, "ProvisionedThroughputExceededException"),
        ("throttled", "Scheduler"): (429, "ThrottlingException"),
        ("throttled", "@connections"): (429, "LimitExceededException"),
        ("throttled", "S3"): (503, "SlowDown"),
        ("throttled", ""): (429, "TooManyRequestsException"),
        ("server error", ""): (500, "InternalServerError"),
        ("410 though delivered", ""): (410, "GoneException"),
    }
)


class Call(NamedTuple):
    """A call of a function to AWS.

    Attributes:
        service: one of ``SERVICES``.
        message: the call, with its body.
        caller: the port of the function's end of the connection.
    """

    service: str
    message: Message
    caller: int

    @property
    def operation(self) -> str:
        """The operation of DynamoDB, or the HTTP method."""
        target = self.message.headers.get("x-amz-target", "")
        return target.rpartition(".")[2] or self.message.method

    @property
    def reads_loosely(self) -> bool:
        """Whether it is an eventually consistent read."""
        loose = b'"ConsistentRead": true' not in self.message.body
        return self.operation in {"GetItem", "BatchGetItem"} and loose


class Faults(Protocol):
    """Decides what goes wrong."""

    def of_call(self, call: Call) -> str | None:
        """Return what goes wrong with a call of a function; None for nothing."""

    def of_message(self, *, to_gateway: bool) -> str | None:
        """Return what happens to a message on a socket: repeated, late, old one again, lost."""

    def of_handshake(self) -> int | None:
        """Return the status with which the next handshake is refused; None to let it pass."""

    def kill(self, caller: int) -> None:
        """Kill the function that holds this end of a connection."""


class NoFaults:
    """Nothing goes wrong beyond the rules."""

    def of_call(self, _call: Call) -> str | None:
        """Let every call pass."""
        return None

    def of_message(self, *, to_gateway: bool) -> str | None:  # noqa: ARG002 - see Faults
        """Let every message pass."""
        return None

    def of_handshake(self) -> int | None:
        """Let every handshake pass."""
        return None

    def kill(self, caller: int) -> None:
        """Kill nobody."""


class NextFaults(NoFaults):
    """The next calls and handshakes meet what a test has named, in that order.

    Attributes:
        calls: service and kind of the next faults.
        handshakes: with which status the next handshakes are refused.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.handshakes: list[int] = []

    def of_call(self, call: Call) -> str | None:
        """Return the next fault that is named for this service."""
        for named in self.calls:
            if named[0] == call.service and fits(named[1], call):
                self.calls.remove(named)
                return named[1]
        return None

    def of_handshake(self) -> int | None:
        """Return the next status that is named."""
        return self.handshakes.pop(0) if self.handshakes else None


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


def refusal(kind: str, call: Call) -> Message:
    """Return what the service answers instead of doing it."""
    if kind == "200 though lost":
        return respond(200, "OK")
    if kind == LIE:
        return respond(200, "OK", b"{}")
    if kind == "keys left unprocessed":
        return respond(200, "OK", _nothing_processed(call.message.body))
    return error(*_ERRORS.get((kind, call.service), _ERRORS.get((kind, ""), (500, kind))))


def error(status: int, kind: str, text: str = "by the strict edge") -> Message:
    """Return an error of a service whose protocol is JSON."""
    body = json.dumps({"__type": f"com.amazonaws#{kind}", "message": text})
    return respond(status, kind, body.encode(), x_amzn_errortype=kind)


def _nothing_processed(body: bytes) -> bytes:
    wanted: dict[str, Any] = json.loads(body)["RequestItems"]
    return json.dumps({"Responses": {}, "UnprocessedKeys": wanted}).encode()
