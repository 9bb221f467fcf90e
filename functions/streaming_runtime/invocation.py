"""One invocation: its event and its context."""

import json
import time
from dataclasses import dataclass
from email.message import Message
from typing import Any, Final, Self

_ID: Final = "Lambda-Runtime-Aws-Request-Id"
_DEADLINE: Final = "Lambda-Runtime-Deadline-Ms"
_ARN: Final = "Lambda-Runtime-Invoked-Function-Arn"
_TRACE: Final = "Lambda-Runtime-Trace-Id"


@dataclass(frozen=True, kw_only=True)
class Context:
    """What Lambda's own runtimes call the context, as far as it is used here.

    Attributes:
        aws_request_id: The id of the invocation.
        invoked_function_arn: What was invoked.
        deadline_ms: When Lambda ends the process, in milliseconds since 1970.
    """

    aws_request_id: str
    invoked_function_arn: str
    deadline_ms: int

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the invocation may still run."""
        return max(0, self.deadline_ms - time.time_ns() // 1_000_000)


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """An event, its context, and the X-Ray header of its trace; None if it has none."""

    event: dict[str, Any]
    context: Context
    trace: str | None

    @classmethod
    def read(cls, headers: Message, body: bytes) -> Self:
        """Read the response to "next invocation"."""
        context = Context(
            aws_request_id=headers[_ID],
            invoked_function_arn=headers.get(_ARN, ""),
            deadline_ms=int(headers.get(_DEADLINE, "0")),
        )
        return cls(event=json.loads(body), context=context, trace=headers.get(_TRACE))
