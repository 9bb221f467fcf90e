"""The rules of the queue, each removed once on purpose; something must notice every time.

A mutant is a change of the source text of one function. Its text must still be there: a mutant
that has gone stale is an error, not a pass.
"""

import importlib
import inspect
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any, NamedTuple


class Mutant(NamedTuple):
    """A rule, and how it is removed.

    Attributes:
        rule: in the words of the design.
        where: ``module:function`` or ``module:Class.method``; modules of the simulated workers
            and clocks are named as well, where the rule is theirs.
        old: text of the function; new: what stands there instead.
        caught_by: the small world or the story in which it shows.
    """

    rule: str
    where: str
    old: str
    new: str
    caught_by: str

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Remove the rule for a while."""
        function = _function(self.where)
        before = function.__code__
        function.__code__ = self._changed(function)
        try:
            yield
        finally:
            function.__code__ = before

    def _changed(self, function: FunctionType) -> Any:
        source = textwrap.dedent(inspect.getsource(function)).removeprefix("@staticmethod\n")
        if source.count(self.old) != 1:
            raise LookupError(f"{self.where} has {source.count(self.old)} times {self.old!r}")
        names = dict(function.__globals__)
        changed = "from __future__ import annotations\n" + source.replace(self.old, self.new)
        exec(compile(changed, self.where, "exec"), names)
        return names[function.__name__].__code__


def _function(where: str) -> FunctionType:
    module, _, path = where.partition(":")
    found: Any = importlib.import_module(module)
    for name in path.split("."):
        found = getattr(found, name)
    assert isinstance(found, FunctionType), where
    return found


DOMAIN = "spaces.domain"
SERVICES = "spaces.services"
ADAPTERS = "spaces.adapters"
TABLES = "spaces.adapters.dynamodb"
SIMULATION = "tests.simulation"

MUTANTS = {
    "tail is written": Mutant(
        "a swap never writes tail",
        f"{TABLES}.queue_items:_changes",
        "return {",
        'return {"tail": number(after.tail)} | {',
        "two submits",
    ),
    "version is not compared": Mutant(
        "a swap is a compare-and-swap",
        f"{TABLES}.queue_items:swap_queue",
        "version = :before",
        "version >= :before",
        "two submits",
    ),
    "ticket dropped before the end is written": Mutant(
        "every end status is written to the request before the swap that drops its ticket",
        f"{SERVICES}.workers.commit_result:commit_result",
        "    outcome, collected = _end_request",
        "    queue = advance(gateway, request_id.space, lambda q: drop(q, request_id.ticket))\n"
        "    outcome, collected = _end_request",
        "a run dies",
    ),
    "ticket dropped before the time-out is written": Mutant(
        "every end status is written to the request before the swap that drops its ticket",
        f"{SERVICES}.dispatch.expire:_time_out",
        "outcome = end_running_too_long(gateway, request, running)",
        "outcome = type('Nothing', (), {'stored': False, 'request': None})",
        "time passes",
    ),
    "conflict repeats the old decision": Mutant(
        "after any conflict, start again from the read",
        f"{SERVICES}.dispatch.change_queue:change_queue",
        "            queue = None",
        "            version = read_queue(gateway, space_id).version\n"
        "            queue = replace(before, version=version)",
        "two submits",
    ),
    "no clock is armed": Mutant(
        "whoever leaves something and finds no clock armed that fires early enough, arms one",
        f"{SERVICES}.dispatch.change_queue:_with_timer",
        "if needed is None or",
        "if True or",
        "two submits",
    ),
    "clock only while a worker is ready": Mutant(
        "... whatever state the workers are in",
        f"{DOMAIN}.queue.sweep_timer:next_sweep",
        "if not queue.running and queue.waiting <= 0:",
        "if not queue.slots():",
        "a run dies, nobody is linked",
    ),
    "clock only for what runs": Mutant(
        "... whoever leaves something waiting",
        f"{DOMAIN}.queue.sweep_timer:next_sweep",
        "if not queue.running and queue.waiting <= 0:",
        "if not queue.running:",
        "a run dies, nobody is linked",
    ),
    "any armed clock will do": Mutant(
        "sweep_at later than needed counts as not armed",
        f"{DOMAIN}.queue.sweep_timer:is_armed",
        "<= needed",
        "< now + 3_600_000",
        "request_of_a_worker_that_left_is_run_by_another_soon",
    ),
    "a past clock counts as armed": Mutant(
        "sweep_at in the past counts as not armed",
        f"{DOMAIN}.queue.sweep_timer:is_armed",
        "now < queue.sweep_at",
        "queue.sweep_at",
        "lost_clock_is_armed_again_by_who_asks",
    ),
    "no armed clock is used again": Mutant(
        "an armed clock that is early enough is used again",
        f"{DOMAIN}.queue.sweep_timer:is_armed",
        "return ",
        "return False and ",
        "busy_space_pays_for_a_clock_once_a_minute",
    ),
    "clock armed after its swap": Mutant(
        "the schedule is created before the swap that records it",
        f"{SERVICES}.dispatch.change_queue:change_queue",
        "        after = _with_timer(gateway, after)\n",
        ""
        "        now = gateway.now()\n"
        "        at = next_sweep(after, now)\n"
        "        if at is not None and not is_armed(after, at, now):\n"
        "            state = gateway.spaces.swap(before, replace(after, sweep_at=at))\n"
        "            gateway.timers.arm(space_id, at)\n"
        "            return state, product\n",
        "two submits die offline",
    ),
    "armed too near": Mutant(
        "a timer is never armed less than 10 s ahead",
        f"{DOMAIN}.queue.sweep_timer:next_sweep",
        "now + SHORTEST_LEAD",
        "now + 1_000",
        "timer_is_not_armed_for_a_time_that_may_be_past",
    ),
    "armed too far ahead": Mutant(
        "a timer is never armed more than 55 s ahead: it may be 59 s late",
        f"{DOMAIN}.queue.sweep_timer:next_sweep",
        "now + SWEEP_INTERVAL",
        "now + 3 * SWEEP_INTERVAL",
        "the scheduler is late",
    ),
    "a refused time fails the call": Mutant(
        "no error of the scheduler fails a call: a time that is past",
        f"{ADAPTERS}.sweep_timers:Schedules.arm",
        "return ArmOutcome.IN_THE_PAST if code == _REFUSED else ArmOutcome.UNAVAILABLE",
        "if code == _REFUSED:\n            raise\n        return ArmOutcome.UNAVAILABLE",
        "the scheduler's clock is ahead",
    ),
    "a throttled scheduler fails the call": Mutant(
        "no error of the scheduler fails a call: throttling",
        f"{ADAPTERS}.sweep_timers:Schedules.arm",
        "return ArmOutcome.IN_THE_PAST if code == _REFUSED else ArmOutcome.UNAVAILABLE",
        "raise",
        "the scheduler throttles",
    ),
    "a refused time is not replaced": Mutant(
        "a refused time is replaced by a later one",
        f"{SERVICES}.dispatch.change_queue:arm_timer",
        "(needed, now + SWEEP_INTERVAL)",
        "(needed,)",
        "refused_timer_is_armed_for_later",
    ),
    "a timer that exists is a failure": Mutant(
        "a lost answer, found as a conflict, is a success",
        f"{ADAPTERS}.sweep_timers:Schedules.arm",
        "if code == _EXISTS:",
        "if False:",
        "timer_whose_answer_got_lost_is_recorded",
    ),
    "a timer is claimed that was not armed": Mutant(
        "the queue claims no timer that was not armed",
        f"{SERVICES}.dispatch.change_queue:_with_timer",
        "return queue if armed_at is None else replace(queue, sweep_at=armed_at)",
        "return replace(queue, sweep_at=needed)",
        "the scheduler throttles",
    ),
    "no sweep in place of a timer": Mutant(
        "if no timer can be armed, a sweep is started",
        f"{SERVICES}.dispatch.change_queue:arm_timer",
        "started = gateway.timers.start_sweep(space_id, now, ticket=ticket)",
        "started = False",
        "the scheduler throttles",
    ),
    "a sweep without a next one succeeds": Mutant(
        "a sweep that cannot arm the next timer fails",
        f"{SERVICES}.dispatch.sweep_space:sweep_space",
        "if not watched or not has_timer(queue, gateway.now()):",
        "if not watched:",
        "the scheduler throttles",
    ),
    "the last try is the last": Mutant(
        "a sweep that may be Lambda's last try starts another",
        f"{SERVICES}.dispatch.sweep_space:_come_again",
        "if last_try and",
        "if False and",
        "the scheduler throttles, nobody is linked",
    ),
    "410 closes nothing": Mutant(
        "a 410 also calls DeleteConnection",
        f"{SERVICES}.dispatch.deliver:lose_connection",
        "    if gateway.sockets.close(connection_id):\n",
        "    if now:\n",
        "410 though it arrived",
    ),
    "a link that could not be closed is forgotten": Mutant(
        "a worker that may wrongly believe that it is registered must be made to notice",
        f"{SERVICES}.dispatch.deliver:lose_connection",
        "set_state(queue, holder, connection_id, ready=False, now=now)",
        "mark_away(queue, holder, connection_id, now)",
        "410 though it arrived, and the link stays",
    ),
    "410 of an order closes nothing": Mutant(
        "a 410 also calls DeleteConnection",
        f"{SERVICES}.dispatch.advance:_carry_out",
        "            changes.append(lose_connection(gateway, effect))\n",
        "            from spaces.domain.queue.places import mark_away\n"
        "            now, gone = gateway.now(), (effect.holder, effect.connection_id)\n"
        "            changes.append(lambda queue, gone=gone: mark_away(queue, *gone, now))\n",
        "worker_whose_order_seemed_undeliverable_is_not_left_out",
    ),
    "no check at sweeps": Mutant(
        "check goes out again at every sweep to each worker that is not ready while work waits",
        f"{SERVICES}.dispatch.sweep_space:_check_unready_workers",
        "if place.state not in",
        "if False and place.state not in",
        "suspect_worker_is_asked_at_every_sweep",
    ),
    "decides on the earlier read": Mutant(
        "the state to decide on is what ADD returned, not the earlier read",
        f"{SERVICES}.requests.submit_request:_dispatch",
        "queue=queue, stored",
        "queue=space.queue, stored",
        "two submits",
    ),
    "202 before the clock": Mutant(
        "the 202 is the last step",
        f"{SERVICES}.requests.submit_request:_dispatch",
        "return advance(gateway, space.definition.space_id, queue=queue, stored=request)",
        "return queue or space.queue",
        "two submits",
    ),
    "202 without the request": Mutant(
        "the 202 is the last step",
        f"{TABLES}.request_items:RequestTable.store",
        "kept = self._put_if_new(",
        "kept = (lambda _item: None)(",
        "two submits",
    ),
    "stored over a tombstone": Mutant(
        "if a tombstone stands there, take a new ticket",
        f"{TABLES}.request_items:RequestTable.store",
        "if is_tombstone(kept) or kept",
        "if is_tombstone(kept):\n        return request\n    if kept",
        "two submits",
    ),
    "attempt is not raised": Mutant(
        "the attempt is raised at every dispatch",
        f"{DOMAIN}.queue.dispatch:_dispatch",
        "attempt=back.attempt + 1",
        "attempt=max(1, back.attempt)",
        "time passes, a worker is silent",
    ),
    "no second round": Mutant(
        "if the swap's returned state again has a free slot and something waiting, go round again",
        f"{SERVICES}.dispatch.advance:advance",
        "if not changes and (stuck or not needs_advance(state, gateway.now())):",
        "if not changes:",
        "two submits",
    ),
    "no tombstone at a hand-over": Mutant(
        "missing: put a tombstone if still missing, drop the ticket",
        f"{SERVICES}.dispatch.deliver:_read_or_bury",
        "request = gateway.requests.bury(space_id, dispatch.ticket, gateway.now())",
        "return None",
        "two submits",
    ),
    "no tombstone at an expiry": Mutant(
        "expire: missing: tombstone, drop",
        f"{SERVICES}.dispatch.expire:_settle",
        "request = gateway.requests.bury(queue.space_id, ticket, now)",
        "return drop(queue, ticket), []",
        "slow_submit_finds_the_tombstone_of_an_expiry",
    ),
    "no tombstone at a sweep": Mutant(
        "a waiting ticket whose request is missing: tombstone, drop",
        f"{SERVICES}.dispatch.sweep_space:_without_overdue",
        "request = gateway.requests.bury(queue.space_id, ticket, now)",
        "return drop(queue, ticket)",
        "slow_submit_finds_the_tombstone_of_a_sweep",
    ),
    "ended requests are handed over": Mutant(
        "already ended: drop, else post it to the worker",
        f"{SERVICES}.dispatch.deliver:deliver",
        "if request is None or request.ending is not None:",
        "if request is None:",
        "request_whose_cancel_died_halfway_does_not_run",
    ),
    "410 of an older connection counts": Mutant(
        "410: only if the record still names that connection",
        f"{SERVICES}.dispatch.deliver:_undeliverable",
        " or place.connection_id != dispatch.connection_id:\n        return queue\n",
        ":\n        return queue\n"
        "    from spaces.domain.queue.places import mark_away\n"
        "    name, link, then = dispatch.holder, place.connection_id, place.since\n"
        "    lost = lambda state: mark_away(state, name, link, then)\n",
        "410 of an older connection",
    ),
    "result is written over the end": Mutant(
        "write the result to the request if it has not ended",
        f"{TABLES}.request_items:RequestTable.end",
        '"attribute_not_exists(ended_at)"',
        '"attribute_exists(created_at)"',
        "cancel",
    ),
    "result drops nothing from retry": Mutant(
        "a result removes the ticket wherever it is",
        f"{DOMAIN}.queue.settlement:drop",
        "if any(back.ticket == ticket for back in queue.retry):",
        "if False:",
        "late_result_takes_its_ticket_out_of_retry",
    ),
    "result leaves its sender suspect": Mutant(
        "a result marks the sender ready",
        f"{SERVICES}.workers.commit_result:_ready",
        "return set_state(queue, sender.holder, sender.connection_id, ready=True, now=now)",
        "return queue",
        "result_of_a_suspect_worker_makes_it_ready",
    ),
    "progress after the end": Mutant(
        "progress: not ended",
        f"{TABLES}.request_items:RequestTable.record_progress",
        "attribute_not_exists(ended_at) AND ",
        "",
        "progress",
    ),
    "progress of an older attempt": Mutant(
        "progress: attempt not older than the one stored",
        f"{TABLES}.request_items:RequestTable.record_progress",
        "attempt < :attempt",
        "attribute_exists(attempt)",
        "late_progress_of_an_earlier_attempt_changes_nothing",
    ),
    "older connection registers": Mutant(
        "a register from an older connection than the recorded one is ignored",
        f"{DOMAIN}.queue.places:is_outdated",
        "place.connected_at > arrival.connected_at",
        "False",
        "registers overtake each other",
    ),
    "older connection stays open": Mutant(
        "... and its socket closed",
        f"{SERVICES}.workers.register_worker:register_worker",
        "        gateway.sockets.close(sender.connection_id)\n",
        "",
        "older_connection_is_closed_when_it_registers_late",
    ),
    "same worker must wait": Mutant(
        "the same worker takes its place over at once",
        f"{DOMAIN}.queue.places:blocking_workers",
        "arrival.holder in queue.workers or ",
        "",
        "worker_with_a_dead_connection_gets_its_place_back_at_once",
    ),
    "live worker is pushed out": Mutant(
        "alive: refused with duplicate_connection",
        f"{SERVICES}.workers.join_space:_is_alive",
        "return last_active is not None and",
        "return False and",
        "another worker comes",
    ),
    "dead worker keeps its place": Mutant(
        "410, or LastActiveAt older than three pings, means dead",
        f"{SERVICES}.workers.join_space:_is_alive",
        "return last_active is not None and",
        "return True or",
        "a worker dies, another comes",
    ),
    "more workers than places": Mutant(
        "no more than max_workers are live",
        f"{DOMAIN}.queue.places:blocking_workers",
        "len(queue.workers) < queue.limits.max_workers",
        "True",
        "another worker comes",
    ),
    "in-flight requests are not resumed": Mutant(
        "in_flight requests in retry with the worker are taken up again",
        f"{DOMAIN}.queue.places:_reclaim_requeued",
        "if mine and",
        "if False and",
        "worker_that_comes_back_late_goes_on",
    ),
    "what it does not name is not posted": Mutant(
        "running ones that it does not name are posted to it again",
        f"{DOMAIN}.queue.places:take_place",
        "(taken.resume if known else taken.resend).append(ticket)",
        "taken.resume.append(ticket)",
        "request_that_never_arrived_is_sent_again",
    ),
    "register is not repeated": Mutant(
        "the worker repeats register until registered arrives",
        f"{SIMULATION}.calm:repeat",
        "if not worker.registered or worker.refused:",
        "if False:",
        "a worker comes",
    ),
    "worker runs copies": Mutant(
        "the worker ignores a request that it already holds",
        f"{SIMULATION}.worker:take",
        "return Reaction(worker._replace(held=worker.held - held | {(request_id, newest)}))",
        "return Reaction(worker, (), (request_id,))",
        "messages in any order",
    ),
    "older connection's $disconnect counts": Mutant(
        "disconnect: only if the record still names this connection",
        f"{DOMAIN}.queue.places:mark_away",
        "place.connection_id != connection_id or",
        "",
        "$disconnect takes a place",
    ),
    "no grace after a disconnect": Mutant(
        "a grace of 20 s, in which the worker may come back and resume",
        f"{DOMAIN}.queue.places:_cut_lease",
        "now + AWAY_GRACE",
        "now",
        "worker_that_comes_back_soon_keeps_its_request",
    ),
    "leases of an absent worker are not cut": Mutant(
        "disconnect: its leases cut to a grace",
        f"{DOMAIN}.queue.places:_cut_lease",
        "now + AWAY_GRACE",
        "running.deadline",
        "talking_worker_that_left_is_replaced_soon",
    ),
    "cancelled tickets are no holes": Mutant(
        "cancel: waiting: a hole",
        f"{DOMAIN}.queue.settlement:drop",
        "return _with_hole(queue, ticket)",
        "return queue",
        "cancelled_request_waits_no_more",
    ),
    "holes are handed over": Mutant(
        "give next … tail without holes",
        f"{DOMAIN}.queue.dispatch:_take_first",
        "while ticket in queue.holes:",
        "while False:",
        "cancelled_in_the_middle_is_skipped",
    ),
    "holes count as waiting": Mutant(
        "position = ticket - next + |retry| - |holes before it|",
        f"{DOMAIN}.queue.queue:Queue.position",
        "- holes_before",
        "",
        "cancelled_in_the_middle_is_skipped",
    ),
    "worker is not told of a cancel": Mutant(
        "cancel: running: cancel to the worker",
        f"{SERVICES}.requests.cancel_request:_tell_worker",
        "    gateway.sockets.post(place.connection_id, stop)\n",
        "",
        "cancelled_request_frees_its_worker",
    ),
    "progress extends no lease": Mutant(
        "its own lease_until newer: extend",
        f"{SERVICES}.dispatch.expire:_judge_silence",
        "if reachable and spoke and",
        "if False and",
        "slow_request_with_progress_runs_once",
    ),
    "no check before it is handed back": Mutant(
        "no sign of life since it was handed over: check, and 10 s more",
        f"{SERVICES}.dispatch.expire:_judge_silence",
        "and not spoke and not running.checked",
        "and False",
        "silent_worker_is_asked_before_another_gets_its_request",
    ),
    "silent workers are not suspect": Mutant(
        "back to retry, worker suspect",
        f"{SERVICES}.dispatch.expire:_judge_silence",
        "queue = set_state(queue, running.holder, place.connection_id, ready=False, now=now)",
        "pass",
        "request_outlives_a_dead_worker_that_nobody_noticed",
    ),
    "losses are not counted": Mutant(
        "after 3 attempts that were really lost FAILED worker_lost",
        f"{DOMAIN}.queue.settlement:requeue",
        "losses=running.losses + (lost and not running.prefetched)",
        "losses=0",
        "request_that_kills_its_worker_runs_three_times",
    ),
    "undeliverable counts as lost": Mutant(
        "... not a 410 before delivery",
        f"{SERVICES}.dispatch.deliver:_undeliverable",
        "lost=False",
        "lost=True",
        "undeliverable_request_is_not_lost",
    ),
    "runs without end": Mutant(
        "running past its deadline: TIMED_OUT",
        f"{SERVICES}.dispatch.expire:_settle",
        "if running.deadline <= now:",
        "if False:",
        "overdue_run_is_stopped",
    ),
    "overdue worker is not told": Mutant(
        "TIMED_OUT, cancel to the worker",
        f"{SERVICES}.dispatch.expire:_stop_messages",
        "    if place is None:",
        "    if True:",
        "overdue_run_is_stopped",
    ),
    "waits without end": Mutant(
        "waiting past the queue timeout: TIMED_OUT",
        f"{SERVICES}.dispatch.sweep_space:_without_overdue",
        "end_if_overdue(gateway, request, now)(queue)",
        "queue",
        "a run dies, nobody is linked",
    ),
    "sweep hands nothing over": Mutant(
        "sweep: expire, dispatch",
        f"{SERVICES}.dispatch.sweep_space:sweep_space",
        "queue = advance(gateway, space_id, compose([clear, overdue, forget_offers]))",
        "return",
        "a run dies",
    ),
    "sweep hides its failure": Mutant(
        "it raises on failure, so that Lambda's own asynchronous retries run it again",
        f"{SIMULATION}.actors:_sweep",
        "    sweep_space(gateway, space, at, ticket=ticket or None)",
        "    try:\n        sweep_space(gateway, space, at, ticket=ticket or None)\n"
        "    except Exception:\n        pass",
        "time passes, a call fails",
    ),
    "own swap is not recognised": Mutant(
        "swap_id tells a swapper whose answer got lost that its swap was applied",
        f"{TABLES}.queue_items:swap_queue",
        'if item and item["swap_id"]["S"] == swap_id:',
        "if False:",
        "swap_whose_answer_got_lost_costs_no_time",
    ),
    "own request is not recognised": Mutant(
        "every conditional write recognises its own trace: nonce (new request)",
        f"{TABLES}.request_items:RequestTable.store",
        'if is_tombstone(kept) or kept["nonce"]["S"] != request.nonce:',
        "if True:",
        "an answer gets lost, one submit",
    ),
    "own result is not recognised": Mutant(
        "a repeated result finds the request ended and is acknowledged again",
        f"{SERVICES}.workers.commit_result:_ack",
        "stored = outcome.stored or mine",
        "stored = outcome.stored",
        "messages in any order",
    ),
    "more than it can hold": Mutant(
        "no worker holds more than its capacity",
        f"{DOMAIN}.queue.queue:Queue.room_of",
        "max(0, place.slots - self.started_by(holder))",
        "1",
        "two submits",
    ),
    "retry after next": Mutant(
        "retry is served before next",
        f"{DOMAIN}.queue.dispatch:_take_first",
        "if queue.retry:",
        "if queue.retry and queue.next > queue.tail:",
        "410 though it arrived, two submits",
    ),
    "holes are forgotten": Mutant(
        "a position never grows while a request waits, except by what is handed back",
        f"{DOMAIN}.queue.dispatch:_take_first",
        "return replace(queue, retry=queue.retry[1:]), queue.retry[0]",
        "return replace(queue, retry=queue.retry[1:], holes=()), queue.retry[0]",
        "positions_only_fall_when_a_requeued_request_runs_again",
    ),
    "last come, first served": Mutant(
        "requests start in the order of acceptance",
        f"{DOMAIN}.queue.dispatch:_take_first",
        "ticket = queue.next\n",
        "ticket = max(queue.next, queue.tail)\n",
        "three submits, few interruptions",
    ),
    "retry out of order": Mutant(
        "handed back, lowest ticket first",
        f"{DOMAIN}.queue.settlement:requeue",
        "insort(retry, back, key=lambda entry: entry.ticket)",
        "retry.insert(0, back)",
        "two_requeued_requests_keep_their_order",
    ),
    "a declined request counts as lost": Mutant(
        "a declined request counts as neither lost nor run",
        f"{DOMAIN}.queue.slot_offers:decline",
        "queue = requeue(queue, ticket, attempt, lost=False)",
        "queue = requeue(queue, ticket, attempt, lost=True)",
        "declined_request_is_never_lost_though_it_is_declined_often",
    ),
    "who declines is believed what it has": Mutant(
        "nothing is handed to a worker that declined before it offers a slot",
        f"{DOMAIN}.queue.slot_offers:decline",
        "min(offer.slots, queue.started_by(offer.holder))",
        "offer.slots + 1",
        "nothing_is_handed_to_a_space_without_a_slot",
    ),
    "who declines keeps what it prefetched": Mutant(
        "what was prefetched goes back with a declined request",
        f"{DOMAIN}.queue.slot_offers:decline",
        "for ahead in queue.prefetched:",
        "for ahead in []:",
        "prefetched_request_is_declined_with_the_one_before_it",
    ),
    "an older word counts": Mutant(
        "of two offers the one of the higher order counts",
        f"{DOMAIN}.queue.slot_offers:_store",
        "if offer.order <= place.offer_order:",
        "if False:",
        "offer_that_comes_late_changes_nothing",
    ),
    "a word by an older connection counts": Mutant(
        "an offer counts by the recorded connection only",
        f"{DOMAIN}.queue.slot_offers:_store",
        " or place.connection_id != offer.connection_id",
        "",
        "offer_of_an_older_connection_changes_nothing",
    ),
    "a result says nothing of its slots": Mutant(
        "a result's slots count in the swap that drops its ticket",
        f"{SERVICES}.workers.commit_result:_ready",
        "if result.slots is not None:",
        "if False:",
        "result_that_closes_its_space_brings_nothing_more_of_it",
    ),
    "a lost offer is never repeated": Mutant(
        "a sweep forgets offers while requests wait",
        f"{SERVICES}.dispatch.sweep_space:sweep_space",
        ", forget_offers]",
        "]",
        "offer_that_got_lost_costs_a_minute_at_most",
    ),
    "an offer is not answered": Mutant(
        "an offer is answered by offered",
        f"{SERVICES}.workers.offer_slots:offer_slots",
        "    gateway.sockets.post(sender.connection_id, reply)\n",
        "",
        "each_offer_is_answered",
    ),
    "an offer hands nothing over": Mutant(
        "... after the requests that it led to",
        f"{DOMAIN}.queue.slot_offers:record_offer",
        "return _store(queue, offer, None if everything else offer.slots)",
        "return queue",
        "two_spaces_take_turns",
    ),
    "an offer outlives its connection": Mutant(
        "a new connection offers all that it registered",
        f"{DOMAIN}.queue.places:_place_for",
        "paused=before is not None and before.paused,",
        "offered=before.offered if before else None,",
        "new_connection_offers_all_that_it_has",
    ),
    "a closed space prefetches one": Mutant(
        "nothing is prefetched for a worker that keeps to less than it has",
        f"{DOMAIN}.queue.queue:Queue.prefetches",
        "place.offered is None",
        "place.slots == place.capacity",
        "prefetch, three submits",
    ),
    "more than one prefetched": Mutant(
        "one request beyond its capacity",
        f"{DOMAIN}.queue.queue:Queue.room_of",
        "self.prefetches(holder) and not self.prefetched",
        "self.prefetches(holder)",
        "prefetch, three submits",
    ),
    "prefetched ones have no position": Mutant(
        "what was prefetched is shown as waiting",
        f"{DOMAIN}.queue.queue:Queue.position",
        "[*self.prefetched, ",
        "[",
        "prefetched_request_has_a_position",
    ),
    "prefetched ones never start": Mutant(
        "when another of the worker's requests leaves, the oldest prefetched one counts as started",
        f"{DOMAIN}.queue.prefetch:start_prefetched",
        "for ticket in queue.prefetched:",
        "for ticket in []:",
        "early_requests_never_make_their_worker_decline",
    ),
    "prefetched ones of a silent worker start": Mutant(
        "of a silent worker nobody knows what it started",
        f"{DOMAIN}.queue.prefetch:start_prefetched",
        'connected = place is not None and place.state in ("ready", "draining")',
        "connected = True",
        "prefetched_request_of_a_silent_worker_does_not_start",
    ),
    "a prefetched one keeps its first deadline": Mutant(
        "its time runs from when it counts as started",
        f"{DOMAIN}.queue.prefetch:start_prefetched",
        "deadline=now + queue.timeout_of(queue.running[ticket]),",
        "deadline=queue.running[ticket].deadline,",
        "prefetched_request_has_its_whole_time_and_no_more",
    ),
    "a prefetched one has the time of one": Mutant(
        "until it starts its deadline is twice the time",
        f"{DOMAIN}.queue.dispatch:_dispatch",
        "2 * queue.limits.timeout if prefetched",
        "queue.limits.timeout if prefetched",
        "prefetched_request_is_not_stopped_before_it_could_start",
    ),
    "a prefetched one counts as lost": Mutant(
        "the loss of a prefetched one is none",
        f"{DOMAIN}.queue.settlement:requeue",
        "(lost and not running.prefetched)",
        "lost",
        "worker_that_dies_often_has_not_lost_what_it_only_held",
    ),
    "a lost prefetched one ends": Mutant(
        "... however often",
        f"{SERVICES}.dispatch.expire:_take_away",
        " and not running.prefetched:",
        ":",
        "prefetched_request_that_was_lost_twice_does_not_end_while_it_is_held",
    ),
    "prefetch with two workers": Mutant(
        "prefetch only where the space has one place",
        f"{DOMAIN}.queue.queue:Queue.prefetches",
        "self.limits.max_workers == 1 and ",
        "",
        "of_two_workers_none_holds_what_the_other_could_start",
    ),
    "prefetch to a worker of two spaces": Mutant(
        "... and to a worker of this space only",
        f"{DOMAIN}.queue.queue:Queue.prefetches",
        " and place.exclusive",
        "",
        "worker_of_two_spaces_prefetches_nothing",
    ),
    "prefetched is forgotten when it is taken up": Mutant(
        "a worker that comes back goes on with both as they were",
        f"{DOMAIN}.queue.places:_reclaim_requeued",
        "prefetched=back.prefetched",
        "prefetched=False",
        "worker_that_comes_back_late_goes_on_with_both",
    ),
    "a worker id is enough": Mutant(
        "a worker is its worker id and its token together",
        f"{DOMAIN}.holder:holder_of",
        'f"{worker_id}{_SEPARATOR}{token_id}"',
        'f"{worker_id}{_SEPARATOR}"',
        "a liar without a place",
    ),
    "anybody answers": Mutant(
        "a result counts from the worker that the request was dispatched to last",
        f"{DOMAIN}.queue.queue:Queue.is_last",
        "(last.holder, last.attempt) == (holder, attempt)",
        "last.attempt == attempt",
        "a liar without a place",
    ),
    "anybody answers an earlier attempt": Mutant(
        "a completed result of an earlier attempt counts from whom it was dispatched to",
        f"{DOMAIN}.queue.queue:Queue.was_earlier",
        "and last.earlier[-before] == holder",
        "",
        "liar_does_not_answer_an_earlier_attempt",
    ),
    "the holder answers an attempt that another had": Mutant(
        "... at that attempt",
        f"{DOMAIN}.queue.queue:Queue.was_earlier",
        "last.earlier[-before] == holder",
        "holder in (*last.earlier, last.holder)",
        "holder_of_the_last_attempt_does_not_answer_for_an_earlier_one",
    ),
    "earlier holders are forgotten": Mutant(
        "a completed result of an earlier attempt counts",
        f"{DOMAIN}.queue.dispatch:_earlier_holders",
        "return () if",
        "return () if True or",
        "first_result_wins_though_another_has_the_request",
    ),
    "earlier holders are forgotten when it is handed back": Mutant(
        "... however often the request is handed back",
        f"{DOMAIN}.queue.settlement:requeue",
        "earlier=running.earlier,",
        "",
        "result_of_the_first_of_three_attempts_counts",
    ),
    "earlier holders are forgotten when it is taken up": Mutant(
        "... or taken up again",
        f"{DOMAIN}.queue.places:_reclaim_requeued",
        "earlier=back.earlier,",
        "",
        "result_of_an_earlier_attempt_counts_after_the_later_worker_resumed",
    ),
    "anybody progresses": Mutant(
        "progress counts from the worker that holds the request",
        f"{SERVICES}.workers.record_progress:record_progress",
        "queue.is_held(request_id.ticket, sender.holder, progress.attempt)",
        "request_id.ticket in queue.running",
        "a liar without a place",
    ),
    "held at any attempt by anybody": Mutant(
        "... at that attempt",
        f"{DOMAIN}.queue.queue:Queue.is_held",
        "(running.holder, running.attempt) == (holder, attempt)",
        "running.attempt == attempt",
        "a liar without a place",
    ),
    "anybody declines": Mutant(
        "only the worker that holds a request declines it",
        f"{DOMAIN}.queue.slot_offers:decline",
        "queue.is_held(ticket, offer.holder, attempt)",
        "ticket in queue.running",
        "a liar with a place, one submit",
    ),
    "a new process loses what others hold": Mutant(
        "what the worker's earlier process held was lost with it, and nothing else",
        f"{DOMAIN}.queue.places:_requeue_lost_with_process",
        "running.holder == arrival.holder and ",
        "",
        "a liar with a place",
    ),
    "anybody takes up what was handed back": Mutant(
        "in_flight requests in retry with the worker are taken up again",
        f"{DOMAIN}.queue.places:_reclaim_requeued",
        "mine = back.holder == arrival.holder",
        "mine = True",
        "liar_does_not_take_up_what_was_handed_back",
    ),
    "anybody resumes": Mutant(
        "a worker resumes what it holds",
        f"{DOMAIN}.queue.places:take_place",
        "if running.holder != arrival.holder:",
        "if False:",
        "a liar gets a place",
    ),
    "what another has is sent again": Mutant(
        "a worker is sent again what it should hold, and nothing else",
        f"{SERVICES}.dispatch.deliver:current_dispatch",
        " or running.holder != sender.holder",
        "",
        "register_that_stalls_sends_nothing_that_another_has",
    ),
    "anybody's result is acknowledged": Mutant(
        "stored means: this worker's result is the one that is stored",
        f"{SERVICES}.workers.commit_result:_ack",
        "        sender.holder,\n",
        "        ending.holder,\n",
        "a liar, and a result is repeated",
    ),
    "a worker id is kept by who came first": Mutant(
        "a worker with another token is another worker",
        f"{DOMAIN}.queue.places:blocking_workers",
        "    if arrival.holder in",
        "    name = arrival.holder.partition('/')[0]\n"
        "    same = [h for h in queue.workers if h.partition('/')[0] == name]\n"
        "    if same and arrival.holder not in same:\n"
        "        return same\n"
        "    if arrival.holder in",
        "worker_id_that_another_token_uses_keeps_nobody_out",
    ),
    "an older connection drains": Mutant(
        "a drain counts by the recorded connection only",
        f"{DOMAIN}.queue.places:drain",
        " or place.connection_id != connection_id",
        "",
        "drain_by_an_older_connection_changes_nothing",
    ),
    "own time-out is not applied": Mutant(
        "a request's own time-out shortens its deadline when it is delivered",
        f"{SERVICES}.dispatch.deliver:_shorten",
        "partial(shorten_deadline,",
        "lambda queue: queue  #",
        "own_time_out_ends_a_run_soon",
    ),
    "own time-out is lost with its deliverer": Mutant(
        "... and when its lease has passed, as whoever delivered it may have died",
        f"{SERVICES}.dispatch.expire:_settle",
        "queue = shorten_deadline(",
        "_ = shorten_deadline(",
        "own time-out of the second, a run dies",
    ),
    "own time-out is forgotten by a prefetched request": Mutant(
        "a prefetched request has its own time from its start",
        f"{DOMAIN}.queue.prefetch:start_prefetched",
        "queue.timeout_of(queue.running[ticket])",
        "queue.limits.timeout",
        "own_time_out_starts_when_a_prefetched_request_does",
    ),
    "own time-out stops a prefetched request": Mutant(
        "... and not before",
        f"{DOMAIN}.queue.own_timeout:own_deadline",
        "if timeout is None or prefetched",
        "if timeout is None",
        "own_time_out_starts_when_a_prefetched_request_does",
    ),
    "own time-out is lost with a worker": Mutant(
        "a requeued request keeps its own time-out",
        f"{DOMAIN}.queue.own_timeout:own_deadline",
        "min(deadline, since + timeout)",
        "deadline",
        "own_time_out_holds_at_the_next_worker",
    ),
    "own start time-out has no timer": Mutant(
        "a request that may wait less long than its space allows has a timer of its own",
        f"{SERVICES}.dispatch.start_timer:watch_start",
        "if request.start_timeout is None or",
        "if True or",
        "own start time-out",
    ),
    "timer of a ticket sweeps only its space": Mutant(
        "... whose sweep looks at that request, wherever it waits",
        f"{SERVICES}.dispatch.sweep_space:_end_overdue",
        "if also is not None and",
        "if False and",
        "own_start_time_out_is_kept_behind_a_patient_request",
    ),
    "timer of a ticket is not armed by a repetition": Mutant(
        "whoever submits again with the same key arms what its earlier submit did not",
        f"{SERVICES}.requests.submit_request:_accepted_before",
        "watch_start(gateway, request, queue)",
        "pass",
        "own start time-out, a submit with a key is repeated",
    ),
    "timer of the space is not armed by a repetition": Mutant(
        "... the timer of the space as well",
        f"{SERVICES}.requests.submit_request:_accepted_before",
        " or not has_timer(queue, now)",
        "",
        "a submit with a key is repeated, nobody is linked",
    ),
    "timer of a ticket is not armed again": Mutant(
        "a sweep that comes before a request's time arms its timer again",
        f"{SERVICES}.dispatch.sweep_space:_watch_again",
        "return not isinstance",
        "return True or not isinstance",
        "own_start_time_out_survives_an_outage_of_the_scheduler",
    ),
    "a requeued request hides those behind it": Mutant(
        "requeued requests are all looked at, as they may have time-outs of their own",
        f"{SERVICES}.dispatch.sweep_space:_end_overdue",
        "if after == queue and ticket >= queue.next:",
        "if after == queue:",
        "own_start_time_out_is_kept_after_a_hand_over",
    ),
    "large input stored after its request": Mutant(
        "a large input is stored before the ticket is issued",
        f"{SERVICES}.requests.submit_request:submit_request",
        "    return accept(gateway, space, draft, caller_quota, claim=claim, counted=counted)\n",
        "    body_key = draft.input['body_key']\n"
        "    gateway.files.remove([body_key])\n"
        "    accepted = accept(gateway, space, draft, caller_quota, claim=claim, counted=counted)\n"
        "    gateway.files.put(body_key, b'')\n"
        "    return accepted\n",
        "a large input, a run dies",
    ),
    "large input stays behind": Mutant(
        "a large input is deleted with its request",
        f"{SERVICES}.requests.delete_request:_files_of",
        '[request.input["body_key"]] if',
        "[] if",
        "a large input is retried and deleted",
    ),
    "retry without a copy": Mutant(
        "a request that is retried gets its own copy of a large input",
        f"{SERVICES}.administration.manage_requests:_with_own_body",
        'if "body_key" not in stored:',
        "if True:",
        "a large input is retried and deleted",
    ),
    "a webhook that was not started counts as started": Mutant(
        "no ticket is dropped before its webhook is on its way",
        f"{SERVICES}.dispatch.announce:announce",
        "    return False",
        "    return True",
        "webhook, calls fail",
    ),
    "a result drops the ticket unannounced": Mutant(
        "no ticket is dropped before its webhook is on its way",
        f"{SERVICES}.workers.commit_result:commit_result",
        "announced = announce(gateway, outcome.request)",
        "announced = True",
        "webhook, a run dies",
    ),
    "a repeated result is not announced": Mutant(
        "whoever finds an ended request announces it again",
        f"{SERVICES}.workers.commit_result:commit_result",
        "announced = announce(gateway, outcome.request)",
        "announced = not outcome.stored or announce(gateway, outcome.request)",
        "webhook, a run dies",
    ),
    "a cancel drops the ticket unannounced": Mutant(
        "no ticket is dropped before its webhook is on its way",
        f"{SERVICES}.requests.cancel_request:cancel_request",
        "drop_announced(gateway, cancelled.request, ",
        "drop_announced(gateway, None, ",
        "webhook, cancelled, a run dies",
    ),
    "a time-out drops the ticket unannounced": Mutant(
        "no ticket is dropped before its webhook is on its way",
        f"{SERVICES}.dispatch.expire:_time_out",
        "drop_announced(gateway, outcome.request, ",
        "drop_announced(gateway, None, ",
        "webhook, a worker dies",
    ),
    "waiting too long drops the ticket unannounced": Mutant(
        "no ticket is dropped before its webhook is on its way",
        f"{SERVICES}.dispatch.end_request:end_if_overdue",
        "drop_announced(gateway, outcome.request, ",
        "drop_announced(gateway, None, ",
        "webhook, nobody is linked, a run dies",
    ),
    "dispatch drops an ended ticket unannounced": Mutant(
        "whoever finds an ended request announces it again",
        f"{SERVICES}.dispatch.deliver:deliver",
        "drop_announced(gateway, request, ",
        "drop_announced(gateway, None, ",
        "webhook, cancelled in the queue, a run dies",
    ),
    "expiry drops an ended ticket unannounced": Mutant(
        "whoever finds an ended request announces it again",
        f"{SERVICES}.dispatch.expire:_settle",
        "drop_announced(gateway, request, ticket)",
        "drop_announced(gateway, None, ticket)",
        "webhook, cancelled, a run dies",
    ),
    "a sweep drops an ended ticket unannounced": Mutant(
        "whoever finds an ended request announces it again",
        f"{SERVICES}.dispatch.sweep_space:_without_overdue",
        "drop_announced(gateway, request, ticket)",
        "drop_announced(gateway, None, ticket)",
        "webhook, nobody is linked, a run dies",
    ),
}
