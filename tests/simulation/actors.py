"""Runs of use cases as values: a run is its name, its kind, and the answers it has had so far.

The use cases are deterministic, so what a run does next follows from these alone. It is found by
running the real code, and remembered. The code goes on from where it stands; only if a run gets
another answer too, it runs from the start again, over the answers before that one.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from spaces.domain.access.caller import Anonymous
from spaces.domain.errors import SpaceError
from spaces.domain.request_options import RequestOptions
from spaces.services.administration.manage_requests import retry_request
from spaces.services.dispatch.sweep_space import sweep_space
from spaces.services.ports.gateway import Gateway, Sender
from spaces.services.requests.cancel_request import cancel_request
from spaces.services.requests.delete_request import delete_request
from spaces.services.requests.submit_request import submit_request
from spaces.services.requests.view_request import request_status
from spaces.services.spaces.create_space import create_space
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.decline_request import decline_request
from spaces.services.workers.drain_worker import drain_worker
from spaces.services.workers.offer_slots import offer_slots
from spaces.services.workers.record_progress import record_progress
from spaces.services.workers.register_worker import register_worker
from spaces.services.workers.release_connection import release_connection
from spaces_protocol.codec import decode_worker_message
from spaces_protocol.errors import ErrorType
from spaces_protocol.gateway_messages import ErrorReply
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import SubmittedInput
from spaces_protocol.webhooks import Webhook
from tests.simulation.calls import Answer, Call, Item
from tests.simulation.course import Course
from tests.simulation.dynamo import Key, keys_of
from tests.simulation.scripted import Outside, scripted_gateway

SPACE = "a"


class Own(NamedTuple):
    """What a request has of its own: limits in milliseconds, and whether its end is announced."""

    timeout: int | None = None
    start_timeout: int | None = None
    webhook: bool = False


NO_LIMITS = Own()


class Run:
    """A run at one of its calls, or at its end. Equal runs are one object.

    Attributes:
        name: who it is, for traces; kind: which use case; given: what it was started with.
        answer: what it was answered last, and when.
        call: what it asks next; None if it has not begun or has ended.
        looked_at: what the time was when it last asked for it; `at` depends on which path came here
            first where a run does not ask.
        outcome: what it returned, or the error that it raised, when it has ended.
        keys: of the items that its call writes; writes: by how the item was, how it is after the
            call, and the answer.
    """

    __slots__ = (
        "_children", "_course", "_parent", "_program", "answer", "at", "call", "given", "keys",
        "kind", "looked_at", "name", "outcome", "writes",
    )  # fmt: skip

    def __init__(
        self,
        program: "Program",
        origin: tuple,
        parent: "Run | None",
        answer: Answer | None,
        at: int,
    ) -> None:
        self.name, self.kind, self.given = origin
        self.answer, self.at = answer, at
        self.looked_at = at
        self._program, self._parent = program, parent
        self._children: dict[tuple[Answer, int | None], Run] = {}
        self._course: Course | None = None
        self.call: Call | None = None
        self.keys: list[Key] = []
        self.writes: dict[Item | None, tuple[Item | None, Answer]] = {}
        self.outcome: Any = None

    @property
    def begun(self) -> bool:
        """Tell whether it has begun."""
        return self._parent is not None

    def begin(self, now: int) -> "Run":
        """Return the run at its first call, if it has not begun."""
        return self if self.begun else self.after(_BEGIN, now)

    def after(self, answer: Answer, now: int) -> "Run":
        """Return the run as it stands after this answer; until its next call, it is that time."""
        child = self._children.get((answer, None)) or self._children.get((answer, now))
        if child is None:
            origin = (self.name, self.kind, self.given)
            child = Run(self._program, origin, self, answer, now)
            time_matters = self._program.go_on(child, self._take_course())
            self._children[answer, now if time_matters else None] = child
        return child

    def stand_before(self, call: Call, course: Course) -> None:
        """Note what it asks next, and the execution that waits for the answer."""
        self.call, self._course = call, course
        self.looked_at = course.looked_at
        self.keys = keys_of(call) if call.writes_table else []

    def _take_course(self) -> Course:
        """Return an execution that stands where this run does: the waiting one, or another."""
        course, self._course = self._course, None
        return course or self._program.replay(self)

    def history(self) -> list["Run"]:
        """Return the run after each of its answers, in order."""
        steps: list[Run] = []
        run = self
        while run._parent is not None:
            steps.append(run)
            run = run._parent
        return steps[::-1]


class Program:
    """The use cases as they are now; make a new one after changing them."""

    def __init__(self) -> None:
        self._outside = Outside()
        self._gateway = scripted_gateway(self._outside)
        self._starts: dict[tuple, Run] = {}

    def start(self, name: str, kind: str, given: tuple) -> Run:
        """Return a run that has not begun."""
        origin = (name, kind, given)
        if origin not in self._starts:
            self._starts[origin] = Run(self, origin, None, None, 0)
        return self._starts[origin]

    def go_on(self, run: Run, course: Course) -> bool:
        """Find out what a run does next; tells whether it looked at the time for that."""
        assert run.answer is not None
        self._outside.course = course
        try:
            found = course.go_on(run.answer, run.at)
        except SpaceError as error:
            run.outcome = ("refused", error.error_type)
        except Exception as error:  # noqa: BLE001 - the edge of the function
            run.outcome = ("failed", repr(error))
        else:
            if course.ended:
                run.outcome = ("done", found)
            else:
                run.stand_before(found, course)
        return course.looked

    def replay(self, run: Run) -> Course:
        """Run the real code over the answers that a run has had."""
        course = Course(run.name, partial(_KINDS[run.kind], self._gateway, *run.given))
        self._outside.course = course
        for step in run.history():
            assert step.answer is not None
            course.go_on(step.answer, step.at)
        return course


_BEGIN = Answer("begin")


def _submit(
    gateway: Gateway,
    prompt: str,
    key: str | None,
    space: str = SPACE,
    own: Own = NO_LIMITS,
    size: int = 0,
) -> str:
    options = RequestOptions(
        timeout=own.timeout,
        start_timeout=own.start_timeout,
        webhook=Webhook(url="https://example.com/") if own.webhook else None,
    )
    submitted = SubmittedInput(prompt=prompt.ljust(size, "x"))
    accepted = submit_request(gateway, space, submitted, options=options, idempotency_key=key)
    return str(accepted.request.request_id)


def _poll(gateway: Gateway, request_id: str) -> Any:
    return request_status(gateway, _parsed(request_id)).status


def _cancel(gateway: Gateway, request_id: str) -> Any:
    return cancel_request(gateway, _parsed(request_id))


def _retry(gateway: Gateway, request_id: str) -> str:
    accepted = retry_request(gateway, _parsed(request_id), "admin")
    return str(accepted.request.request_id)


def _delete(gateway: Gateway, request_id: str) -> None:
    delete_request(gateway, _parsed(request_id), Anonymous("visitor"))


def _parsed(request_id: str) -> RequestId:
    parsed = RequestId.parse(request_id)
    assert parsed is not None, request_id
    return parsed


def _sweep(gateway: Gateway, at: int, space: str, _tries: int, ticket: int) -> None:
    sweep_space(gateway, space, at, ticket=ticket or None)


def _message(use_case: Callable) -> Callable:
    """Return what the edge of a socket route does; see `spaces.handlers.socket_route`."""

    def receive(gateway: Gateway, sender: Sender, text: str) -> str | None:
        message = decode_worker_message(text)
        request_id = getattr(message, "request_id", None)
        try:
            use_case(gateway, sender, message)
        except SpaceError as error:
            _reply(gateway, sender, error.error_type, request_id)
        except Exception as error:  # noqa: BLE001 - the edge
            _reply(gateway, sender, ErrorType.INTERNAL, request_id)
            return repr(error)
        return None

    return receive


def _reply(gateway: Gateway, sender: Sender, error_type: ErrorType, request_id: str | None) -> None:
    reply = ErrorReply(error_type=error_type, detail="", request_id=request_id)
    gateway.sockets.post(sender.connection_id, reply)


_KINDS: dict[str, Callable] = {
    "create": create_space,
    "submit": _submit,
    "poll": _poll,
    "cancel": _cancel,
    "retry": _retry,
    "delete": _delete,
    "sweep": _sweep,
    "register": _message(register_worker),
    "result": _message(commit_result),
    "progress": _message(record_progress),
    "decline": _message(decline_request),
    "offer": _message(offer_slots),
    "drain": _message(lambda gateway, sender, _: drain_worker(gateway, sender)),
    "disconnect": release_connection,
}
