"""Courses of events in which it matters who says something."""

from spaces.domain.request import Request
from spaces_protocol.worker_messages import Drain
from tests.simulation import worker as workers
from tests.simulation.actors import Program
from tests.simulation.liar import register
from tests.simulation.story import Story, must
from tests.simulation.worker_value import send


def _holder_and_others(story: Story) -> tuple[str, ...]:
    names = sorted(story.state.workers, key=lambda name: not story.worker(name).held)
    return tuple(names)


def _lose(story: Story, name: str, *, answered: bool = False) -> None:
    """Let a worker vanish, perhaps with an answer that it could not send, until another has it."""
    story.half_open(name)
    if answered:
        story.answer(name)
    story.pass_seconds(100)


def _answered_by(story: Story, request: Request) -> tuple[str | None, int | None]:
    ending = story.request(request.request_id).ending
    return (ending.worker_id, ending.attempt) if ending else (None, None)


def first_result_wins_though_another_has_the_request(program: Program) -> None:
    story = Story(program, linked=("w", "v"), max_workers=2)
    request = story.submit()
    name, other = _holder_and_others(story)
    _lose(story, name, answered=True)
    must(story.worker(other).held, "the other one has it")

    story.connect(name)

    must(_answered_by(story, request) == (name, 1), "the answer of attempt 1 counts")


def result_of_the_first_of_three_attempts_counts(program: Program) -> None:
    story = Story(program, linked=("w", "v", "u"), max_workers=3)
    request = story.submit()
    name, *_ = _holder_and_others(story)
    _lose(story, name, answered=True)
    second, *_ = _holder_and_others(story)
    _lose(story, second)
    third, *_ = _holder_and_others(story)
    must({attempt for _, attempt in story.worker(third).held} == {3}, "it runs for the third time")

    story.connect(name)

    must(_answered_by(story, request) == (name, 1), "the answer of attempt 1 counts")


def result_of_an_earlier_attempt_counts_after_the_later_worker_resumed(program: Program) -> None:
    story = Story(program, linked=("w", "v"), max_workers=2)
    request = story.submit()
    name, other = _holder_and_others(story)
    _lose(story, name, answered=True)
    story.cut(other)
    story.pass_seconds(30)
    must(story.state.queue.retry, "it was handed back")
    story.connect(other)
    must(story.state.queue.running, "it goes on")

    story.connect(name)

    must(_answered_by(story, request) == (name, 1), "the answer of attempt 1 counts")


def holder_of_the_last_attempt_does_not_answer_for_an_earlier_one(program: Program) -> None:
    story = Story(program, linked=("w", "v"), max_workers=2)
    request = story.submit()
    name, other = _holder_and_others(story)
    _lose(story, name)

    story.react(workers.send_answer(story.worker(other), str(request.request_id), 1))

    must(_answered_by(story, request) == (None, None), "it has not ended")


def liar_does_not_answer_an_earlier_attempt(program: Program) -> None:
    story = Story(program, linked=("w", "v"), max_workers=2, liar=True)
    request = story.submit()
    name, other, _ = _holder_and_others(story)
    _lose(story, name)
    must(story.worker(other).held, "the other one has it")

    story.react(workers.send_answer(story.worker("x"), str(request.request_id), 1))

    must(_answered_by(story, request) == (None, None), "it has not ended")


def liar_does_not_take_up_what_was_handed_back(program: Program) -> None:
    story = Story(program, max_workers=2, liar=True)
    request = story.submit()
    story.cut()
    story.pass_seconds(30)
    must(story.state.queue.retry, "it was handed back")

    story.react(register(story.worker("x"), [(str(request.request_id), 1)]))

    (running,) = story.state.queue.running.values()
    must(running.attempt == 2, "it is dispatched, not resumed")


def worker_id_that_another_token_uses_keeps_nobody_out(program: Program) -> None:
    story = Story(program, linked=(), absent=("w",), liar_has_place=True, max_workers=2)

    story.connect()

    must(story.worker().registered, "it has a place")
    must(story.place().state == "ready", "of its own")


def register_that_stalls_sends_nothing_that_another_has(program: Program) -> None:
    story = Story(program, linked=("w", "v"), max_workers=2, liar=True)
    story.spoil("vanished", "post")
    story.submit()
    (running,) = story.state.queue.running.values()
    name, other = ("w", "v") if running.worker_id == "w" else ("v", "w")
    late = story.register_again_on_its_way(name, before="post")
    story.cut(name)
    story.pass_seconds(100)
    must(story.worker(other).held, "the other one has it")

    story.go_on(late)

    must(story.worker(other).held, "it still has it")


def drain_by_an_older_connection_changes_nothing(program: Program) -> None:
    story = Story(program)
    reaction = send(story.worker(), "drain", Drain())
    story.put_on_its_way(reaction)
    story.cut()
    story.connect()

    story.go_on(reaction.sent[0].name)

    must(story.place().state == "ready", "it still takes requests")


STORIES_OF_IDENTITY = {
    name: story
    for name, story in list(globals().items())
    if callable(story) and getattr(story, "__module__", "") == __name__ and name[0] != "_"
}
