"""Rules of dispatch: swaps of the queue, messages to workers, ends of requests."""

from tests.simulation.mutants.mutant import SERVICES, Mutant

DISPATCH = {
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
    "a refused time is not replaced": Mutant(
        "a refused time is replaced by a later one",
        f"{SERVICES}.dispatch.change_queue:arm_timer",
        "(needed, now + SWEEP_INTERVAL)",
        "(needed,)",
        "refused_timer_is_armed_for_later",
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
    "undeliverable counts as lost": Mutant(
        "... not a 410 before delivery",
        f"{SERVICES}.dispatch.deliver:_undeliverable",
        "lost=False",
        "lost=True",
        "undeliverable_request_is_not_lost",
    ),
    "what another has is sent again": Mutant(
        "a worker is sent again what it should hold, and nothing else",
        f"{SERVICES}.dispatch.deliver:current_dispatch",
        " or running.holder != sender.holder",
        "",
        "register_that_stalls_sends_nothing_that_another_has",
    ),
    "own time-out is not applied": Mutant(
        "a request's own time-out shortens its deadline when it is delivered",
        f"{SERVICES}.dispatch.deliver:_shorten",
        "partial(shorten_deadline,",
        "lambda queue: queue  #",
        "own_time_out_ends_a_run_soon",
    ),
    "a webhook that was not started counts as started": Mutant(
        "no ticket is dropped before its webhook is on its way",
        f"{SERVICES}.dispatch.announce:announce",
        "    return False",
        "    return True",
        "webhook, calls fail",
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
}
