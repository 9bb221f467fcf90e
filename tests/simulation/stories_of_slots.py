"""Courses of events of workers that share their slots, or hold one request more."""

from spaces_protocol.rest_bodies import RequestState
from tests.simulation import worker as workers
from tests.simulation.actors import Program, Run
from tests.simulation.story import Story, must

TWO = ("a", "b")


def _attempts(story: Story, space: str) -> int:
    queue = story.queue(space)
    return sum(r.attempt for r in queue.running.values()) + sum(b.attempt for b in queue.retry)


def two_spaces_take_turns(program: Program) -> None:
    story = Story(program, spaces=TWO)
    for _ in range(3):
        story.submit("a")
        story.submit("b")
    order = []
    for _ in range(6):
        order += story.runs_now()
        story.answer()

    must(order == ["a.1", "b.1", "a.2", "b.2", "a.3", "b.3"], f"they ran as {order}")
    must(story.seconds == 0, "nobody waited for a clock")


def declined_request_is_never_lost_though_it_is_declined_often(program: Program) -> None:
    story = Story(program, spaces=TWO, timeout=600_000)
    first = story.submit("a")
    waiting = story.submit("b")
    for _ in range(6):
        story.pass_seconds(57, talk=True)
    story.answer_one(first)

    must(story.runs_now() == ["b.1"], "it runs in the end")
    must(not story.request(waiting.request_id).ending, "it has not failed")
    must(_attempts(story, "b") > 4, "it was declined often")


def nothing_is_handed_to_a_space_without_a_slot(program: Program) -> None:
    story = Story(program, spaces=TWO)
    story.submit("a")
    story.submit("b")
    before = story.calls

    story.submit("b")

    must(_attempts(story, "b") == 1, "one decline told it")
    must(story.calls - before <= 7, f"{story.calls - before} calls for a request that waits")


def result_that_closes_its_space_brings_nothing_more_of_it(program: Program) -> None:
    story = Story(program, spaces=TWO)
    first = story.submit("a")
    story.submit("a")
    story.submit("b")

    story.answer_one(first)

    must(story.runs_now() == ["b.1"], "it is the other one's turn")
    must(_attempts(story, "a") == 0, "the second was not handed over to be declined")


def offer_that_got_lost_costs_a_minute_at_most(program: Program) -> None:
    story = Story(program, spaces=TWO)
    first = story.submit("a")
    story.submit("b")
    answer = workers.answer(story.worker(), str(first.request_id), 1)
    only_result = answer._replace(sent=tuple(s for s in answer.sent if s.kind == "result"))
    forgetful = only_result.worker._replace(closed=(), asked=None)
    story.react(only_result._replace(worker=forgetful))
    must(story.request(first.request_id).ending, "the first is answered")

    story.pass_seconds(60)

    must(story.runs_now() == ["b.1"], "the slot is used")


def offer_that_comes_late_changes_nothing(program: Program) -> None:
    story = Story(program, spaces=TWO, capacity=2)
    late = workers.offer(story.worker(), "b", 2)
    story.put_on_its_way(late)
    story.submit("a")
    story.submit("a")
    story.submit("b")

    story.go_on(late.sent[0].name)

    must(_attempts(story, "b") == 1, "it was declined once")


def offer_of_an_older_connection_changes_nothing(program: Program) -> None:
    story = Story(program, spaces=TWO)
    late = workers.offer(story.worker()._replace(order=50), "b", 0)
    story.put_on_its_way(late)
    story.connect()

    story.go_on(late.sent[0].name)
    story.submit("b")

    must(story.runs_now() == ["b.1"], "the newer connection offers all it has")


def new_connection_offers_all_that_it_has(program: Program) -> None:
    story = Story(program, spaces=TWO)
    story.submit("a")
    story.submit("b")
    story.connect()

    story.answer()

    must(story.runs_now() == ["b.1"], "at once")


def each_offer_is_answered(program: Program) -> None:
    story = Story(program, spaces=TWO)
    first = story.submit("a")
    waiting = story.submit("b")
    story.start("cancel", str(waiting.request_id))

    story.answer_one(first)

    must(story.worker().asked is None, "it does not wait for an answer")
    must(not story.worker().closed, "all spaces are open")


def prefetched_request_starts_without_the_gateway(program: Program) -> None:
    story = Story(program, prefetch=True)
    first = story.submit()
    story.submit()
    reaction = workers.answer(story.worker(), str(first.request_id), 1)

    must(reaction.started, "it started with the answer of the one before it")


def prefetched_request_has_its_whole_time_and_no_more(program: Program) -> None:
    story = Story(program, prefetch=True)
    story.submit()
    second = story.submit()
    story.pass_seconds(100, talk=True)
    story.answer()

    story.pass_seconds(110, talk=True)
    must(not story.request(second.request_id).ending, "after 110 s it still runs")
    story.pass_seconds(14, talk=True)
    must(_state(story, second) is RequestState.TIMED_OUT, "after 124 s it does not")


def prefetched_request_is_not_stopped_before_it_could_start(program: Program) -> None:
    story = Story(program, prefetch=True)
    first, second = story.submit(), story.submit()

    story.pass_seconds(125, talk=True)

    must(_state(story, first) is RequestState.TIMED_OUT, "the first took all its time")
    must(story.runs_now() == ["a.2"], "the second runs")
    must(not story.request(second.request_id).ending, "and has all of its own")


def prefetched_request_that_was_lost_twice_does_not_end_while_it_is_held(program: Program) -> None:
    story = Story(program, prefetch=True, capacity=2)
    first, second = story.submit(), story.submit()
    for capacity in (2, 1):
        story.kill()
        story.pass_seconds(3)
        worker = story.worker()._replace(capacity=capacity, most=capacity)
        story.state = story.state.with_worker(worker)
        story.connect()
    must(story.state.queue.running[2].losses == 2, "it was lost twice")
    story.kill()
    story.pass_seconds(31)  # a grace of 20 s, and a sweep at most 10 s later
    story.connect()
    story.answer()

    must(_state(story, first) is RequestState.FAILED, "the first was lost three times")
    must(_state(story, second) is RequestState.COMPLETED, "the second was not")


def prefetched_request_has_a_position(program: Program) -> None:
    story = Story(program, prefetch=True)
    _, second, third = [story.submit() for _ in range(3)]

    positions = [story.state.queue.position(each.ticket) for each in (second, third)]

    must(positions == [0, 1], f"they stand at {positions}")


def prefetched_request_of_a_silent_worker_does_not_start(program: Program) -> None:
    story = Story(program, prefetch=True)
    first = story.submit()
    story.pass_seconds(15)
    story.submit()
    story.spoil("vanished", "post", _checks)
    for seconds in (6, 11):
        story.pass_seconds(seconds)
        story.start("poll", str(first.request_id))
    must(story.place().state == "suspect", "it was silent")
    must(story.state.queue.prefetched == [2], "nobody knows what it has started")

    story.pass_seconds(25)

    must(story.runs_now() == ["a.1"], "it runs what it ran")
    must(not story.state.queue.running[1].prefetched, "and is known to")


def _checks(run: Run) -> bool:
    assert run.call is not None
    return '"check"' in run.call.arguments[1]


def early_requests_never_make_their_worker_decline(program: Program) -> None:
    story = Story(program, prefetch=True)
    for _ in range(5):
        story.submit()
    for _ in range(5):
        must(all(r.attempt == 1 for r in story.state.queue.running.values()), "none was declined")
        story.answer()

    must(story.runs() == 5, "each ran once")


def worker_that_dies_often_has_not_lost_what_it_only_held(program: Program) -> None:
    story = Story(program, prefetch=True)
    story.submit()
    second = story.submit()
    for _ in range(3):
        story.kill()
        story.pass_seconds(3)
        story.connect()
        story.pass_seconds(3)
    story.answer()

    must(_state(story, second) is RequestState.COMPLETED, "it is answered")


def of_two_workers_none_holds_what_the_other_could_start(program: Program) -> None:
    story = Story(program, prefetch=True, linked=("w", "v"), max_workers=2)
    for _ in range(4):
        story.submit()
    name = "v" if story.runs_now("v") == ["a.2"] else "w"

    story.answer(name)

    must(story.runs_now(name) == ["a.3"], "the third starts before the fourth")


def worker_of_two_spaces_prefetches_nothing(program: Program) -> None:
    story = Story(program, spaces=TWO, prefetch=True)
    story.submit("a")
    story.submit("a")
    first = story.submit("b")

    story.answer()

    must(str(first.request_id) in {r for r, _ in story.worker().held}, "it is the other's turn")


def prefetched_request_is_declined_with_the_one_before_it(program: Program) -> None:
    story = Story(program, prefetch=True, linked=(), absent=("w",), capacity=2, most=1)
    for _ in range(3):
        story.submit()
    story.spoil("vanished", "post", lambda run: '"request_id":"a.2' in run.call.arguments[1])
    story.connect()
    must(story.worker().prefetched, "the third came before the second")
    story.connect()
    must(not story.worker().prefetched, "the second came and was declined")
    for expected in (["a.1"], ["a.2"], ["a.3"]):
        must(story.runs_now() == expected, f"{story.runs_now()} runs instead of {expected}")
        story.answer()


def worker_that_comes_back_late_goes_on_with_both(program: Program) -> None:
    story = Story(program, prefetch=True)
    story.submit()
    story.submit()
    story.cut()
    story.pass_seconds(30)

    story.connect()
    story.answer()
    story.answer()

    must(story.runs() == 2, "each ran once")


def _state(story: Story, request: object) -> RequestState | None:
    ending = story.request(request.request_id).ending  # type: ignore[attr-defined]
    return ending.state if ending else None


STORIES_OF_SLOTS = {
    name: story
    for name, story in list(globals().items())
    if callable(story) and getattr(story, "__module__", "") == __name__ and name[0] != "_"
}
