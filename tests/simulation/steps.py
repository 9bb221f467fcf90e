"""What the outside does when it is asked: one step of one run, with or without a fault."""

from collections import Counter

from spaces.domain.queue.sweep_timer import SHORTEST_LEAD
from tests.simulation.actors import Program, Run
from tests.simulation.calls import Answer, Call, Item
from tests.simulation.dynamo import Items, Key, answer_table
from tests.simulation.state import Clock, State, object_key
from tests.simulation.watch import (
    REPEATED_WITHIN,
    Broken,
    note_deletion,
    note_dispatches,
    watch_end,
    watch_inputs,
    watch_message,
    watch_start,
    watch_worker,
    watch_write,
)
from tests.simulation.worker import Reaction, receive

_WRITTEN = Answer("written", Item.of({}))
_OBJECT = Item.of({})
_ASYNCHRONOUS = ("sweep",)
_LAMBDA_REPEATS_AFTER = (60_000, 120_000)
"""When Lambda repeats an asynchronous invocation that failed (milliseconds)."""


class World:
    """The rules by which a simulated world moves.

    Attributes:
        program: the use cases.
        prompt_mail: messages reach their worker at once and in order; otherwise in any order.
        disconnects: API Gateway tells of closed connections (late, or never).
        runs_at_most: how often workers may start requests; None if it does not matter.
        strict_order: workers start the requests of a space in order.
        scheduler: "works"; "throttles": it creates no timer; "loses": it creates one, but its first
            answer gets lost, so that boto3 asks again.
        made: how often each call was made, over all states; for stories.
        ahead: by how much its clock is ahead; it refuses times that are past by it.
        late: how much after its time a timer fires.
    """

    def __init__(
        self,
        program: Program,
        *,
        prompt_mail: bool = True,
        disconnects: bool = False,
        runs_at_most: int | None = None,
        strict_order: bool = False,
        scheduler: str = "works",
        ahead: int = 0,
        late: int = 0,
    ) -> None:
        self.program = program
        self.prompt_mail = prompt_mail
        self.disconnects = disconnects
        self.runs_at_most = runs_at_most
        self.strict_order = strict_order
        self.scheduler = scheduler
        self.ahead = ahead
        self.late = late
        self.made: Counter[str] = Counter()
        self.good: dict[str, set[int]] = {}

    @property
    def counts_runs(self) -> bool:
        """Tell whether it matters how often workers started requests."""
        return self.strict_order or self.runs_at_most is not None

    def step(self, state: State, name: str, fault: str | None = None) -> State:
        """Let a run make its next call and go on to the one after it."""
        run = state.runs[name]
        if not run.begun:
            state = watch_start(state, run)
            run = run.begin(state.now)
        if run.call is None:
            return self._end(state.but(last=name), run)
        state, answer = self._answer(state, run, run.call, fault)
        if fault == "lost":
            return state.with_runs(run).but(last=name)
        run = run.after(answer, state.now)
        while run.call is not None and _invisible(run.call):
            run = run.after(_WRITTEN, state.now)
        if run.call is None:
            return self._end(state.but(last=name), run)
        return state.with_runs(run).but(last=name)

    def due(self, clock: Clock) -> int:
        """Return when a clock fires; Lambda repeats a sweep in time."""
        return clock.at + (0 if clock.tries else self.late)

    @property
    def slack(self) -> int:
        """How much longer everything may take than with a scheduler that works and is in time."""
        return self.late + (REPEATED_WITHIN if self.scheduler == "throttles" else 0)

    def start_sweep(self, state: State, clock: Clock) -> State:
        """Let a sweep be about to begin."""
        of = f" {clock.ticket}" if clock.ticket else ""
        name = f"sweep {clock.space}{of} {clock.since}" + "'" * clock.tries
        while name in state.runs:
            name += "+"
        given = (clock.since, clock.space, clock.tries, clock.ticket)
        return state.with_runs(self.program.start(name, "sweep", given))

    def crash(self, state: State, name: str) -> State:
        """Let a run die where it stands; Lambda starts a sweep again, a user with a key retries."""
        run = state.runs[name]
        runs = {key: value for key, value in state.runs.items() if key != name}
        state = state.but(runs=runs, last=name)
        repeated = run.kind in _ASYNCHRONOUS or (run.kind == "submit" and run.given[1])
        return self._again(state, run) if repeated else state

    def _again(self, state: State, run: Run) -> State:
        return state.with_runs(self.program.start(run.name + "'", run.kind, run.given))

    def _end(self, state: State, run: Run) -> State:
        runs = {key: value for key, value in state.runs.items() if key != run.name}
        state = watch_end(state.but(runs=runs), run)
        if run.kind in _ASYNCHRONOUS and run.outcome[0] != "done":
            return self._repeat(state, run)
        return state

    def _repeat(self, state: State, run: Run) -> State:
        """Let Lambda repeat a sweep: twice and after a while, if it could not arm a timer."""
        if "TimerNotArmed" not in run.outcome[1]:
            return self._again(state, run)
        since, space, tries, ticket = run.given
        if tries == len(_LAMBDA_REPEATS_AFTER):
            return state
        at = state.now + _LAMBDA_REPEATS_AFTER[tries]
        return state.but(clocks=state.clocks | {Clock(space, at, since, tries + 1, ticket)})

    def _answer(
        self, state: State, run: Run, call: Call, fault: str | None
    ) -> tuple[State, Answer]:
        if fault == "error":
            return state, Answer("error", "InternalServerError")
        self.made[call.name] += 1
        match call.name:
            case "post":
                return self._post(state, *call.arguments, fault)
            case "close":
                return self.close(state, call.arguments), Answer("closed")
            case "last_active":
                return state, _last_active(state, call.arguments)
        return self._ask_service(state, run, call, fault)

    def _ask_service(
        self, state: State, run: Run, call: Call, fault: str | None
    ) -> tuple[State, Answer]:
        if call.name in ("arm", "start"):
            return self._schedule(state, run, call)
        if call.name in ("arm_webhook", "start_webhook"):
            return _note_announced(state, call.arguments), Answer("started")
        changed = _change_object(state, call) if call.writes_object else None
        return changed or self._ask_table(state, run, call, fault)

    def _schedule(self, state: State, run: Run, call: Call) -> tuple[State, Answer]:
        space, at, ticket = call.arguments
        if call.name == "start":
            return self._start(state, Clock(space, at, at, ticket=ticket)), Answer("started")
        ahead = at - run.looked_at  # time may have passed since then
        if ahead < SHORTEST_LEAD:
            raise Broken("12", f"a clock is armed for {ahead} ms ahead")
        if self.scheduler == "throttles":
            return state, Answer("error", "ThrottlingException")
        if at <= state.now + self.ahead:
            return state, Answer("error", "ValidationException")
        clock = Clock(space, at, at, ticket=ticket)
        repeated = clock in state.clocks or self.scheduler == "loses"
        kind = "exists" if repeated else "armed"
        return state.but(clocks=state.clocks | {clock}), Answer(kind)

    def _start(self, state: State, clock: Clock) -> State:
        """Let a sweep be started, unless the same one is about to begin."""
        same = (clock.space, 0, clock.ticket)
        coming = any(
            run.kind == "sweep" and run.given[1:] == same and not run.begun
            for run in state.runs.values()
        )
        return state if coming else self.start_sweep(state, clock)

    def _ask_table(
        self, state: State, run: Run, call: Call, fault: str | None
    ) -> tuple[State, Answer]:
        if fault == "stale":
            return state, answer_table({**state.items, **state.old}, call)[1]
        if not call.writes_table:
            return state, answer_table(state.items, call)[1]
        key, before, after, answer = _write(state, run, call)
        if after is before:
            return state, answer
        items = {**state.items, key: after} if after else _without(state.items, key)
        old = state.old
        if state.left.stale:
            old = {**old, key: state.items[key]} if key in state.items else old
        after = note_dispatches(state.but(items=items, old=old), state, key)
        after = note_deletion(after, key, run)
        watch_write(state, after, key, run)
        watch_inputs(after)
        return after, answer

    def _post(
        self, state: State, connection_id: str, text: str, fault: str | None
    ) -> tuple[State, Answer]:
        watch_message(state, connection_id, text)
        if fault == "vanished":
            return state, Answer("sent")
        if connection_id not in state.sockets:
            return state, Answer("gone")
        if self.prompt_mail:
            state = self.deliver(state, connection_id, text)
        else:
            state = state.but(mail=tuple(sorted((*state.mail, (connection_id, text)))))
        return state, Answer("gone" if fault == "gone" else "sent")

    def deliver(self, state: State, connection_id: str, text: str) -> State:
        """Let a message arrive; at the end of a dead connection nobody reads it."""
        worker = next((w for w in state.workers.values() if w.line == connection_id), None)
        if worker is None or not worker.honest:
            return state
        return self.react(state, receive(worker, text))

    def react(self, state: State, reaction: Reaction) -> State:
        """Take over what a worker did: its messages become runs that have not begun."""
        worker, started = reaction.worker, reaction.started
        watch_worker(state, worker, started, strict=self.strict_order)
        state = state.with_worker(worker)
        if reaction.worker.line in state.sockets:
            start = self.program.start
            state = state.with_runs(*(start(s.name, s.kind, s[2:]) for s in reaction.sent))
        if reaction.started:
            runs = dict(state.seen.runs)
            for request_id in reaction.started:
                runs[request_id] = runs.get(request_id, 0) + 1
            state = state.but(seen=state.seen._replace(runs=frozenset(runs.items())))
        return state

    def close(self, state: State, connection_id: str) -> State:
        """Let a connection end; API Gateway may tell of it by $disconnect."""
        if connection_id not in state.sockets:
            return state
        sockets = {key: dead for key, dead in state.sockets.items() if key != connection_id}
        state = state.but(sockets=sockets)
        return self.tell_disconnect(state, connection_id) if self.disconnects else state

    def tell_disconnect(self, state: State, connection_id: str) -> State:
        """Send $disconnect for a connection."""
        worker = state.workers[connection_id.split("#", maxsplit=1)[0]]
        sender = worker._replace(line=connection_id).sender
        name = f"{connection_id}:disconnect"
        return state.with_runs(self.program.start(name, "disconnect", (sender,)))


def _write(state: State, run: Run, call: Call) -> tuple[Key, Item | None, Item | None, Answer]:
    """Return which item a run writes, how it was and will be, and the answer."""
    (key,) = run.keys
    before = state.items.get(key)
    found = run.writes.get(before)
    if found is None:
        items, answer = answer_table({key: before} if before else {}, call)
        found = run.writes[before] = (items.get(key), answer)
    return key, before, *found


def _change_object(state: State, call: Call) -> tuple[State, Answer]:
    """Put, copy or delete an object of the bucket."""
    if call.name == "delete_object":
        state = state.but(items=_without(state.items, object_key(call.arguments)))
        watch_inputs(state)
        return state, Answer("deleted")
    source, name = call.arguments if call.name == "copy_object" else (None, call.arguments)
    if source and object_key(source) not in state.items:
        return state, Answer("missing")
    return state.but(items={**state.items, object_key(name): _OBJECT}), Answer("stored")


def _without(items: Items, key: Key) -> Items:
    return {name: item for name, item in items.items() if name != key}


def _invisible(call: Call) -> bool:
    """Tell whether nobody reads what a call writes: it needs no step of its own."""
    arguments = call.arguments
    return isinstance(arguments, dict) and arguments.get("TableName") == "connections"


def _last_active(state: State, connection_id: str) -> Answer:
    if connection_id not in state.sockets:
        return Answer("gone")
    dead_since = state.sockets[connection_id]
    return Answer("active", state.now if dead_since is None else dead_since)


def _note_announced(state: State, request_id: str) -> State:
    announced = state.seen.announced | {request_id}
    return state.but(seen=state.seen._replace(announced=announced))
