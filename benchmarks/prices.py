"""The price of each action that a stranger, a user or a worker can repeat, and what bounds it."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

from msgspec import convert

from benchmarks.busy_queue import join_workers, let_run
from benchmarks.capacity import Capacity
from benchmarks.units import Line, gateway_over, tables_of
from spaces.domain.access.caller import Anonymous
from spaces.domain.access.quota import CallerLimits
from spaces.domain.errors import RateLimited, UploadMissing, WrongOutput
from spaces.domain.files.parts import parts_of
from spaces.domain.space import Definition
from spaces.handlers.message_budget import WRONG_OUTPUT_MESSAGES
from spaces.services.access.issue_credential import digest_of, issue_credential
from spaces.services.files.begin_upload import begin_upload
from spaces.services.files.multipart_upload import abort_upload, complete_upload, missing_parts
from spaces.services.ports.file_store import FormPost, StoredFile, StoredPart
from spaces.services.ports.gateway import Gateway, Sender
from spaces.services.requests.cancel_request import cancel_request
from spaces.services.requests.stream_text import MAX_AT_ONCE, read_cursor
from spaces.services.requests.submit_request import Accepted, submit_request
from spaces.services.requests.view_request import request_status
from spaces.services.requests.view_result import request_result
from spaces.services.spaces.create_space import create_space
from spaces.services.spaces.view_space import view_space
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.decline_request import decline_request
from spaces.services.workers.drain_worker import drain_worker
from spaces.services.workers.offer_slots import offer_slots
from spaces.services.workers.open_connection import identify_worker, open_connection
from spaces.services.workers.record_progress import record_progress
from spaces.services.workers.register_worker import register_worker
from spaces_protocol.limits import (
    MAX_ALL_PARAMS_SCHEMAS_BYTES,
    MAX_CAPACITY,
    MAX_CHUNK_BYTES,
    MAX_FILES,
    MAX_INPUT_BYTES,
    MAX_PARAMS_SCHEMA_BYTES,
    MAX_SOCKET_INPUT_BYTES,
    MAX_SPACES_PER_WORKER,
)
from spaces_protocol.rest_bodies import NamedMultipart, NewUpload, SubmittedInput
from spaces_protocol.worker_messages import (
    Chunk,
    Decline,
    Offer,
    Progress,
    Register,
    Result,
    Slots,
)

WORKERS: Final = 20
"""Workers of the busiest space; each runs as many requests as it can."""
LARGE_FILE: Final = 20 * 1024**2
_CALLER: Final = Anonymous("visitor")
_VISIBLE: Final = [chr(code) for code in range(33, 127) if chr(code) not in '"\\']
"""Characters that JSON does not escape."""

PER_CALLER: Final = "requests a minute and waiting requests of the caller"
PER_UPLOAD: Final = "ten calls for each request a minute of the caller; bytes a day"
PER_ROUTE: Final = "the rate of the stage"
PER_MINUTE: Final = "once a minute for each request, by each instance of the function"
PER_SOCKET: Final = "messages of the connection"
WRONG_OUTPUT: Final = f"{PER_SOCKET}; counts as {1 + WRONG_OUTPUT_MESSAGES} of them"
PER_TOKEN: Final = "600 an hour for a token"  # noqa: S105 - a bound, not a token


class Price(NamedTuple):
    """What an action costs, and what bounds how often it can be repeated."""

    action: str
    write: float
    read: float
    s3: int
    messages: int
    bound: str

    def row(self) -> str:
        """Return the row of the table."""
        return (
            f"| {self.action} | {self.write:g} | {self.read:g} | {self.s3} | {self.messages} "
            f"| {self.bound} |"
        )


HEAD: Final = (
    "| action | write units | read units | S3 calls | messages | bounded by |\n"
    "|---|---|---|---|---|---|\n"
)


def table(prices: Iterable[Price]) -> str:
    """Return the prices as a table."""
    return HEAD + "\n".join(price.row() for price in prices) + "\n"


_LARGEST_IN_AN_ITEM: Final = MAX_SOCKET_INPUT_BYTES - 13
"""Of a prompt whose characters JSON does not escape; 13 bytes are its name and its quotes."""


class CountedFiles:
    """A files bucket that holds whatever is asked for, and counts what S3 would charge."""

    def __init__(self) -> None:
        self.calls = 0
        self._checked: set[str] = set()

    def describe(self, key: str) -> StoredFile | None:
        """Find every file except those called missing."""
        self.calls += 1
        return None if "missing" in key else StoredFile(4, "audio/wav", "a.wav", "etag")

    def is_unchanged(self, key: str, etag: str, *, now: int) -> bool:
        """Look at a file once a minute."""
        self.calls += key not in self._checked
        self._checked.add(key)
        return True

    def copy_unchanged(self, source: str, target: str, etag: str) -> bool:
        """Copy a file."""
        self.calls += 1
        return True

    def stored_parts(self, key: str, multipart_id: str) -> list[StoredPart]:
        """Find all parts."""
        self.calls += 1
        return [StoredPart(part.number, part.size, "tag") for part in parts_of(LARGE_FILE)]

    def begin_parts(self, key: str, file: StoredFile) -> str:
        """Begin an upload."""
        self.calls += 1
        return "parts"

    def complete_parts(self, key: str, multipart_id: str, parts: object) -> bool:
        """Complete an upload."""
        self.calls += 1
        return True

    def abort_parts(self, key: str, multipart_id: str) -> None:
        """Abort an upload."""
        self.calls += 1

    def put(self, key: str, content: bytes) -> str:
        """Store a payload."""
        self.calls += 1
        return "etag"

    def remove(self, keys: Iterable[str]) -> None:
        """Delete files."""
        self.calls += len(list(keys))

    def upload_form(self, key: str, file: StoredFile, *, until: int) -> FormPost:
        """Sign; no call."""
        return FormPost("https://files", {})

    def part_url(self, *_: object, **__: object) -> str:
        """Sign; no call."""
        return "https://files"

    def output_policy(self, prefix: str, *, until: int) -> None:
        """Sign; no call."""

    def download_url(self, key: str, **_: object) -> str:
        """Sign; no call."""
        return "https://files"


@dataclass
class Meter:
    """Measures one action after another."""

    gateway: Gateway
    line: Line
    capacity: Capacity
    files: CountedFiles
    prices: list[Price]

    def price(self, action: str, bound: str, work: Callable[[], Any]) -> Any:
        """Do an action, note its price, and return its product."""
        self.capacity.reset()
        self.line.posted.clear()
        self.files.calls = 0
        product = work()
        taken = self.capacity.write, self.capacity.read, self.files.calls
        self.prices.append(Price(action, *taken, len(self.line.posted), bound))
        return product


def measure_prices(client: Any) -> list[Price]:
    """Return the prices, over empty tables that are deleted afterwards."""
    capacity = Capacity()
    capacity.watch(client)
    line, files = Line(), CountedFiles()
    with tables_of(client):
        meter = Meter(gateway_over(client, line, files), line, capacity, files, [])
        _price_requests(meter)
        _price_uploads(meter)
        _price_workers(meter)
        _price_busiest_space(meter, client)
    return meter.prices


def _space(gateway: Gateway, name: str, **settings: Any) -> None:
    create_space(gateway, Definition(space_id=name, title=name, created_at=0, **settings))


def _worker(gateway: Gateway, name: str, *spaces: str) -> Sender:
    sender = Sender(f"connection-{name}", gateway.now(), name, "t1", frozenset(spaces))
    register_worker(gateway, sender, Register(spaces=[*spaces], session="s"))
    return sender


def _price_requests(meter: Meter) -> None:
    gateway = meter.gateway
    _space(
        gateway,
        "media",
        features=("prompt", "audio"),
        max_files=MAX_FILES,
        max_input_bytes=MAX_INPUT_BYTES,
    )
    worker = _worker(gateway, "w1", "media")
    small, large = SubmittedInput(prompt="x" * 500), _incompressible(_LARGEST_IN_AN_ITEM)
    largest = SubmittedInput(prompt="x" * (MAX_INPUT_BYTES - 13))
    with_files = _with_files(MAX_FILES)

    def submit(what: SubmittedInput, key: str | None = None) -> Accepted:
        return submit_request(gateway, "media", what, idempotency_key=key, caller=_CALLER)

    accepted = meter.price("submit, a worker is free", PER_CALLER, lambda: submit(small))
    meter.price(
        "poll",
        PER_ROUTE,
        lambda: request_status(gateway, accepted.request.request_id),
    )
    meter.price("submit of 64 KB with a key", PER_CALLER, lambda: submit(large, "k"))
    meter.price("repetition of that submit", PER_ROUTE, lambda: submit(large, "k"))
    meter.price("submit of 4 MB with a key", PER_CALLER, lambda: submit(largest, "m"))
    meter.price("submit with 10 files and a key", PER_CALLER, lambda: submit(with_files, "f"))
    meter.price("repetition of that submit with files", PER_ROUTE, lambda: submit(with_files, "f"))
    meter.price(
        "submit whose last file is missing",
        PER_CALLER,
        lambda: _refused(UploadMissing, lambda: submit(_with_files(MAX_FILES - 1, "missing"))),
    )
    _space(
        gateway,
        "full",
        features=("prompt", "audio"),
        max_files=MAX_FILES,
        anonymous_limits=CallerLimits(requests_per_minute=1),
    )
    submit_request(gateway, "full", small, caller=_CALLER)
    meter.price(
        "submit with 10 files over the caller's limit",
        PER_ROUTE,
        lambda: _refused(
            RateLimited, lambda: submit_request(gateway, "full", with_files, caller=_CALLER)
        ),
    )
    waiting = submit(small)
    meter.price(
        "cancel of a waiting request",
        "once for each request",
        lambda: cancel_request(gateway, waiting.request.request_id),
    )
    _price_streamed_text(meter, worker, accepted)
    meter.price(
        "result of 1 KB, and the next request",
        PER_SOCKET,
        lambda: commit_result(gateway, worker, _result(accepted, "x" * 1_000)),
    )
    meter.price(
        "fetch of the result",
        PER_ROUTE,
        lambda: request_result(gateway, accepted.request.request_id),
    )
    _price_files_of_results(meter, with_files)
    meter.price("view of a space", PER_ROUTE, lambda: view_space(gateway, "media", _CALLER))


def _price_files_of_results(meter: Meter, with_files: SubmittedInput) -> None:
    gateway = meter.gateway
    _space(gateway, "files", features=("prompt", "audio"), max_files=MAX_FILES)
    worker = _worker(gateway, "w2", "files")
    accepted = submit_request(gateway, "files", with_files, caller=_CALLER)
    prefix = f"outputs/files/{accepted.request.ticket}/1-{'x' * 22}/"
    entry = {"name": "a", "content_type": "a/b", "size": 1}
    files = [{**entry, "key": f"{prefix}{number}"} for number in range(MAX_FILES)]
    told = {"request_id": str(accepted.request.request_id), "attempt": 1, "status": "completed"}
    result = convert({"action": "result", **told, "output": {"files": files}}, Result)

    def fetch() -> object:
        return request_result(gateway, accepted.request.request_id)

    incomplete = [*files[1:], {**entry, "key": f"{prefix}missing"}]
    refused = convert({"action": "result", **told, "output": {"files": incomplete}}, Result)

    def refuse() -> None:
        _refused(WrongOutput, lambda: commit_result(gateway, worker, refused))

    meter.price("result whose last file is missing", WRONG_OUTPUT, refuse)
    meter.price("result with 10 files", PER_SOCKET, lambda: commit_result(gateway, worker, result))
    meter.price("fetch of a result with 10 input files", PER_MINUTE, fetch)
    meter.price("… a later one", PER_ROUTE, fetch)


def _price_streamed_text(meter: Meter, worker: Sender, accepted: Accepted) -> None:
    gateway, request_id = meter.gateway, accepted.request.request_id

    def say(index: int, text: str) -> None:
        message = Progress(
            request_id=str(request_id), attempt=1, chunk=Chunk(index=index, text=text)
        )
        record_progress(gateway, worker, message)

    meter.price("half a second of streamed text", PER_SOCKET, lambda: say(0, "word " * 40))
    for index in range(1, MAX_AT_ONCE):
        say(index, "word " * 40)
    meter.price(
        f"poll of {MAX_AT_ONCE} short pieces from the start",
        PER_ROUTE,
        lambda: request_status(gateway, request_id),
    )
    for index in range(MAX_AT_ONCE, MAX_AT_ONCE + 100):
        say(index, _noise(MAX_CHUNK_BYTES, index))
    meter.price(
        "poll of pieces of 16 KB",
        PER_ROUTE,
        lambda: request_status(gateway, request_id, after=read_cursor(f"1.{MAX_AT_ONCE}")),
    )


def _price_uploads(meter: Meter) -> None:
    gateway = meter.gateway

    def announce(size: int) -> Any:
        wanted = {"space": "media", "name": "a.wav", "content_type": "audio/wav", "size": size}
        return begin_upload(gateway, convert(wanted, NewUpload), _CALLER)

    meter.price("announcement of a file", PER_UPLOAD, lambda: announce(4))
    large = meter.price("announcement of a file in parts", PER_UPLOAD, lambda: announce(LARGE_FILE))
    named = NamedMultipart(space="media", multipart_id="parts")
    steps: tuple[tuple[str, Callable[..., object]], ...] = (
        ("addresses of missing parts", missing_parts),
        ("completion of a file in parts", complete_upload),
        ("abortion of a file in parts", abort_upload),
    )
    for action, step in steps:
        take = partial(step, gateway, large.upload_id, named, _CALLER)
        meter.price(action, PER_UPLOAD, take)


def _price_workers(meter: Meter) -> None:
    gateway = meter.gateway
    names = [f"space-{number:02}" for number in range(MAX_SPACES_PER_WORKER)]
    for name in names:
        _space(gateway, name)
    secret = issue_credential(gateway, "token", names).secret
    sender = Sender("c-many", gateway.now(), "many", "t2", frozenset(names))

    def connect() -> None:
        identify_worker(gateway, token=secret, worker_id="many")
        open_connection(gateway, sender, digest_of(secret))

    meter.price("handshake, first of the hour", PER_TOKEN, connect)
    meter.price("handshake, a later one", PER_TOKEN, connect)
    wide = MAX_ALL_PARAMS_SCHEMAS_BYTES // MAX_PARAMS_SCHEMA_BYTES

    def register(text: str) -> None:
        fields = {"a": {"title": text * (MAX_PARAMS_SCHEMA_BYTES - 200)}}
        declared: dict[str, Any] = {"type": "object", "properties": fields}
        message = Register(
            spaces=names, session="s", params_schemas=dict.fromkeys(names[:wide], declared)
        )
        register_worker(gateway, sender, message)

    meter.price("register, 20 spaces, 40 KB of new schemas", PER_SOCKET, lambda: register("x"))
    meter.price("register, the same again", PER_SOCKET, lambda: register("x"))
    meter.price("drain, 20 spaces", PER_SOCKET, lambda: drain_worker(gateway, sender))
    _worker(gateway, "one", names[0])
    meter.price("register, one space", PER_SOCKET, lambda: _worker(gateway, "one", names[0]))


def _price_busiest_space(meter: Meter, client: Any) -> None:
    gateway = meter.gateway
    _space(gateway, "busy", max_workers=WORKERS, max_queue_length=100_000)
    senders = join_workers(gateway, "busy", WORKERS)
    first = [submit_request(gateway, "busy", SubmittedInput(prompt="x")) for _ in range(WORKERS)]
    let_run(gateway, client, "busy", WORKERS * (MAX_CAPACITY - 1) - 1)
    last = meter.price(
        f"submit where {WORKERS} workers run {MAX_CAPACITY} requests each",
        PER_CALLER,
        lambda: submit_request(gateway, "busy", SubmittedInput(prompt="x"), caller=_CALLER),
    )
    running = next(
        (sender, each)
        for each in [last, *first]
        for sender in senders
        if _is_held_by(gateway, each, sender)
    )
    sender, held = running
    meter.price("… a poll", PER_ROUTE, lambda: request_status(gateway, held.request.request_id))
    meter.price("… a view of the space", PER_ROUTE, lambda: view_space(gateway, "busy", _CALLER))
    meter.price(
        "… an offer",
        PER_SOCKET,
        lambda: offer_slots(gateway, sender, Offer(space="busy", slots=Slots(count=1, order=1))),
    )
    meter.price(
        "… progress",
        PER_SOCKET,
        lambda: record_progress(
            gateway, sender, Progress(request_id=str(held.request.request_id), attempt=1)
        ),
    )
    meter.price(
        "… a decline",
        PER_SOCKET,
        lambda: decline_request(
            gateway,
            sender,
            Decline(
                request_id=str(held.request.request_id),
                attempt=1,
                slots=Slots(count=0, order=2),
            ),
        ),
    )
    other = next(
        (each, sender) for each in first for sender in senders if _is_held_by(gateway, each, sender)
    )
    meter.price(
        "… a result",
        PER_SOCKET,
        lambda: commit_result(gateway, other[1], _result(other[0], "x")),
    )


def _is_held_by(gateway: Gateway, accepted: Accepted, sender: Sender) -> bool:
    queue = gateway.spaces.read_queue("busy")
    running = queue.running.get(accepted.request.ticket) if queue else None
    return running is not None and running.worker_id == sender.worker_id


def _result(accepted: Accepted, text: str) -> Result:
    told = {"action": "result", "request_id": str(accepted.request.request_id), "attempt": 1}
    return convert({**told, "status": "completed", "output": {"text": text}}, Result)


def _with_files(count: int, *more: str) -> SubmittedInput:
    names = [f"{number:022}" for number in range(count)] + [f"{each:0>22}" for each in more]
    return convert({"prompt": "x", "files": [{"upload_id": n} for n in names]}, SubmittedInput)


def _incompressible(size: int) -> SubmittedInput:
    return SubmittedInput(prompt=_noise(size, 1))


def _noise(size: int, seed: int) -> str:
    return "".join(random.Random(seed).choices(_VISIBLE, k=size))  # noqa: S311 - not a secret


def _refused(kind: type[Exception], work: Callable[[], object]) -> None:
    try:
        work()
    except kind:
        return
    raise AssertionError("it was not refused")
