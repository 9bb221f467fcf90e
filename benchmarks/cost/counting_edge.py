"""An edge in front of the emulator that counts what AWS would charge for."""

import json
import re
from collections import Counter
from typing import Any, Final

from benchmarks.capacity import Capacity
from infra.local.cloud import CREDENTIALS, REGION
from infra.local.strict_edge.edge import StrictEdge
from infra.local.strict_edge.emulator_calls import Stream
from infra.local.strict_edge.faults import SERVICES, Call
from infra.local.strict_edge.http_messages import Message, plain_body
from infra.local.strict_edge.rules import Rules, Unknown
from infra.local.strict_edge.socket_api import CONNECTION_PATH

_LENGTH: Final = re.compile(rb"(?i)(\r\ncontent-length:) *\d+")
_SIGNATURE: Final = re.compile(rb"(?i)\r\n(authorization|x-amz-security-token):[^\r]*")
_BY_DEPLOYER: Final = (
    f"Authorization: AWS4-HMAC-SHA256 Credential={CREDENTIALS['AWS_ACCESS_KEY_ID']}"
    f"/20260101/{REGION}/dynamodb/aws4_request, SignedHeaders=host, Signature=0\r\n"
).encode()
"""A call that asks for its capacity is no longer the one that was signed; the emulator does not
check what the deployer signs."""
_PATIENCE: Final = 300
"""Seconds: a busy machine must not turn a run into one of time-outs."""
_LOST: Final = b"ConditionalCheckFailed"
_PUTS: Final = frozenset({"PUT", "POST", "COPY"})


class Tally:
    """What was counted; as `Faults` of the edge, it lets nothing go wrong.

    Attributes:
        capacity: units of DynamoDB.
        items: everything else, by the names of `Item`.
    """

    def __init__(self) -> None:
        self.capacity = Capacity()
        self.items: Counter[str] = Counter()

    def of_call(self, call: Call) -> None:
        """Count posts to connections and new schedules."""
        if CONNECTION_PATH.match(call.message.target):
            self.items["message"] += call.operation == "POST"
        elif call.service == "Scheduler":
            self.items["schedule"] += call.operation == "POST"

    def of_message(self, *, to_gateway: bool) -> None:
        """Count messages of workers; what the gateway posts is counted as a call."""
        self.items["message"] += to_gateway

    def of_handshake(self) -> None:
        """Let it pass."""

    def kill(self, caller: int) -> None:
        """Kill nothing."""


class CountingEdge(StrictEdge):
    """Counts calls of the HTTP API, units of DynamoDB and calls of S3 as they pass.

    Args:
        emulator_port: the emulator's port.
        tally: where everything is counted.
    """

    def __init__(self, emulator_port: int, tally: Tally) -> None:
        rules = Rules(
            overtake_seconds=0,
            unknown=Unknown.GONE,
            pings_fail=False,
            late_seconds=0,
            clock_ahead_seconds=0,
            parallel_runs=1_000,
            http_seconds=_PATIENCE,
            integration_seconds=_PATIENCE,
            first_byte_seconds=_PATIENCE,
        )
        super().__init__(emulator_port, rules, tally)
        self._tally = tally

    async def _respond(self, head: Message, stream: Stream) -> None:
        service = SERVICES.get((head.credential or ("", ""))[1])
        of_function = head.credential is not None and head.credential[0] != "test"
        if service == "S3" and of_function:
            self._tally.items["s3_put" if head.method in _PUTS else "s3_get"] += 1
        elif service is None and head.method == "POST" and "/_aws/" not in head.path:
            self._tally.items["s3_put"] += "multipart/form-data" in head.headers.get(
                "content-type", ""
            )
        await super()._respond(head, stream)

    async def _by_http_api(self, head: Message, stream: Stream) -> Message:
        self._tally.items["http_call"] += 1
        return await super()._by_http_api(head, stream)

    async def _invoke(self, call: Message) -> Message:
        # Lambda queues it; the edge does not see it run.
        self._tally.items["run"] += call.headers.get("x-amz-invocation-type") == "Event"
        return await super()._invoke(call)

    async def _carry_out(self, call: Call) -> Message:
        if call.service != "DynamoDB":
            return await super()._carry_out(call)
        asked: dict[str, Any] = json.loads(call.message.body)
        body = json.dumps({**asked, "ReturnConsumedCapacity": "TOTAL"}).encode()
        head = _SIGNATURE.sub(b"", _LENGTH.sub(rb"\g<1> %d" % len(body), call.message.head))
        head = head.replace(b"\r\n", b"\r\n" + _BY_DEPLOYER, 1)
        response = await super()._carry_out(call._replace(message=Message(head, body)))
        if response.status == 200:  # noqa: PLR2004 - HTTP
            self._tally.capacity.count(call.operation, asked, json.loads(plain_body(response)))
        elif _LOST in response.body:
            self._tally.items["lost_write"] += 1
        return response
