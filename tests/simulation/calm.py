"""What happens once the faults are over: everything accepted must end, and in time."""

from collections.abc import Iterator

from spaces.domain.queue.queue import Queue
from spaces.domain.request import Request
from tests.simulation import worker as workers
from tests.simulation.canonical import canonical
from tests.simulation.moves import connect, fire
from tests.simulation.state import Faults, Seen, State, request_in, without_swaps
from tests.simulation.steps import World
from tests.simulation.watch import Broken, all_ended, unannounced, watch_rest
from tests.simulation.worker import Worker

MINUTE = 60_000
REPEAT = 5_000
"""How often a worker sends ``register`` again; see `spaces_worker._session.registration`."""
HEALTHY_WITHIN = 90_000
"""A request that is submitted while a worker is well ends within this (milliseconds)."""
MAX_ROUNDS = 400
MAX_STEPS = 2_000

ALL = frozenset(Faults._fields)
FUTURES = ("work", "leave", "deaf", "hang", "other")
"""work: all workers come back and work. leave: none does, and the gateway knows. deaf: none does,
and nobody knows. hang: all come back and never answer. other: one comes that was never here."""


def check_future(world: World, state: State, future: str) -> None:
    """Go on without faults to the end.

    Raises:
        Broken: something accepted does not end in time, or something never comes to rest.
    """
    state = _begin(world, state, future)
    known = world.good.setdefault(future, set())
    keys: list[int] = []
    swept: frozenset[str] = frozenset()
    for _ in range(MAX_ROUNDS):
        rest = _settle_unless_known(world, state, future, swept, known, keys)
        if rest is None:
            break
        state = rest
        if swept:
            watch_rest(state, harmed=frozenset({"lost"}), spaces=swept)
        key = _key(state)
        if key in known:
            break
        keys.append(key)
        _watch_time(world, state)
        if _is_over(state):
            _check_end(world, state, future)
            break
        moment = _next(world, state)
        if moment is None:
            raise Broken("1", f"future {future!r}: nothing can move, and it has not ended")
        swept = frozenset(clock.space for clock in state.clocks if world.due(clock) <= moment)
        state = repeat(world, state.but(now=moment))
    else:
        raise Broken("1", f"future {future!r}: it does not come to rest")
    known.update(keys)


def _settle_unless_known(
    world: World,
    state: State,
    future: str,
    swept: frozenset[str],
    known: set[int],
    keys: list[int],
) -> State | None:
    """Let everything happen that can happen now; None if it comes to a state that ends well.

    Args:
        swept: the spaces whose clocks fire now, which are looked at when it has settled.
        known: the states that end well; keys: takes those that are passed.
    """
    for _ in range(MAX_STEPS):
        if state.at_rest:
            state = canonical(world, state)
            key = hash((swept, state.key()))
            if key in known:
                return None
            keys.append(key)
        after = _one(world, state, future)
        if after is None:
            return state
        state = after
    raise Broken("1", f"future {future!r}: it moves forever without time passing")


def _key(state: State) -> int:
    """Return the same number for states of which the future is the same; nothing is under way."""
    unfinished = [
        (item, str(request.request_id) in state.seen.accepted)
        for key, item in state.items.items()
        if key[0] == "requests" and (request := request_in(item)) and not request.ending
    ]
    return hash(
        (
            state.now,
            frozenset(without_swaps(item) for item in state.queue_items()),
            frozenset(unfinished),
            frozenset(str(request.request_id) for request in unannounced(state)),
            frozenset(worker._replace(sent=0) for worker in state.workers.values()),
            frozenset(state.sockets.items()),
            state.clocks,
        )
    )


def _begin(world: World, state: State, future: str) -> State:
    """Drop what may never come, and let the workers be as the future says."""
    runs = {name: run for name, run in state.runs.items() if run.kind != "disconnect"}
    state = state.but(runs=runs, old={}, left=Faults(), last=None)
    for worker in list(state.workers.values()):
        if future in ("leave", "deaf", "other") or not worker.honest:
            state = _leave(world, state, worker, known=future != "deaf")
        elif not worker.alive:
            state = state.with_worker(workers.start(worker))
    if future in ("leave", "other"):
        sockets = {name: dead for name, dead in state.sockets.items() if dead is None}
        state = state.but(sockets=sockets)
    if future == "other":
        spaces = tuple(queue.space_id for queue in state.queues())
        state = state.with_worker(Worker("z", spaces=spaces))
    return state


def _leave(world: World, state: State, worker: Worker, *, known: bool) -> State:
    line = worker.line
    state = state.with_worker(workers.die(worker))
    sockets = {name: dead for name, dead in state.sockets.items() if name != line}
    if not known and line in state.sockets:
        sockets[line] = state.now
    return state.but(sockets=sockets)


def settle(world: World, state: State, future: str) -> State:
    """Let everything happen that can happen now, one after the other."""
    for _ in range(MAX_STEPS):
        after = _one(world, state, future)
        if after is None:
            return state
        state = after
    raise Broken("1", f"future {future!r}: it moves forever without time passing")


def _one(world: World, state: State, future: str) -> State | None:
    after = one_of_gateway(world, state)
    return next(_worker_turns(world, state, future), None) if after is None else after


def one_of_gateway(world: World, state: State) -> State | None:
    """Let the next thing happen that needs no worker; None if there is none."""
    begun = min((name for name, run in state.runs.items() if run.begun), default=None)
    name = begun or min(state.runs, default=None)
    if name is not None:
        return world.step(state, name)
    if state.mail:
        (connection_id, text), *rest = state.mail
        return world.deliver(state.but(mail=tuple(rest)), connection_id, text)
    due = (clock for clock in sorted(state.clocks) if world.due(clock) <= state.now)
    clock = next(due, None)
    return None if clock is None else fire(world, state, clock)


def _worker_turns(world: World, state: State, future: str) -> Iterator[State]:
    for worker in state.workers.values():
        if not worker.alive:
            continue
        if worker.line not in state.sockets:
            yield connect(world, state, worker, free=True)
        elif worker.held and future != "hang":
            yield world.react(state, workers.answer(worker, *min(worker.held)))


def _next(world: World, state: State) -> int | None:
    """Return when something happens next; repetitions of workers are sent then, too."""
    moments = [world.due(clock) for clock in state.clocks]
    if any(_wants(worker, state) for worker in state.workers.values()):
        moments.append(state.now + REPEAT)
    return min(moments, default=None)


def _wants(worker: Worker, state: State) -> bool:
    return worker.line in state.sockets and bool(
        not (worker.registered or worker.refused)
        or worker.outbox
        or worker.held
        or worker.prefetched
        or worker.asked
    )


def repeat(world: World, state: State) -> State:
    """Let every worker send again what was not answered."""
    for name in list(state.workers):
        worker = state.workers[name]
        if worker.line not in state.sockets:
            continue
        if not worker.registered or worker.refused:
            state = world.react(state, workers.register(worker))
        if worker.asked:
            state = world.react(state, workers.give_up_asking(state.workers[name]))
        for kept in sorted(worker.outbox):
            state = world.react(state, workers.send_answer(state.workers[name], *kept))
        for held in sorted(worker.held):
            state = world.react(state, workers.progress(state.workers[name], *held))
    return state


def _watch_time(world: World, state: State) -> None:
    """1: everything ends soon after its time-outs; 12: until then a clock is armed."""
    watch_rest(state, harmed=ALL)
    queues = {queue.space_id: queue for queue in state.queues()}
    for request_id in state.seen.accepted:
        request = state.request(request_id)
        if request is None or request.ending is not None:
            continue
        ends = _ends_by(request, queues[request.space_id])
        if state.now > ends + MINUTE + world.slack:
            raise Broken("1", f"{request.ticket} has not ended in time")


def _ends_by(request: Request, queue: Queue) -> int:
    """Return when a request's time is over: to wait, to run, or to wait and then run.

    One that runs has its own time-out, whatever its queue knows of it.
    """
    limits, own = queue.limits, request.timeout or queue.limits.timeout
    running = queue.running.get(request.ticket)
    if running is not None and not running.prefetched:
        return running.since + own
    waits_until = queue.wait_ends(request.ticket, request.queue_deadline)
    if waits_until is not None:
        return waits_until
    return request.queue_deadline + (2 * limits.timeout if limits.prefetch else limits.timeout)


def _is_over(state: State) -> bool:
    wants = any(_wants(worker, state) for worker in state.workers.values())
    return all_ended(state) and not unannounced(state) and not state.clocks and not wants


def _check_end(world: World, state: State, future: str) -> None:
    for queue in state.queues():
        if queue.running:
            raise Broken("1", f"future {future!r}: all has ended, but the queue is {queue}")
    alive = [worker for worker in state.workers.values() if worker.alive]
    if len(alive) <= state.queue.limits.max_workers and not all(w.registered for w in alive):
        raise Broken("9", f"future {future!r}: not every worker has its place: {alive}")
    if alive and future in ("work", "other"):
        _check_health(world, state, future)


def _check_health(world: World, state: State, future: str) -> None:
    """9: a worker that is well serves what is submitted now, soon."""
    start = state.now
    state = state.but(seen=Seen())
    for queue in state.queues():
        name = f"last{start}{queue.space_id}"
        given = ("last", None, queue.space_id)
        state = state.with_runs(world.program.start(name, "submit", given))
    while True:
        state = settle(world, state, future)
        if all_ended(state):
            break
        moment = _next(world, state)
        if any(worker.refused for worker in state.workers.values()):
            moment = min(moment or state.now + REPEAT, state.now + REPEAT)
        if moment is None or moment > start + HEALTHY_WITHIN + world.slack:
            raise Broken("9", f"future {future!r}: a worker that is well is left out")
        state = repeat(world, state.but(now=moment))
    for request_id in state.seen.accepted:
        request = state.request(request_id)
        assert request is not None
        if request.ending is None or request.ending.state != "COMPLETED":
            raise Broken("9", f"future {future!r}: the last request ended as {request.ending}")
