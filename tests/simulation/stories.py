"""Courses of events in which time, double work and messages are counted."""

from spaces_protocol.rest_bodies import RequestState
from tests.simulation.actors import SPACE, Own, Program, Run
from tests.simulation.story import Story, must


def _writes_queue(run: Run) -> bool:
    assert run.call is not None
    return run.call.arguments["Key"].get("record") == {"S": "queue"} and "SET" in str(
        run.call.arguments["UpdateExpression"]
    )


def _writes_request(run: Run) -> bool:
    assert run.call is not None
    return run.call.arguments["TableName"] == "requests"


def swap_whose_answer_got_lost_costs_no_time(program: Program) -> None:
    story = Story(program)
    story.spoil("lost", "update_item", _writes_queue)

    story.submit()

    must(story.worker().held, "the request is with its worker at once")


def store_whose_answer_got_lost_makes_one_request(program: Program) -> None:
    story = Story(program)
    story.spoil("lost", "put_item", _writes_request)

    story.submit()
    story.answer()

    must(len(story.state.requests()) == 1, "there is one request")
    must(story.runs() == 1, "it ran once")


def progress_whose_answer_got_lost_stops_nothing(program: Program) -> None:
    story = Story(program)
    story.submit()
    story.spoil("lost", "update_item", _writes_request)

    story.progress()

    must(story.worker().held, "the worker goes on")


def result_whose_answer_got_lost_is_stored(program: Program) -> None:
    story = Story(program)
    first = story.submit()
    story.submit()
    story.spoil("lost", "update_item", _writes_request)

    story.answer()

    must(story.request(first.request_id).ending, "it is stored")
    must(not story.worker().outbox, "it is acknowledged")
    must(story.worker().held, "the next one is there at once")


def slow_request_with_progress_runs_once(program: Program) -> None:
    story = Story(program, linked=("w", "v"), max_workers=2)
    request = story.submit()

    story.pass_seconds(100, talk=True)
    for name in ("w", "v"):
        story.answer(name)

    must(story.runs() == 1, "it ran once")
    must(_state(story, request) is RequestState.COMPLETED, "it is answered")


def request_that_never_arrived_is_sent_again(program: Program) -> None:
    story = Story(program)
    story.spoil("vanished", "post")
    story.submit()

    story.pass_seconds(60)

    (held,) = story.worker().held or [("", 0)]
    must(held[1] == 1, "it came again, at the same attempt")


def silent_worker_is_asked_before_another_gets_its_request(program: Program) -> None:
    story = Story(program, linked=("w", "v"), max_workers=2)
    story.submit()

    for _ in range(3):
        story.pass_seconds(18)
        story.start("poll", next(iter(story.state.seen.accepted)))
    for name in ("w", "v"):
        story.answer(name)

    must(story.runs() == 1, "the other one did not run it as well")


def request_outlives_a_dead_worker_that_nobody_noticed(program: Program) -> None:
    story = Story(program)
    request = story.submit()
    story.kill(noticed=False)

    story.pass_seconds(400)
    story.connect()
    story.pass_seconds(1)
    story.answer()

    must(_state(story, request) is RequestState.COMPLETED, "it is answered in the end")


def request_that_kills_its_worker_runs_three_times(program: Program) -> None:
    story = Story(program)
    request = story.submit()
    for _ in range(6):
        story.kill()
        story.pass_seconds(3)
        story.connect()
        story.pass_seconds(3)

    must(story.runs() <= 3, f"it killed {story.runs()} workers")
    must(_state(story, request) is RequestState.FAILED, "it failed")


def undeliverable_request_is_not_lost(program: Program) -> None:
    story = Story(program)
    story.kill()
    request = story.submit()
    for _ in range(4):
        story.spoil("gone", "post", _hands_over)
        story.connect()
        story.state = story.state.with_worker(story.worker()._replace(held=frozenset()))
    story.connect()
    story.answer()

    must(_state(story, request) is RequestState.COMPLETED, "it is answered in the end")


def _hands_over(run: Run) -> bool:
    assert run.call is not None
    return '"action":"request"' in run.call.arguments[1]


def worker_that_comes_back_late_goes_on(program: Program) -> None:
    story = Story(program)
    request = story.submit()
    story.cut()
    story.pass_seconds(30)

    story.connect()
    story.answer()

    must(story.runs() == 1, "it ran once")
    must(_state(story, request) is RequestState.COMPLETED, "it is answered")


def worker_that_comes_back_soon_keeps_its_request(program: Program) -> None:
    story = Story(program, linked=("w", "v"), max_workers=2)
    story.submit()
    (name,) = [name for name in ("w", "v") if story.worker(name).held]
    story.cut(name)
    story.pass_seconds(15)

    story.connect(name)
    story.pass_seconds(10)
    for each in ("w", "v"):
        story.answer(each)

    must(story.runs() == 1, "it ran once")


def request_of_a_worker_that_left_is_run_by_another_soon(program: Program) -> None:
    story = Story(program, linked=("w", "v"), max_workers=2)
    request = story.submit()
    (name, other) = ("w", "v") if story.worker("w").held else ("v", "w")
    story.kill(name)

    story.pass_seconds(24)
    story.answer(other)

    must(_state(story, request) is RequestState.COMPLETED, "it is answered within 24 s")


def lost_clock_is_armed_again_by_who_asks(program: Program) -> None:
    story = Story(program)
    request = story.submit()
    story.half_open()
    story.lose_clocks()

    story.pass_seconds(58)
    story.start("poll", str(request.request_id))

    must(story.state.clocks, "a clock is armed again")


def busy_space_pays_for_a_clock_once_a_minute(program: Program) -> None:
    story = Story(program)
    for _ in range(10):
        story.submit()
        story.pass_seconds(3)

    must(len(story.state.clocks) <= 2, f"{len(story.state.clocks)} clocks are armed")


def timer_is_not_armed_for_a_time_that_may_be_past(program: Program) -> None:
    story = Story(program)
    request = story.submit()
    story.half_open()
    story.lose_clocks()

    story.pass_seconds(115)  # the deadline comes after 120
    story.start("poll", str(request.request_id))

    at = story.state.queue.sweep_at
    must(at and at - story.state.now >= 10_000, "the timer is armed ten seconds ahead")


def refused_timer_is_armed_for_later(program: Program) -> None:
    story = Story(program)
    story.let_scheduler("works", ahead=25_000)
    story.submit()
    story.calls = 0

    story.kill()  # needs a sweep after 22 s

    (clock,) = [each for each in story.state.clocks if each.at == story.state.queue.sweep_at]
    must(clock.at > story.state.now + 25_000, "the timer is armed for a time that is not past")
    must(story.count("start") == 0, "no sweep is started for a time that is past")


def timer_whose_answer_got_lost_is_recorded(program: Program) -> None:
    story = Story(program)
    story.let_scheduler("loses")
    story.submit()

    must(story.state.queue.sweep_at, "the timer is recorded")
    must(story.count("start") == 0, "no sweep is started beside it")


def timer_is_armed_again_once_the_scheduler_works(program: Program) -> None:
    story = Story(program, queue_timeout=3_600_000)
    story.let_scheduler("throttles")
    story.kill()
    story.submit()
    story.pass_seconds(1_800)
    must(story.state.queue.sweep_at is None, "no timer is recorded that was not armed")
    must(story.state.clocks, "Lambda repeats the sweep, however long it lasts")

    story.let_scheduler("works")
    story.pass_seconds(130)

    must(story.state.queue.sweep_at, "the next sweep arms a timer")


def nothing_runs_while_nobody_waits(program: Program) -> None:
    story = Story(program)
    story.submit()
    story.answer()

    story.pass_seconds(70)

    must(not story.state.clocks, "no clock is armed")


def cancelled_request_waits_no_more(program: Program) -> None:
    story = Story(program)
    story.submit()
    second, third = story.submit(), story.submit()

    story.start("cancel", str(second.request_id))

    must(story.state.queue.position(third.ticket) == 0, "the next one is first now")
    before = story.calls
    story.answer()
    must({r for r, _ in story.worker().held} == {str(third.request_id)}, "it runs next")
    must(story.calls - before <= 9, f"{story.calls - before} calls for one hand-over")


def cancelled_request_frees_its_worker(program: Program) -> None:
    story = Story(program)
    first, second = story.submit(), story.submit()

    story.start("cancel", str(first.request_id))

    must({r for r, _ in story.worker().held} == {str(second.request_id)}, "the next one runs")


def first_answer_of_two_attempts_wins(program: Program) -> None:
    story = Story(program, linked=("w", "v"), max_workers=2)
    request = story.submit()
    (name, other) = ("w", "v") if story.worker("w").held else ("v", "w")
    story.half_open(name)
    story.pass_seconds(100)
    must(story.worker(other).held, "the other one has it")
    story.answer(other)

    story.connect(name)
    story.answer(name)

    ending = story.request(request.request_id).ending
    must(ending and ending.worker_id == other, "the first answer stays")
    must(not story.worker(name).held and not story.worker(name).outbox, "the late one is done")


def overdue_run_is_stopped(program: Program) -> None:
    story = Story(program)
    first, second = story.submit(), story.submit()

    story.pass_seconds(119, talk=True)
    story.pass_seconds(6)

    must(_state(story, first) is RequestState.TIMED_OUT, "it timed out")
    must({r for r, _ in story.worker().held} == {str(second.request_id)}, "the next one runs")


def slow_submit_finds_the_tombstone_of_an_expiry(program: Program) -> None:
    story = Story(program)
    slow = story.start_and_stop("submit", "prompt", None, before="put_item")
    story.start_and_stop("submit", "prompt", None, before="get_item")
    story.pass_seconds(21)
    story.submit()

    story.go_on(slow)

    must(len(story.state.seen.accepted) == 2, "both were accepted")


def slow_submit_finds_the_tombstone_of_a_sweep(program: Program) -> None:
    story = Story(program, linked=())
    slow = story.start_and_stop("submit", "prompt", None, before="put_item")
    story.submit()
    story.start("sweep", story.state.now, SPACE, 0, 0)

    story.go_on(slow)

    must(len(story.state.seen.accepted) == 2, "both were accepted")


def request_whose_cancel_died_halfway_does_not_run(program: Program) -> None:
    story = Story(program)
    story.submit()
    second = story.submit()
    story.spoil("error", "update_item", _writes_queue)
    story.start("cancel", str(second.request_id))
    must(story.request(second.request_id).ending, "it is cancelled")
    must(story.state.queue.position(second.ticket) == 0, "and still in the queue")

    story.answer()

    must(story.runs() == 1, "it does not run")


def result_of_a_suspect_worker_makes_it_ready(program: Program) -> None:
    story = Story(program)
    story.submit()
    second = story.submit()
    for _ in range(2):
        story.spoil("vanished", "post", _checks)
    story.pass_seconds(68)
    must(story.place().state == "suspect", "it is suspect")

    story.answer()

    must({r for r, _ in story.worker().held} == {str(second.request_id)}, "the next one runs")


def _checks(run: Run) -> bool:
    assert run.call is not None
    return '"check"' in run.call.arguments[1]


def older_connection_is_closed_when_it_registers_late(program: Program) -> None:
    story = Story(program, linked=(), absent=("w",))
    late = story.register_on_its_way()
    older = story.worker().line
    story.connect()

    story.go_on(late)

    must(older not in story.state.sockets, "it is closed")
    must(story.place().connection_id == story.worker().line, "the newer counts")


def answer_that_was_ready_when_its_worker_came_back_late_counts(program: Program) -> None:
    story = Story(program)
    request = story.submit()
    story.half_open()
    story.pass_seconds(30)
    story.answer()
    story.pass_seconds(100)

    story.connect()

    must(_state(story, request) is RequestState.COMPLETED, "it is answered")
    must(story.runs() == 1, "it ran once")


def late_result_takes_its_ticket_out_of_retry(program: Program) -> None:
    story = Story(program)
    story.submit()
    story.cut()
    story.pass_seconds(30)
    must(story.state.queue.retry, "it was handed back")

    story.connect()
    story.answer()

    must(not story.state.queue.retry and not story.state.queue.running, "its ticket is gone")


def late_progress_of_an_earlier_attempt_changes_nothing(program: Program) -> None:
    story = Story(program, linked=("w", "v"), max_workers=2)
    request = story.submit()
    (name, other) = ("w", "v") if story.worker("w").held else ("v", "w")
    late = story.progress_on_its_way(name, before="update_item")
    story.cut(name)
    story.pass_seconds(24)
    story.progress(other)

    story.go_on(late)

    now = story.request(request.request_id)
    must((now.worker_id, now.attempt) == (other, 2), "the later attempt's progress stays")


def worker_with_a_dead_connection_gets_its_place_back_at_once(program: Program) -> None:
    story = Story(program)
    story.half_open()

    story.connect()

    must(story.worker().registered, "it is registered")


def talking_worker_that_left_is_replaced_soon(program: Program) -> None:
    story = Story(program, linked=("w", "v"), max_workers=2)
    request = story.submit()
    (name, other) = ("w", "v") if story.worker("w").held else ("v", "w")
    story.pass_seconds(22, talk=True)
    story.start("poll", str(request.request_id))
    story.kill(name)

    story.pass_seconds(24)
    story.answer(other)

    must(_state(story, request) is RequestState.COMPLETED, "it is answered within 24 s")


def cancelled_in_the_middle_is_skipped(program: Program) -> None:
    story = Story(program)
    story.submit()
    story.submit()
    third, fourth = story.submit(), story.submit()

    story.start("cancel", str(third.request_id))
    must(story.state.queue.position(fourth.ticket) == 1, "one stands before the fourth")
    story.answer()
    before = story.calls
    story.answer()

    must({r for r, _ in story.worker().held} == {str(fourth.request_id)}, "the fourth runs")
    must(story.calls - before <= 7, f"{story.calls - before} calls for one hand-over")


def positions_only_fall_when_a_requeued_request_runs_again(program: Program) -> None:
    story = Story(program)
    _, _, third, fourth, fifth = [story.submit() for _ in range(5)]
    for request in (third, fourth):
        story.start("cancel", str(request.request_id))
    story.kill()
    story.pass_seconds(30)
    must(story.state.queue.position(fifth.ticket) == 2, "two stand before the fifth")

    story.connect()

    must(story.state.queue.position(fifth.ticket) == 1, "one stands before the fifth")


def two_requeued_requests_keep_their_order(program: Program) -> None:
    story = Story(program, linked=("w", "v"), max_workers=2)
    story.submit()
    story.submit()
    for name in ("w", "v"):
        story.kill(name)

    story.pass_seconds(30)

    tickets = [back.ticket for back in story.state.queue.retry]
    must(tickets == [1, 2], f"{tickets} wait")


def worker_whose_order_seemed_undeliverable_is_not_left_out(program: Program) -> None:
    story = Story(program)
    story.submit()
    story.spoil("gone", "post", lambda run: '"cancel"' in run.call.arguments[1])
    story.pass_seconds(125, talk=True)

    last = story.submit()
    story.reconnect_the_cut()
    story.pass_seconds(85, talk=True)
    story.answer()

    must(_state(story, last) is RequestState.COMPLETED, "it serves again")


def suspect_worker_is_asked_at_every_sweep(program: Program) -> None:
    story = Story(program)
    story.submit()
    story.spoil("vanished", "post", _checks)
    story.state = story.state.with_worker(story.worker()._replace(held=frozenset()))

    story.pass_seconds(115)

    must(story.place().state == "ready", "it serves again")


def _state(story: Story, request: object) -> RequestState | None:
    ending = story.request(request.request_id).ending  # type: ignore[attr-defined]
    return ending.state if ending else None


def own_time_out_ends_a_run_soon(program: Program) -> None:
    story = Story(program)
    request = story.submit(own=Own(timeout=10_000))

    story.pass_seconds(14, talk=True)

    ending = story.request(request.request_id).ending
    must(ending and ending.state is RequestState.TIMED_OUT, "it ends soon after its own time-out")


def own_time_out_holds_at_the_next_worker(program: Program) -> None:
    story = Story(program)
    request = story.submit(own=Own(timeout=30_000))
    story.cut()
    story.pass_seconds(25)
    story.connect()
    must(story.worker().held, "it is handed over again")
    (running,) = story.state.queue.running.values()

    must(running.deadline - running.since == 30_000, "it has its own time from the beginning")
    must(story.request(request.request_id).ending is None, "it has not ended")


def own_time_out_starts_when_a_prefetched_request_does(program: Program) -> None:
    story = Story(program, prefetch=True)
    story.submit()
    story.submit(own=Own(timeout=20_000))
    story.pass_seconds(60, talk=True)
    must(len(story.state.queue.running) == 2, "it waits at its worker longer than it may run")

    story.answer()

    (running,) = story.state.queue.running.values()
    must(running.deadline - story.state.now == 20_000, "its own time runs from its start")


def own_start_time_out_is_kept_behind_a_patient_request(program: Program) -> None:
    story = Story(program)
    story.cut()
    story.submit()
    hurried = story.submit(own=Own(start_timeout=90_000))

    story.pass_seconds(93)

    ending = story.request(hurried.request_id).ending
    must(ending and ending.state is RequestState.TIMED_OUT, "it ends soon after its own time-out")
    must(len(story.state.requests()) == 2, "the other is kept")
    must(story.state.queue.waiting == 1, "the other goes on waiting")


def own_start_time_out_is_kept_after_a_hand_over(program: Program) -> None:
    story = Story(program, capacity=2)
    story.submit()
    hurried = story.submit(own=Own(start_timeout=30_000))
    story.cut()

    story.pass_seconds(120 + 60)

    must(story.request(hurried.request_id).ending, "a requeued request is looked at as well")
    must(story.state.queue.waiting == 1, "the one in front of it goes on waiting")


def own_start_time_out_survives_an_outage_of_the_scheduler(program: Program) -> None:
    story = Story(program)
    story.cut()
    story.submit()
    story.let_scheduler("throttles")
    hurried = story.submit(own=Own(start_timeout=300_000))
    story.let_scheduler("works")

    story.pass_seconds(310)

    must(story.request(hurried.request_id).ending, "its sweep arms its timer later")


def a_request_without_limits_of_its_own_has_no_timer_of_its_own(program: Program) -> None:
    story = Story(program)
    story.cut()
    story.submit()
    story.submit(own=Own(start_timeout=3_600_000))

    must(story.count("arm") == 1, "the timer of the space is enough")


STORIES = {
    name: story
    for name, story in list(globals().items())
    if callable(story) and getattr(story, "__module__", "") == __name__ and name[0] != "_"
}
