"""Streams: kept alive, cut by time, and begun again by another worker."""

from spaces.domain.openai.completions import Named
from spaces.domain.openai.errors import ApiError
from spaces.handlers.overload import overload_as_busy
from spaces.services.openai.answer_call import Wanted
from spaces.services.openai.stream_call import STARTED_AGAIN, TOO_LONG, stream_call
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.record_progress import record_progress
from spaces_protocol.worker_messages import Chunk, Progress
from tests.functional.aws_failures import OVERLOADED, raising
from tests.functional.gateway.world import answer_to, lose_lease


class Watcher:
    """Streams one request; what happens next is done while the stream sleeps."""

    def __init__(self, world, seconds=600):
        self.world = world
        self.request_id = world.submit().request.request_id
        self.steps = []
        self.until = world.clock() + seconds * 1000

    def sleep(self, seconds):
        self.world.clock.pass_seconds(seconds)
        if self.steps:
            self.steps.pop(0)()

    def pieces(self, *steps):
        self.steps = list(steps)
        named = Named("chat.completions", str(self.request_id), "echo", 1)
        return list(
            stream_call(
                self.world.gateway,
                Wanted("chat.completions", self.request_id),
                named,
                include_usage=None,
                sleep=self.sleep,
                until=self.until,
                guard=overload_as_busy,
            )
        )


def say(world, sender, text, index=0):
    request = world.handed(sender)[-1]
    progress = Progress(
        request_id=request.request_id,
        attempt=request.attempt,
        chunk=Chunk(index=index, text=text),
    )
    record_progress(world.gateway, sender, progress)


def end(world, sender, text):
    commit_result(world.gateway, sender, answer_to(world.handed(sender)[-1], text))


def deltas(pieces):
    return [piece["choices"][0]["delta"] for piece in pieces]


def test_waiting_stream_says_something_every_ten_seconds(world):
    watcher = Watcher(world, seconds=45)

    *pieces, last = watcher.pieces()

    assert deltas(pieces) == [{"role": "assistant", "content": ""}, {}, {}, {}]
    assert last == TOO_LONG


def test_error_is_the_only_piece_of_a_request_that_fails_at_once(world):
    sender = world.join()
    watcher = Watcher(world)
    request = world.handed(sender)[-1]
    failure = {"message": "Broken.", "type": "worker_error"}
    result = answer_to(request, status="failed", error=failure, output=None)

    [error] = watcher.pieces(lambda: commit_result(world.gateway, sender, result))

    assert isinstance(error, ApiError)
    assert (error.status, error.message) == (500, "Broken.")


def lost_to_another(world, sender):
    """Return a step that takes the request from its worker, and who has it after that step."""
    others = []

    def lose():
        world.ends.gone.add(sender.connection_id)
        lose_lease(world, "echo")
        others.append(world.join("w2"))

    return lose, others


def test_answer_of_another_worker_that_begins_alike_is_continued(world):
    sender = world.join()
    watcher = Watcher(world)
    lose, second = lost_to_another(world, sender)

    pieces = watcher.pieces(
        lambda: say(world, sender, "Once"),
        lambda: None,
        lose,
        lambda: say(world, second[0], "On"),
        lambda: None,
        lambda: say(world, second[0], "ce up", index=1),
        lambda: None,
        lambda: say(world, second[0], "on", index=2),
        lambda: None,
        lambda: end(world, second[0], "Once upon a time"),
    )

    said = [text for each in deltas(pieces) if (text := each.get("content"))]
    assert said == ["Once", " up", "on", " a time"]
    assert pieces[-1]["choices"][0]["finish_reason"] == "stop"


def test_other_answer_of_another_worker_is_an_error_as_soon_as_it_begins(world):
    sender = world.join()
    watcher = Watcher(world)
    lose, second = lost_to_another(world, sender)

    *pieces, last = watcher.pieces(
        lambda: say(world, sender, "Once"),
        lambda: None,
        lose,
        lambda: say(world, second[0], "Twice"),
    )

    assert "".join(each.get("content") or "" for each in deltas(pieces)) == "Once"
    assert last == STARTED_AGAIN


def test_look_that_is_throttled_is_made_again(world, monkeypatch):
    sender = world.join()
    watcher = Watcher(world)
    throttled = raising(OVERLOADED["throttled"])

    def overload():
        say(world, sender, "Hel")
        monkeypatch.setattr(world.gateway.requests, "read_with_queue", throttled)
        monkeypatch.setattr(world.gateway.requests, "read", throttled)

    def recover():
        monkeypatch.undo()
        end(world, sender, "Hello")

    pieces = watcher.pieces(overload, recover)

    assert "".join(each.get("content") or "" for each in deltas(pieces)) == "Hello"
