"""Prices of requests: submit, poll, cancel, result, fetch."""

from msgspec import convert

from benchmarks.actions.inputs import (
    CALLER,
    LARGEST_IN_AN_ITEM,
    expect_refusal,
    incompressible,
    noise,
    result_of,
    with_files,
)
from benchmarks.actions.meter import Meter, add_space, add_worker
from benchmarks.actions.price import PER_CALLER, PER_MINUTE, PER_ROUTE, PER_SOCKET, WRONG_OUTPUT
from spaces.domain.access.quota import CallerLimits
from spaces.domain.errors import RateLimited, UploadMissing, WrongOutput
from spaces.services.ports.gateway import Sender
from spaces.services.requests.cancel_request import cancel_request
from spaces.services.requests.stream_text import MAX_AT_ONCE, read_cursor
from spaces.services.requests.submit_request import Accepted, submit_request
from spaces.services.requests.view_request import request_status
from spaces.services.requests.view_result import request_result
from spaces.services.spaces.view_space import view_space
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.record_progress import record_progress
from spaces_protocol.limits import (
    MAX_CHUNK_BYTES,
    MAX_FILES,
    MAX_INPUT_BYTES,
)
from spaces_protocol.rest_bodies import SubmittedInput
from spaces_protocol.worker_messages import (
    Chunk,
    Progress,
    Result,
)


def price_requests(meter: Meter) -> None:
    """Price what callers and workers do with requests."""
    gateway = meter.gateway
    add_space(
        gateway,
        "media",
        features=("prompt", "audio"),
        max_files=MAX_FILES,
        max_input_bytes=MAX_INPUT_BYTES,
    )
    worker = add_worker(gateway, "w1", "media")
    small, large = SubmittedInput(prompt="x" * 500), incompressible(LARGEST_IN_AN_ITEM)
    largest = SubmittedInput(prompt="x" * (MAX_INPUT_BYTES - 13))
    ten_files = with_files(MAX_FILES)

    def submit(what: SubmittedInput, key: str | None = None) -> Accepted:
        return submit_request(gateway, "media", what, idempotency_key=key, caller=CALLER)

    accepted = meter.price("submit, a worker is free", PER_CALLER, lambda: submit(small))
    meter.price(
        "poll",
        PER_ROUTE,
        lambda: request_status(gateway, accepted.request.request_id),
    )
    meter.price("submit of 64 KB with a key", PER_CALLER, lambda: submit(large, "k"))
    meter.price("repetition of that submit", PER_ROUTE, lambda: submit(large, "k"))
    meter.price("submit of 4 MB with a key", PER_CALLER, lambda: submit(largest, "m"))
    meter.price("submit with 10 files and a key", PER_CALLER, lambda: submit(ten_files, "f"))
    meter.price("repetition of that submit with files", PER_ROUTE, lambda: submit(ten_files, "f"))
    meter.price(
        "submit whose last file is missing",
        PER_CALLER,
        lambda: expect_refusal(UploadMissing, lambda: submit(with_files(MAX_FILES - 1, "missing"))),
    )
    add_space(
        gateway,
        "full",
        features=("prompt", "audio"),
        max_files=MAX_FILES,
        anonymous_limits=CallerLimits(requests_per_minute=1),
    )
    submit_request(gateway, "full", small, caller=CALLER)
    meter.price(
        "submit with 10 files over the caller's limit",
        PER_ROUTE,
        lambda: expect_refusal(
            RateLimited, lambda: submit_request(gateway, "full", ten_files, caller=CALLER)
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
        lambda: commit_result(gateway, worker, result_of(accepted, "x" * 1_000)),
    )
    meter.price(
        "fetch of the result",
        PER_ROUTE,
        lambda: request_result(gateway, accepted.request.request_id),
    )
    _price_files_of_results(meter, ten_files)
    meter.price("view of a space", PER_ROUTE, lambda: view_space(gateway, "media", CALLER))


def _price_files_of_results(meter: Meter, ten_files: SubmittedInput) -> None:
    gateway = meter.gateway
    add_space(gateway, "files", features=("prompt", "audio"), max_files=MAX_FILES)
    worker = add_worker(gateway, "w2", "files")
    accepted = submit_request(gateway, "files", ten_files, caller=CALLER)
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
        expect_refusal(WrongOutput, lambda: commit_result(gateway, worker, refused))

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
        say(index, noise(MAX_CHUNK_BYTES, index))
    meter.price(
        "poll of pieces of 16 KB",
        PER_ROUTE,
        lambda: request_status(gateway, request_id, after=read_cursor(f"1.{MAX_AT_ONCE}")),
    )
