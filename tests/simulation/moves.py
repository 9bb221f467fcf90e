"""Everything that may happen next in a state, by name."""

from collections.abc import Callable, Iterator
from functools import partial

from tests.simulation import liar
from tests.simulation import worker as workers
from tests.simulation.actors import Run
from tests.simulation.calls import Call
from tests.simulation.state import Clock, Faults, State
from tests.simulation.steps import World
from tests.simulation.worker import Worker

Move = tuple[str, Callable[[], State]]

LAMBDA_LIFE = 29_000
"""A run that lasts longer is ended by Lambda (milliseconds)."""


def moves(world: World, state: State) -> Iterator[Move]:
    """Yield every choice that the outside has."""
    for name, run in sorted(state.runs.items()):
        yield from _run_moves(world, state, name, run)
    yield from _mail_moves(world, state)
    yield from _user_moves(world, state)
    for worker in state.workers.values():
        yield from _worker_moves(world, state, worker)
    yield from _clock_moves(world, state)


def _run_moves(world: World, state: State, name: str, run: Run) -> Iterator[Move]:
    left = state.left
    last = state.runs.get(state.last) if state.last else None
    switches = left.switch is not None and last is not None and last.begun and state.last != name
    if switches:
        if left.switch == 0:
            return
        state = state.but(left=left.less("switch"))
        left = state.left
    yield name, partial(world.step, state, name)
    if left.crash and (run.begun or run.kind != "submit"):
        yield f"{name} dies", partial(world.crash, state.but(left=left.less("crash")), name)
    call = run.begin(state.now).call
    if call is None:
        return
    for fault in _faults_of(call, left):
        spoiled = state.but(left=left.less(fault))
        yield f"{name} {call.name} {fault}", partial(world.step, spoiled, name, fault)


def _faults_of(call: Call, left: Faults) -> Iterator[str]:
    if left.lost and (call.writes_table or call.writes_object):
        yield "lost"
    if left.error and call.name != "start":  # it is itself what helps after an error
        yield "error"
    if call.name == "post":
        yield from (fault for fault in ("gone", "vanished") if getattr(left, fault))
    if left.stale and call.name == "batch_get_item":
        questions = call.arguments["RequestItems"].values()
        if not any(question.get("ConsistentRead") for question in questions):
            yield "stale"
    if left.stale and call.name == "get_item" and not call.arguments.get("ConsistentRead"):
        yield "stale"


def _mail_moves(world: World, state: State) -> Iterator[Move]:
    for index, (connection_id, text) in enumerate(state.mail):
        if index and state.mail[index - 1] == state.mail[index]:
            continue
        rest = state.but(mail=state.mail[:index] + state.mail[index + 1 :])
        yield f"{connection_id} gets {text}", partial(world.deliver, rest, connection_id, text)


def _user_moves(world: World, state: State) -> Iterator[Move]:
    for kind in ("cancel", "poll", "retry", "delete"):
        left = getattr(state.left, kind)
        for request_id in sorted(state.seen.accepted) if left else ():
            run = world.program.start(f"{kind}{left}", kind, (request_id,))
            spent = state.but(left=state.left.less(kind)).with_runs(run)
            yield f"{kind} {request_id}", lambda spent=spent: spent


def _worker_moves(world: World, state: State, worker: Worker) -> Iterator[Move]:
    left, name = state.left, worker.name
    if not worker.honest:
        yield from _forged_moves(world, state, worker)
        return
    if not worker.alive:
        if left.start:
            started = state.with_worker(workers.start(worker)).but(left=left.less("start"))
            yield f"{name} starts", lambda: started
    elif worker.line not in state.sockets:
        if left.connect:
            yield f"{name} connects", partial(connect, world, state, worker)
    else:
        yield from _linked_moves(world, state, worker)
    if left.kill and worker.alive:
        yield f"{name} dies", partial(kill, state, worker)
    if left.notice:
        for connection_id, dead in state.sockets.items():
            if dead is not None and connection_id.startswith(f"{name}#"):
                noticed = state.but(left=left.less("notice"))
                yield f"{connection_id} is found dead", partial(world.close, noticed, connection_id)


def _forged_moves(world: World, state: State, worker: Worker) -> Iterator[Move]:
    """Yield everything that a dishonest worker may say, of any request and of its space."""
    if not state.left.forge:
        return
    spent = state.but(left=state.left.less("forge"))
    for label, reaction in liar.forgeries(worker, state.requests()):
        yield f"{worker.name} {label}", partial(world.react, spent, reaction)


def _linked_moves(world: World, state: State, worker: Worker) -> Iterator[Move]:
    left, name, react = state.left, worker.name, world.react
    for held in sorted(worker.held):
        yield f"{name} answers {held}", partial(_do, world, state, workers.answer, worker, *held)
        if left.progress:
            spent = state.but(left=left.less("progress"))
            action = partial(_do, world, spent, workers.progress, worker, *held)
            yield f"{name} progresses {held}", action
    if left.resend:
        spent = state.but(left=left.less("resend"))
        for kept in sorted(worker.outbox):
            action = partial(_do, world, spent, workers.send_answer, worker, *kept)
            yield f"{name} sends again {kept}", action
    if left.impatience and worker.asked:
        spent = state.but(left=left.less("impatience"))
        yield f"{name} waits no longer", lambda: react(spent, workers.give_up_asking(worker))
    if left.register:
        spent = state.but(left=left.less("register"))
        yield f"{name} registers", lambda: react(spent, workers.register(worker))
    if left.cut:
        spent = state.but(left=left.less("cut")).with_worker(worker._replace(line=None))
        yield f"{worker.line} breaks", partial(world.close, spent, worker.line)


def _do(world: World, state: State, action: Callable, worker: Worker, *given: object) -> State:
    return world.react(state, action(worker, *given))


def connect(world: World, state: State, worker: Worker, *, free: bool = False) -> State:
    """Let a worker open a connection and register by it."""
    if not free:
        state = state.but(left=state.left.less("connect"))
    linked = workers.connect(worker, state.now)
    assert linked.line is not None
    state = state.but(sockets={**state.sockets, linked.line: None})
    return world.react(state, workers.register(linked))


def kill(state: State, worker: Worker) -> State:
    """End a worker's process; the gateway's end of its connection stays open."""
    state = state.but(left=state.left.less("kill")).with_worker(workers.die(worker))
    if worker.line not in state.sockets:
        return state
    return state.but(sockets={**state.sockets, worker.line: state.now})


def _clock_moves(world: World, state: State) -> Iterator[Move]:
    due = [clock for clock in sorted(state.clocks) if world.due(clock) <= state.now]
    for clock in due:
        yield f"the clock of {clock.at} fires", partial(fire, world, state, clock)
        if state.left.twice:
            spent = state.but(left=state.left.less("twice"))
            yield (
                f"{clock.at} fires, once more later",
                partial(fire, world, spent, clock, keep=True),
            )
    if state.left.twice:
        for name, run in state.runs.items():
            if run.kind == "disconnect" and not run.begun and not name.endswith("'"):
                copy = world.program.start(name + "'", run.kind, run.given)
                spent = state.but(left=state.left.less("twice")).with_runs(copy)
                yield f"{name} comes twice", lambda spent=spent: spent
    if state.left.tick and not due and (moment := next_moment(world, state)) is not None:
        dying = _too_old(state, moment)
        if len(dying) <= state.left.crash:
            left = state.left.less("tick")
            passed = state.but(left=left._replace(crash=left.crash - len(dying)))
            yield f"it is {moment}", partial(pass_time, world, passed, moment)


def fire(world: World, state: State, clock: Clock, *, keep: bool = False) -> State:
    """Let a clock start a sweep; the clock deletes itself."""
    clocks = state.clocks if keep else state.clocks - {clock}
    return world.start_sweep(state.but(clocks=clocks), clock)


def next_moment(world: World, state: State) -> int | None:
    """Return the next time at which something is due."""
    moments = [world.due(clock) for clock in state.clocks]
    for queue in state.queues():
        for running in queue.running.values():
            moments += [running.lease_until, running.deadline]
        places = queue.workers.values()
        moments += [place.since + 20_000 for place in places if place.state == "away"]
    moments += [r.queue_deadline for r in state.requests() if r.ending is None]
    moments += [since + own for since, own in _own_times(state)]
    return min((moment for moment in moments if moment > state.now), default=None)


def _own_times(state: State) -> Iterator[tuple[int, int]]:
    """Yield since when each request runs that has a time-out of its own, and that time-out."""
    queues = {queue.space_id: queue for queue in state.queues()}
    for request in state.requests():
        running = queues[request.space_id].running.get(request.ticket)
        if request.timeout is not None and running is not None:
            yield running.since, request.timeout


def pass_time(world: World, state: State, moment: int) -> State:
    """Let time pass; runs that would last too long die."""
    for name in _too_old(state, moment):
        state = world.crash(state, name)
    return state.but(now=moment)


def _too_old(state: State, moment: int) -> list[str]:
    if moment - state.now <= LAMBDA_LIFE:
        return []
    return [name for name, run in state.runs.items() if run.begun]
