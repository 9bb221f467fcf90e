"""Units, calls and socket messages of one request, counted at several queue depths."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from benchmarks.capacity import Capacity
from spaces import schema
from spaces.adapters.dynamodb.audit_items import AuditItems
from spaces.adapters.dynamodb.chunk_items import ChunkItems
from spaces.adapters.dynamodb.connection_items import ConnectionTable
from spaces.adapters.dynamodb.credential_items import CredentialItems
from spaces.adapters.dynamodb.declaration_items import DeclarationItems
from spaces.adapters.dynamodb.keys import queue_key
from spaces.adapters.dynamodb.payloads import Payloads
from spaces.adapters.dynamodb.presentation_items import PresentationItems
from spaces.adapters.dynamodb.quota_items import QuotaItems
from spaces.adapters.dynamodb.request_history import RequestLists
from spaces.adapters.dynamodb.request_items import RequestTable
from spaces.adapters.dynamodb.space_items import SpaceTable
from spaces.adapters.dynamodb.values import number
from spaces.adapters.people import CognitoPeople
from spaces.bootstrap import milliseconds_now, random_text
from spaces.domain.access.caller import Caller
from spaces.domain.space import Definition
from spaces.domain.webhook_delivery import Outcome
from spaces.services.ports.gateway import ArmOutcome, Gateway, PostOutcome, Sender
from spaces.services.requests.submit_request import submit_request
from spaces.services.requests.view_request import request_status
from spaces.services.requests.view_result import request_result
from spaces.services.spaces.create_space import create_space
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.record_progress import record_progress
from spaces.services.workers.register_worker import register_worker
from spaces_protocol.gateway_messages import Ack, Request
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import SubmittedInput
from spaces_protocol.worker_messages import Chunk, Progress, Register, Result

TABLES: Final = {"spaces": schema.RECORD, "connections": None, "requests": schema.TICKET}
KILOBYTE: Final = "".join(f"{n:x}word " for n in range(1000))[:1000]
"""A thousand bytes that compress about as well as prose."""


@dataclass
class Line:
    """The worker's end of its connection: stores what is posted."""

    posted: list[Any] = field(default_factory=list)

    def post(self, connection_id: str, message: object) -> PostOutcome:
        """Store a message."""
        self.posted.append(message)
        return PostOutcome.SENT

    def close(self, connection_id: str) -> bool:
        """Do nothing; there is no connection."""
        return True

    def last_active(self, connection_id: str) -> int:
        """Return the current time, as for a live worker."""
        return milliseconds_now()

    def last_request(self) -> Request:
        """Return the request that arrived last."""
        message = self.posted[-1]
        found = message.next if isinstance(message, Ack) else message
        assert isinstance(found, Request)
        return found


class NoClocks:
    """Sweep timers that never fire; arming one costs no unit of DynamoDB."""

    def arm(self, space_id: str, at: int, ticket: int | None = None) -> ArmOutcome:
        """Do nothing."""
        return ArmOutcome.ARMED

    def start_sweep(
        self, space_id: str, at: int, began: int | None = None, ticket: int | None = None
    ) -> bool:
        """Do nothing: no timer is ever missing."""
        return True


class NoWebhooks:
    """Neither starts nor sends any: no request here asks for one."""

    def start(self, request_id: RequestId) -> bool:
        """Fail."""
        raise AssertionError(request_id)

    def arm(self, request_id: RequestId, at: int) -> bool:
        """Fail."""
        raise AssertionError(request_id, at)

    def post(self, url: str, headers: dict[str, str], body: bytes) -> Outcome:
        """Fail."""
        raise AssertionError(url, headers, body)


class NoFiles:
    """A file store that must not be used: no payload here is large."""

    def output_policy(self, prefix: str, *, until: int) -> None:
        """Do nothing; signing costs no unit of DynamoDB."""

    def put(self, key: str, content: bytes) -> None:
        """Fail: no payload here is large."""
        raise AssertionError(key)

    def get(self, key: str) -> bytes:
        """Fail: no payload here is large."""
        raise AssertionError(key)

    def remove(self, keys: Iterable[str]) -> None:
        """Fail unless there is nothing to remove."""
        assert not [*keys]


@dataclass(frozen=True)
class Row:
    """The cost of one step."""

    step: str
    depth: int
    write: float
    read: float
    calls: int
    messages: int


def measure(client: Any, depths: Iterable[int]) -> Iterator[Row]:
    """Yield the cost of each step of a request's life, for each number of waiting requests."""
    capacity = Capacity()
    capacity.watch(client)
    with tables_of(client):
        for depth in depths:
            yield from _life_of_a_request(client, capacity, depth)
        yield from _streamed_text(client, capacity)


def measure_limited(client: Any, caller: Caller) -> Iterator[Row]:
    """Yield the same for a caller with limits, with a free worker."""
    capacity = Capacity()
    capacity.watch(client)
    with tables_of(client):
        yield from _life_of_a_request(client, capacity, 0, caller)


def _life_of_a_request(
    client: Any, capacity: Capacity, depth: int, caller: Caller | None = None
) -> Iterator[Row]:
    line = Line()
    gateway = gateway_over(client, line)
    space = f"depth-{depth}"
    create_space(
        gateway,
        Definition(space_id=space, title=space, created_at=0, max_queue_length=1_000_000),
    )
    worker = Sender("c1", milliseconds_now(), "w1", "t1", frozenset([space]))
    register_worker(gateway, worker, Register(spaces=[space], session="s"))
    if depth:
        _fill(client, gateway, space, depth)

    def row(step: str) -> Row:
        taken = Row(
            step, depth, capacity.write, capacity.read, capacity.calls.total(), len(line.posted)
        )
        capacity.reset()
        line.posted.clear()
        return taken

    held = line.last_request() if depth else None
    row("preparation")
    submitted = SubmittedInput(prompt=KILOBYTE)
    accepted = submit_request(gateway, space, submitted, caller=caller)
    held = held or line.last_request()
    yield row("submit")
    request_status(gateway, accepted.request.request_id)
    yield row("poll")
    record_progress(gateway, worker, Progress(request_id=held.request_id, attempt=1, percent=50.0))
    yield row("progress")
    commit_result(gateway, worker, answer_to(held))
    yield row("result")
    answered = RequestId.parse(held.request_id)
    assert answered is not None
    request_result(gateway, answered)
    yield row("fetch")


def _streamed_text(client: Any, capacity: Capacity) -> Iterator[Row]:
    line = Line()
    gateway = gateway_over(client, line)
    create_space(gateway, Definition(space_id="stream", title="stream", created_at=0))
    worker = Sender("c1", milliseconds_now(), "w1", "t1", frozenset(["stream"]))
    register_worker(gateway, worker, Register(spaces=["stream"], session="s"))
    accepted = submit_request(gateway, "stream", SubmittedInput(prompt=KILOBYTE))
    held = line.last_request()
    steps: list[tuple[str, Callable[[], object]]] = [
        (
            "half a second of text",
            lambda: record_progress(
                gateway,
                worker,
                Progress(
                    request_id=held.request_id, attempt=1, chunk=Chunk(index=0, text=KILOBYTE[:200])
                ),
            ),
        ),
        ("poll of new text", lambda: request_status(gateway, accepted.request.request_id)),
    ]
    for step, do in steps:
        capacity.reset()
        line.posted.clear()
        do()
        taken = capacity.write, capacity.read, capacity.calls.total(), len(line.posted)
        yield Row(step, 0, *taken)


def _fill(client: Any, gateway: Gateway, space: str, depth: int) -> None:
    """Let one request run and ``depth`` wait; all but one of these are tickets alone."""
    submit_request(gateway, space, SubmittedInput(prompt=KILOBYTE))
    submit_request(gateway, space, SubmittedInput(prompt=KILOBYTE))
    client.update_item(
        TableName="spaces",
        Key=queue_key(space),
        UpdateExpression="ADD tail :more",
        ExpressionAttributeValues={":more": number(depth - 1)},
    )


def answer_to(held: Request) -> Result:
    """Return a worker's result of 1 KB."""
    answer = {
        "request_id": held.request_id,
        "attempt": held.attempt,
        "action": "result",
        "status": "completed",
        "output": {"text": KILOBYTE},
        "confidence": 0.97,
        "model": "a-small-model",
        "usage": {"input_tokens": 200, "output_tokens": 200, "total_tokens": 400},
        "inference_time": 1.234,
    }
    return msgspec.convert(answer, Result)


def gateway_over(client: Any, line: Line, files: Any = None) -> Gateway:
    """Return a gateway over the tables and a worker's line; by default without files."""
    files = files or NoFiles()
    started = milliseconds_now()  # time stands still: filling a queue must not let leases end
    payloads = Payloads(client, "requests", files)
    return Gateway(
        spaces=SpaceTable(client, "spaces", random_text),
        requests=RequestTable(client, "requests", "spaces", payloads, random_text),
        connections=ConnectionTable(client, "connections"),
        sockets=line,
        tokens=CredentialItems(client, "spaces", "worker_token"),
        keys=CredentialItems(client, "spaces", "api_key"),
        quotas=QuotaItems(client, "spaces", random_text),
        audit=AuditItems(client, "spaces"),
        history=RequestLists(client, "requests"),
        timers=NoClocks(),
        files=files,
        chunks=ChunkItems(client, "requests"),
        declarations=DeclarationItems(client, "spaces"),
        presentations=PresentationItems(client, "spaces"),
        people=CognitoPeople(lambda: client, "no-pool"),
        webhook_tries=NoWebhooks(),
        webhook_sender=NoWebhooks(),
        now=lambda: started,
        random_text=random_text,
        log_event=lambda *_, **__: None,
    )


@contextmanager
def tables_of(client: Any) -> Iterator[None]:
    """Create the three tables, and delete them afterwards."""
    for name, sort in TABLES.items():
        partition = schema.CONNECTION_ID if name == "connections" else schema.SPACE_ID
        keys = [(partition, "HASH"), *([(sort, "RANGE")] if sort else [])]
        client.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key, _ in keys],
        )
        client.get_waiter("table_exists").wait(TableName=name)
    try:
        yield
    finally:
        for name in TABLES:
            client.delete_table(TableName=name)
