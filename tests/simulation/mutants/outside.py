"""Rules of the adapters, and of the simulated workers themselves."""

from tests.simulation.mutants.mutant import ADAPTERS, SIMULATION, TABLES, Mutant

OUTSIDE = {
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
    "a timer that exists is a failure": Mutant(
        "a lost answer, found as a conflict, is a success",
        f"{ADAPTERS}.sweep_timers:Schedules.arm",
        "if code == _EXISTS:",
        "if False:",
        "timer_whose_answer_got_lost_is_recorded",
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
    "result is written over the end": Mutant(
        "write the result to the request if it has not ended",
        f"{TABLES}.request_items:RequestTable.end",
        '"attribute_not_exists(ended_at)"',
        '"attribute_exists(created_at)"',
        "cancel",
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
}
