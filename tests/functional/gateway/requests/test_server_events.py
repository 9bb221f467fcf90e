"""Server-sent events of a request: what a reader gets, and gets again after a cut."""

import random

import pytest

from spaces.domain.errors import RequestNotFound
from spaces.services.requests.cancel_request import cancel_request
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.record_progress import record_progress
from spaces_protocol.request_id import RequestId
from spaces_protocol.worker_messages import Chunk, Progress
from tests.functional.gateway.requests.event_reader import Agenda, EventReader
from tests.functional.gateway.world import answer_to, lose_lease

SEEDS = range(20)
WORDS = [f"word{number} \n\n" for number in range(12)]
DELTA = {"choices": [{"index": 0, "delta": {"tool_calls": [{"index": 0}]}}]}


class Scene:
    """A worker, its request, and what it does while a reader reads."""

    def __init__(self, world) -> None:
        self.world = world
        self.worker = world.join()
        self.request_id = world.submit().request.request_id
        self.agenda = Agenda(world)
        self.reader = EventReader()

    @property
    def request(self):
        return self.world.handed(self.worker)[-1]

    def say(self, index, text, deltas=()):
        told = {"request_id": self.request.request_id, "attempt": self.request.attempt}
        chunk = Chunk(index=index, text=text, deltas=list(deltas))
        record_progress(self.world.gateway, self.worker, Progress(**told, chunk=chunk))

    def end(self, text="done", **fields):
        commit_result(self.world.gateway, self.worker, answer_to(self.request, text, **fields))

    def take_over(self, worker_id):
        """Let another worker do what comes next."""
        self.worker = self.world.join(worker_id)

    def speak(self, words, text=None):
        """Let the worker say each word, and then send its result."""
        spoken = [lambda i=i, w=w: self.say(i, w) for i, w in enumerate(words)]
        whole = "".join(words) if text is None else text
        self.agenda.actions = [*spoken, lambda: self.end(whole)]

    def follow(self, **options):
        self.reader.follow(self.world, self.request_id, self.agenda.sleep, **options)
        return self.reader


@pytest.fixture
def scene(world):
    return Scene(world)


def test_text_comes_piece_by_piece_and_the_end_says_where_the_result_is(scene):
    scene.speak(["Once ", "upon "], "Once upon a time")
    reader = scene.follow()

    assert reader.text == "Once upon a time"
    assert reader.kinds == ["status", "text", "text", "text", "done"]
    assert reader.ended["status"] == "COMPLETED"
    assert reader.ended["response_url"] == f"/v1/spaces/echo/requests/{scene.request_id}"


def test_text_is_looked_for_at_most_a_quarter_of_a_second_after_it_was_stored(scene):
    scene.speak(WORDS)
    scene.follow()

    assert max(scene.agenda.sleeps) <= 0.25
    assert len(scene.agenda.sleeps) / (len(WORDS) / 2) <= 7  # looks a second


@pytest.mark.parametrize("seed", SEEDS)
def test_a_stream_that_is_cut_joins_without_loss_or_repetition(scene, seed):
    chance = random.Random(seed)
    scene.speak(WORDS, "".join(WORDS) + "the end")
    while scene.reader.ended is None:
        scene.follow(cut_after=chance.randrange(1, 900))

    assert scene.reader.text == "".join(WORDS) + "the end"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_objects_of_a_call_join_without_loss_or_repetition(scene, seed):
    chance = random.Random(seed)
    objects = [{**DELTA, "id": number} for number in range(30)]
    scene.agenda.actions = [
        *(lambda i=i: scene.say(i, "", objects[i * 3 : i * 3 + 3]) for i in range(10)),
        scene.end,
    ]
    while scene.reader.ended is None:
        scene.follow(cut_after=chance.randrange(1, 900))

    assert scene.reader.deltas == objects


def test_after_the_last_event_nothing_is_sent_again(scene):
    scene.speak(["a"])
    scene.follow()
    before = list(scene.reader.kinds)
    scene.follow()

    assert scene.reader.text == "a"
    assert scene.reader.kinds == [*before, "done"]  # the handler answers 204 instead


def test_another_attempt_begins_again(scene):
    first = scene.worker
    scene.agenda.actions = [
        lambda: scene.say(0, "first try "),
        lambda: lose_lease(scene.world, "echo"),
        lambda: scene.world.ends.gone.add(first.connection_id),
        lambda: scene.take_over("w2"),
        lambda: scene.say(0, "second try"),
        lambda: scene.end("second try"),
    ]
    reader = scene.follow()

    assert reader.kinds.count("restart") == 1
    assert reader.text == "second try"


def test_a_result_that_differs_from_what_was_streamed_replaces_it(scene):
    scene.speak(["thinking …"], "The answer")
    reader = scene.follow()

    assert reader.kinds[-2:] == ["restart", "done"]
    assert reader.text == "The answer"


def test_a_request_that_did_not_stream_has_its_whole_text(scene):
    scene.agenda.actions = [lambda: scene.end("all at once")]
    reader = scene.follow()

    assert reader.text == "all at once"


def test_a_request_that_failed_says_why(scene):
    failure = {"status": "failed", "error": {"message": "No such voice."}, "output": None}
    scene.agenda.actions = [lambda: scene.say(0, "half "), lambda: scene.end(None, **failure)]
    reader = scene.follow()

    assert reader.ended["status"] == "FAILED"
    assert reader.ended["error"] == "No such voice."
    assert reader.text == "half "


def test_a_request_that_is_cancelled_while_it_waits_ends_the_stream(world):
    request_id = world.submit().request.request_id
    agenda = Agenda(world, [lambda: cancel_request(world.gateway, request_id)])
    reader = EventReader()
    reader.follow(world, request_id, agenda.sleep)

    assert reader.statuses[0]["status"] == "IN_QUEUE"
    assert reader.ended["status"] == "CANCELLED"


def test_a_silent_stream_shows_every_ten_seconds_that_it_is_alive(scene):
    reader = scene.follow(until=15_000)

    assert reader.beats == 1
    assert reader.ended is None


def test_a_status_is_sent_when_it_changes_and_not_again(world):
    request_id = world.submit().request.request_id
    agenda = Agenda(world, [lambda: None, world.join, lambda: None, lambda: None])
    reader = EventReader()
    reader.follow(world, request_id, agenda.sleep, until=5_000)

    assert [each["status"] for each in reader.statuses] == ["IN_QUEUE", "IN_PROGRESS"]


def test_an_unknown_request_is_refused_before_the_first_event(world):
    unknown = RequestId("echo", 7, "A" * 22)

    with pytest.raises(RequestNotFound):
        EventReader().follow(world, unknown, Agenda(world).sleep)
