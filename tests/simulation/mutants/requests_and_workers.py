"""Rules of what users, workers and administrators ask for."""

from tests.simulation.mutants.mutant import DOMAIN, SERVICES, Mutant

REQUESTS_AND_WORKERS = {
    "ticket dropped before the end is written": Mutant(
        "every end status is written to the request before the swap that drops its ticket",
        f"{SERVICES}.workers.commit_result:commit_result",
        "    outcome, collected = _end_request",
        "    queue = advance(gateway, request_id.space, lambda q: drop(q, request_id.ticket))\n"
        "    outcome, collected = _end_request",
        "a run dies",
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
    "result leaves its sender suspect": Mutant(
        "a result marks the sender ready",
        f"{SERVICES}.workers.commit_result:_ready",
        "return set_state(queue, sender.holder, sender.connection_id, ready=True, now=now)",
        "return queue",
        "result_of_a_suspect_worker_makes_it_ready",
    ),
    "older connection stays open": Mutant(
        "... and its socket closed",
        f"{SERVICES}.workers.register_worker:register_worker",
        "        gateway.sockets.close(sender.connection_id)\n",
        "",
        "older_connection_is_closed_when_it_registers_late",
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
    "worker is not told of a cancel": Mutant(
        "cancel: running: cancel to the worker",
        f"{SERVICES}.requests.cancel_request:_tell_worker",
        "    gateway.sockets.post(place.connection_id, stop)\n",
        "",
        "cancelled_request_frees_its_worker",
    ),
    "own result is not recognised": Mutant(
        "a repeated result finds the request ended and is acknowledged again",
        f"{SERVICES}.workers.commit_result:_ack",
        "stored = outcome.stored or mine",
        "stored = outcome.stored",
        "messages in any order",
    ),
    "a result says nothing of its slots": Mutant(
        "a result's slots count in the swap that drops its ticket",
        f"{SERVICES}.workers.commit_result:_ready",
        "if result.slots is not None:",
        "if False:",
        "result_that_closes_its_space_brings_nothing_more_of_it",
    ),
    "an offer is not answered": Mutant(
        "an offer is answered by offered",
        f"{SERVICES}.workers.offer_slots:offer_slots",
        "    gateway.sockets.post(sender.connection_id, reply)\n",
        "",
        "each_offer_is_answered",
    ),
    "a worker id is enough": Mutant(
        "a worker is its worker id and its token together",
        f"{DOMAIN}.holder:holder_of",
        'f"{worker_id}{_SEPARATOR}{token_id}"',
        'f"{worker_id}{_SEPARATOR}"',
        "a liar without a place",
    ),
    "anybody progresses": Mutant(
        "progress counts from the worker that holds the request",
        f"{SERVICES}.workers.record_progress:record_progress",
        "queue.is_held(request_id.ticket, sender.holder, progress.attempt)",
        "request_id.ticket in queue.running",
        "a liar without a place",
    ),
    "anybody's result is acknowledged": Mutant(
        "stored means: this worker's result is the one that is stored",
        f"{SERVICES}.workers.commit_result:_ack",
        "        sender.holder,\n",
        "        ending.holder,\n",
        "a liar, and a result is repeated",
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
}
