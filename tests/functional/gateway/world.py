"""A gateway over moto's tables, with the workers' end of the sockets in the test's hands."""

from dataclasses import dataclass, field
from functools import partial

import boto3
import msgspec
from botocore.credentials import ReadOnlyCredentials

from spaces.adapters.dynamodb.audit_items import AuditItems
from spaces.adapters.dynamodb.chunk_items import ChunkItems
from spaces.adapters.dynamodb.connection_items import ConnectionTable
from spaces.adapters.dynamodb.credential_items import CredentialItems
from spaces.adapters.dynamodb.declaration_items import DeclarationItems
from spaces.adapters.dynamodb.kept_items import KeptItems
from spaces.adapters.dynamodb.payloads import Payloads
from spaces.adapters.dynamodb.presentation_items import PresentationItems
from spaces.adapters.dynamodb.quota_items import QuotaItems
from spaces.adapters.dynamodb.request_history import RequestLists
from spaces.adapters.dynamodb.request_items import RequestTable
from spaces.adapters.dynamodb.space_items import SpaceTable
from spaces.adapters.files import FileBucket
from spaces.adapters.people import CognitoPeople
from spaces.adapters.signing import Signature, Signer
from spaces.adapters.webhook_sender import HttpsSender
from spaces.bootstrap import random_text
from spaces.domain.holder import worker_id_of
from spaces.domain.queue.queue import Place, Queue
from spaces.domain.space import Definition
from spaces.services.dispatch.advance import advance
from spaces.services.ports.gateway import (
    ArmOutcome,
    ConnectionStatusUnknown,
    Gateway,
    PostOutcome,
    Sender,
)
from spaces.services.requests.submit_request import Accepted, submit_request
from spaces.services.spaces.create_space import create_space
from spaces.services.workers.register_worker import register_worker
from spaces_protocol.codec import decode_gateway_message, encode
from spaces_protocol.gateway_messages import Request
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import SubmittedInput
from spaces_protocol.worker_messages import Decline, Offer, Register, Result, Slots

START = 1_800_000_000_000
FILES_URL = "https://files.s3.eu-central-1.amazonaws.com"


@dataclass
class Clock:
    """Time that moves only when the test says so."""

    time: int = START

    def __call__(self) -> int:
        return self.time

    def pass_seconds(self, seconds: float) -> None:
        self.time += round(seconds * 1000)


@dataclass
class WorkerEnds:
    """The other ends of all sockets: what arrives there, and whether they are there."""

    clock: Clock
    received: dict[str, list] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    unavailable: set[str] = field(default_factory=set)
    closed: list[str] = field(default_factory=list)
    silent_since: dict[str, int] = field(default_factory=dict)
    untold: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def post(self, connection_id, message):
        if connection_id in self.gone:
            return PostOutcome.GONE
        if connection_id in self.unavailable:
            return PostOutcome.UNAVAILABLE
        arrived = decode_gateway_message(encode(message))
        self.received.setdefault(connection_id, []).append(arrived)
        return PostOutcome.SENT

    def close(self, connection_id):
        if connection_id in self.unavailable:
            return False
        self.gone.add(connection_id)
        self.closed.append(connection_id)
        return True

    def last_active(self, connection_id):
        self.asked.append(connection_id)
        if connection_id in self.untold:
            raise ConnectionStatusUnknown
        if connection_id in self.gone:
            return None
        return self.silent_since.get(connection_id, self.clock())


@dataclass
class Clocks:
    """The clocks that were armed and have not fired; ``own`` are those of single requests."""

    armed: list[tuple[str, int]] = field(default_factory=list)
    own: list[tuple[str, int, int]] = field(default_factory=list)

    def arm(self, space_id, at, ticket=None):
        armed, timer = (
            (self.armed, (space_id, at)) if ticket is None else (self.own, (space_id, at, ticket))
        )
        if timer not in armed:
            armed.append(timer)
        return ArmOutcome.ARMED

    def start_sweep(self, space_id, at, began=None, ticket=None):
        raise AssertionError(f"a timer can be armed for {space_id} at {at} ({began}, {ticket})")


@dataclass
class Tries:
    """Tries to deliver webhooks that were started or scheduled; none runs by itself.

    Attributes:
        starting, arming: Whether Lambda and the scheduler answer.
    """

    started: list[RequestId] = field(default_factory=list)
    armed: list[tuple[RequestId, int]] = field(default_factory=list)
    starting: bool = True
    arming: bool = True

    def start(self, request_id):
        if self.starting:
            self.started.append(request_id)
        return self.starting

    def arm(self, request_id, at):
        if self.arming:
            self.armed.append((request_id, at))
        return self.arming


@dataclass
class World:
    """Everything that a functional test needs, and shorthands for its steps."""

    gateway: Gateway
    clock: Clock
    ends: WorkerEnds
    events: list[tuple[str, dict]]
    clocks: "Clocks"
    tries: Tries

    def create_space(self, name="echo", **settings) -> None:
        create_space(
            self.gateway,
            Definition(space_id=name, title=name.title(), created_at=self.clock(), **settings),
        )

    def connect(self, worker_id="w1", *spaces: str, token_id="t1") -> Sender:
        self.clock.time += 1
        connection_id = f"{worker_id}@{self.clock.time}"
        scope = frozenset(spaces or ["echo"])
        return Sender(connection_id, self.clock(), worker_id, token_id, scope)

    def register(
        self, sender: Sender, *, capacity=1, in_flight=(), spaces=None, session="s"
    ) -> None:
        message = Register(
            spaces=spaces or sorted(sender.spaces),
            session=session,
            capacity=capacity,
            in_flight=list(in_flight),
        )
        register_worker(self.gateway, sender, message)

    def join(self, worker_id="w1", *spaces: str, capacity=1) -> Sender:
        sender = self.connect(worker_id, *spaces)
        self.register(sender, capacity=capacity)
        return sender

    def submit(self, prompt="hello", space="echo", **options) -> Accepted:
        return submit_request(self.gateway, space, SubmittedInput(prompt=prompt), **options)

    def messages(self, sender: Sender, kind: type | None = None) -> list:
        arrived = self.ends.received.get(sender.connection_id, [])
        return [m for m in arrived if kind is None or isinstance(m, kind)]

    def handed(self, sender: Sender) -> list[Request]:
        """Requests that reached the worker, whichever message brought them."""
        carried = [getattr(m, "next", None) or m for m in self.messages(sender)]
        return [message for message in carried if isinstance(message, Request)]

    def queue(self, space="echo") -> Queue:
        return self.gateway.spaces.read_queue(space)

    def worker_ids(self, space="echo") -> list[str]:
        return [worker_id_of(holder) for holder in self.queue(space).workers]

    def place(self, worker_id: str, space="echo") -> Place:
        """The only place of a worker id, whichever token it uses."""
        workers = self.queue(space).workers
        (place,) = [p for holder, p in workers.items() if worker_id_of(holder) == worker_id]
        return place


def answer_to(request: Request, text="done", **fields) -> Result:
    fields = {"status": "completed", "output": {"text": text}, **fields}
    return msgspec.convert(
        {
            "action": "result",
            "request_id": request.request_id,
            "attempt": request.attempt,
            **fields,
        },
        Result,
    )


def decline(request: Request, count: int, order: int) -> Decline:
    slots = Slots(count=count, order=order)
    return Decline(request_id=request.request_id, attempt=request.attempt, slots=slots)


def offer(count: int, order: int, space="echo") -> Offer:
    return Offer(space=space, slots=Slots(count=count, order=order))


def lose_lease(world: World, space: str) -> None:
    """Let the worker that holds a request be silent until it is taken from it."""
    world.clock.pass_seconds(21)
    advance(world.gateway, space)
    world.clock.pass_seconds(11)
    advance(world.gateway, space)


def build_world(dynamodb, s3) -> World:
    clock = Clock()
    ends = WorkerEnds(clock)
    events: list[tuple[str, dict]] = []
    keys = ReadOnlyCredentials("access", "secret", "session-token")
    signer = Signer(lambda: Signature(keys, "eu-central-1"), "files", FILES_URL)
    bucket = FileBucket(lambda: s3, "files", signer)
    dynamodb = KeptItems(dynamodb, clock)
    payloads = Payloads(dynamodb, "requests", bucket)
    clocks, tries = Clocks(), Tries()
    gateway = Gateway(
        spaces=SpaceTable(dynamodb, "spaces", random_text),
        requests=RequestTable(dynamodb, "requests", "spaces", payloads, random_text),
        connections=ConnectionTable(dynamodb, "connections"),
        sockets=ends,
        timers=clocks,
        tokens=CredentialItems(dynamodb, "spaces", "worker_token"),
        keys=CredentialItems(dynamodb, "spaces", "api_key"),
        quotas=QuotaItems(dynamodb, "spaces", random_text),
        audit=AuditItems(dynamodb, "spaces"),
        history=RequestLists(dynamodb, "requests"),
        files=bucket,
        chunks=ChunkItems(dynamodb, "requests"),
        declarations=DeclarationItems(dynamodb, "spaces"),
        presentations=PresentationItems(dynamodb, "spaces"),
        people=CognitoPeople(partial(boto3.client, "cognito-idp", "eu-central-1"), "no-pool"),
        webhook_tries=tries,
        webhook_sender=HttpsSender(loopback=True),
        now=clock,
        random_text=random_text,
        log_event=lambda event, **fields: events.append((event, fields)),
        files_url=FILES_URL,
        api_url="https://api.test",
        webhooks_to_loopback=True,
    )
    return World(gateway, clock, ends, events, clocks, tries)
