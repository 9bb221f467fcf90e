"""What each step of a request and of a worker uses, counted on the real services."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from msgspec import convert

from benchmarks.actions.counted_files import CountedFiles
from benchmarks.actions.inputs import CALLER
from benchmarks.capacity import Capacity
from benchmarks.cost.assumed import (
    GIGABYTE,
    LINE_LOG_BYTES,
    RESPONSE_BYTES,
    RUN_LOG_BYTES,
    RUN_SECONDS,
    WHOLE_GB,
)
from benchmarks.tool_calls import CountedClocks
from benchmarks.units import KILOBYTE, Line, answer_to, gateway_over, tables_of
from infra.costs.usage import Usage, use
from spaces.domain.access.quota import CallerLimits
from spaces.domain.space import Definition
from spaces.services.access.identify_key import identify_key
from spaces.services.access.issue_credential import digest_of, issue_credential
from spaces.services.dispatch.sweep_space import sweep_space
from spaces.services.files.begin_upload import begin_upload
from spaces.services.ports.gateway import Gateway, Sender
from spaces.services.requests.cancel_request import cancel_request
from spaces.services.requests.submit_request import submit_request
from spaces.services.requests.view_request import request_status
from spaces.services.requests.view_result import request_result
from spaces.services.spaces.create_space import create_space
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.open_connection import identify_worker, open_connection
from spaces.services.workers.record_progress import record_progress
from spaces.services.workers.register_worker import register_worker
from spaces.services.workers.release_connection import release_connection
from spaces_protocol.rest_bodies import NewUpload, SubmittedCall, SubmittedInput
from spaces_protocol.worker_messages import Chunk, Progress, Register, Result

Steps = Mapping[str, Usage]
"""What each step uses, by its name."""
_SPACE: Final = "cost"
CHAT_TURNS: Final = 20


@dataclass
class Counter:
    """Counts one step after another in a space with one worker.

    Attributes:
        lines: how many lines were logged since the last step.
    """

    gateway: Gateway
    line: Line
    capacity: Capacity
    files: CountedFiles
    clocks: CountedClocks
    steps: dict[str, Usage] = field(default_factory=dict)
    lines: int = 0

    def count(self, name: str, kind: str, act: Callable[[], Any], **more: float) -> Any:
        """Do a step of one run, note what it used, and return its product.

        Args:
            name: what the step is called.
            kind: how long its function runs; one of ``RUN_SECONDS``.
            act: the step.
            more: what comes in beside it, such as ``http_call`` or ``message``.
        """
        self.capacity.reset()
        self.line.posted.clear()
        self.files.calls = self.lines = 0
        product = act()
        log_bytes = RUN_LOG_BYTES + self.lines * LINE_LOG_BYTES
        used = use(
            run=1,
            gb_second=RUN_SECONDS[kind] * WHOLE_GB,
            write_unit=self.capacity.write,
            read_unit=self.capacity.read,
            message=len(self.line.posted),
            s3_get=self.files.calls,
            log_gb=log_bytes / GIGABYTE,
        )
        if more.get("http_call"):
            used += use(transfer_gb=RESPONSE_BYTES / GIGABYTE)
        self.steps[name] = used + use(**more)
        return product

    def log(self, *_: object, **__: object) -> None:
        """Count a line."""
        self.lines += 1


def count_steps(client: Any) -> Steps:
    """Return what each step uses, over empty tables that are deleted afterwards."""
    capacity = Capacity()
    capacity.watch(client)
    line, files, clocks = Line(), CountedFiles(), CountedClocks()
    with tables_of(client):
        counter = Counter(gateway_over(client, line, files), line, capacity, files, clocks)
        counter.gateway = replace(counter.gateway, timers=clocks, log_event=counter.log)
        worker = _count_worker(counter)
        _count_request(counter, worker)
        _count_file(counter, worker)
        _count_rare(counter, worker)
        _count_chat(counter, worker)
        return counter.steps


def _count_worker(counter: Counter) -> Sender:
    gateway = counter.gateway
    features = ("prompt", "call", "file")
    create_space(
        gateway,
        Definition(
            space_id=_SPACE, title=_SPACE, created_at=0, features=features, max_input_bytes=262_144
        ),
    )
    secret = issue_credential(gateway, "token", [_SPACE]).secret
    worker = Sender("c1", gateway.now(), "w1", "t1", frozenset([_SPACE]))

    def connect() -> None:
        identify_worker(gateway, token=secret, worker_id="w1")
        open_connection(gateway, worker, digest_of(secret))

    def register() -> None:
        message = Register(spaces=[_SPACE], session="s", endpoints={_SPACE: ["chat.completions"]})
        register_worker(gateway, worker, message)

    connect()  # the first of an hour costs more
    # The authorizer is a run of its own.
    counter.count("handshake", "handshake", connect, run=1, gb_second=0.02 * WHOLE_GB)
    register()
    counter.count("register", "register", register, message=1)
    counter.count("disconnect", "disconnect", lambda: release_connection(gateway, worker))
    register()
    return worker


def _count_request(counter: Counter, worker: Sender) -> None:
    gateway, line = counter.gateway, counter.line
    submitted = SubmittedInput(prompt=KILOBYTE)
    accepted = counter.count(
        "submit", "submit", lambda: submit_request(gateway, _SPACE, submitted), http_call=1
    )
    held, request_id = line.last_request(), accepted.request.request_id
    counter.count("poll", "poll", lambda: request_status(gateway, request_id), http_call=1)
    chunk = Chunk(index=0, text=KILOBYTE[:200])
    name = held.request_id

    def say(**more: Any) -> None:
        record_progress(gateway, worker, Progress(request_id=name, attempt=1, **more))

    counter.count("progress", "progress", say, message=1)
    counter.count("piece of text", "progress", lambda: say(chunk=chunk), message=1)
    counter.count(
        "result", "result", lambda: commit_result(gateway, worker, answer_to(held)), message=1
    )
    counter.count("fetch", "poll", lambda: request_result(gateway, request_id), http_call=1)
    counter.count("sweep", "sweep", lambda: sweep_space(gateway, _SPACE, gateway.now()), schedule=1)


def _count_file(counter: Counter, worker: Sender) -> None:
    gateway = counter.gateway
    wanted = {"space": _SPACE, "name": "a.wav", "content_type": "audio/wav", "size": 10 * 1024**2}
    counter.count(
        "announce a file",
        "upload",
        lambda: begin_upload(gateway, convert(wanted, NewUpload), CALLER),
        http_call=1,
    )
    named = {"prompt": "x", "files": [{"upload_id": f"{1:022}"}]}
    counter.count(
        "submit with a file",
        "submit",
        lambda: submit_request(gateway, _SPACE, convert(named, SubmittedInput)),
        http_call=1,
    )
    commit_result(gateway, worker, answer_to(counter.line.last_request()))


def _count_rare(counter: Counter, worker: Sender) -> None:
    """Count a submit by a program without limits, and a cancel of a running request."""
    gateway, submitted = counter.gateway, SubmittedInput(prompt=KILOBYTE)
    limits = CallerLimits(requests_per_minute=None, max_waiting=None, upload_bytes_per_day=None)
    key = issue_credential(gateway, "key", [_SPACE], limits=limits).secret
    accepted = counter.count(
        "submit with a key",
        "submit",
        lambda: submit_request(gateway, _SPACE, submitted, caller=identify_key(gateway, key)),
        http_call=1,
    )
    held = counter.line.last_request()
    counter.count(
        "cancel",
        "submit",
        lambda: cancel_request(gateway, accepted.request.request_id),
        http_call=1,
    )
    cancelled = Result(request_id=held.request_id, attempt=1, status="cancelled")
    counter.count(
        "late result", "result", lambda: commit_result(gateway, worker, cancelled), message=1
    )


def _count_chat(counter: Counter, worker: Sender) -> None:
    """Count the turns of a conversation, each of which carries all before it."""
    gateway = counter.gateway
    messages: list[dict[str, str]] = []
    submits, results = Usage(), Usage()
    for turn in range(CHAT_TURNS):
        question = {"role": "user", "content": KILOBYTE[turn : turn + 200]}
        messages.append(question)
        body = {"messages": list(messages)}
        call = SubmittedInput(call=SubmittedCall(endpoint="chat.completions", body=body))
        counter.count("turn", "submit", partial(submit_request, gateway, _SPACE, call), http_call=1)
        submits += counter.steps.pop("turn")
        held = counter.line.last_request()
        counter.count(
            "turn",
            "result",
            partial(commit_result, gateway, worker, answer_to(held)),
            message=1,
        )
        results += counter.steps.pop("turn")
        messages.append({"role": "assistant", "content": KILOBYTE})
    counter.steps[f"submits of {CHAT_TURNS} turns"] = submits
    counter.steps[f"results of {CHAT_TURNS} turns"] = results
