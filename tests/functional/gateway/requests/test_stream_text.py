"""Text as it is produced: read piece by piece, in order, whatever gets lost or comes late."""

import random

import pytest
from msgspec import json

from spaces.domain.errors import InvalidInput
from spaces.services.requests.stream_text import CATCH_UP_POLL, Cursor, read_cursor
from spaces.services.requests.view_request import request_status
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.record_progress import record_progress
from spaces_protocol.limits import MAX_CHUNK_BYTES, MAX_DELTAS_BYTES, MAX_DEPTH
from spaces_protocol.rest_bodies import ChunkView, RequestState
from spaces_protocol.worker_messages import Chunk, Progress
from tests import nested_values
from tests.functional.gateway.world import answer_to, lose_lease


@pytest.fixture
def running(world):
    worker = world.join()
    accepted = world.submit()
    return Streaming(world, worker, world.handed(worker)[0], accepted.request.request_id)


class Streaming:
    """A request that runs, its worker's words, and a reader."""

    def __init__(self, world, worker, request, request_id):
        self.world, self.worker, self.request, self.request_id = world, worker, request, request_id
        self.text, self.after = "", None

    def say(self, index, text, deltas=(), **fields):
        told = {"request_id": self.request.request_id, "attempt": self.request.attempt}
        chunk = Chunk(index=index, text=text, deltas=list(deltas))
        record_progress(self.world.gateway, self.worker, Progress(**told, chunk=chunk, **fields))

    def look(self, **wanted):
        cursor = read_cursor(self.after)
        status = request_status(self.world.gateway, self.request_id, after=cursor, **wanted)
        if status.partial is not None:
            self.text = ("" if status.partial.restarted else self.text) + status.partial.text
            self.after = status.partial.next_after
        return status


def test_text_is_read_from_where_the_reader_stopped(running):
    running.say(0, "Hello")
    first = running.look()
    running.say(1, ", ")
    running.say(2, "world")
    second = running.look()

    assert (first.partial.text, first.partial.restarted) == ("Hello", False)
    assert (second.partial.text, second.partial.restarted) == (", world", False)
    assert running.look().partial is None
    assert running.text == "Hello, world"


@pytest.mark.parametrize("seed", range(5))
def test_pieces_in_any_order_and_repeated_are_read_in_theirs(running, seed):
    pieces = [f"{index} " for index in range(12)]
    order = [*range(12), 3, 7]
    random.Random(seed).shuffle(order)

    for index in order:
        running.say(index, pieces[index])
        running.look()
        assert "".join(pieces).startswith(running.text)

    assert running.text == "".join(pieces)


def test_text_stops_before_a_lost_piece_and_is_whole_in_the_result(running):
    for index in (0, 1, 3, 4):
        running.say(index, str(index))

    running.look()

    assert running.text == "01"
    assert running.look().partial is None


def test_what_was_shown_never_changes(running):
    running.say(0, "first")
    running.say(0, "second")

    running.look()

    assert running.text == "first"


def test_another_attempt_starts_the_text_anew(world, running):
    running.say(0, "old words")
    running.look()
    running.world.clock.pass_seconds(31)
    lose_lease(world, "echo")
    running.worker = world.join()
    running.request = world.handed(running.worker)[-1]
    assert running.request.attempt == 2

    cleared = running.look()
    running.say(0, "new")
    running.look()

    assert (cleared.partial.text, cleared.partial.restarted) == ("", True)
    assert running.text == "new"


def test_words_of_a_worker_that_lost_the_request_are_not_shown(world, running):
    former, old = running.worker, running.request
    lose_lease(world, "echo")
    running.worker = world.join("w1")
    running.request = world.handed(running.worker)[-1]
    running.say(0, "new")

    late = Progress(request_id=old.request_id, attempt=1, chunk=Chunk(index=0, text="late"))
    record_progress(world.gateway, former, late)
    running.look()

    assert running.text == "new"


def test_long_text_comes_in_several_looks(running):
    for index in range(230):
        running.say(index, "x")

    sizes = [len(running.look().partial.text) for _ in range(6)]

    assert sizes == [40, 40, 40, 40, 40, 30]


def test_a_piece_that_is_too_long_is_left_out_and_the_worker_goes_on(world, running):
    running.say(0, "x" * (MAX_CHUNK_BYTES + 1), percent=5.0)

    status = running.look()

    assert status.partial is None
    assert status.progress.percent == 5
    assert ("chunk_too_long", running.request.request_id) in [
        (name, fields.get("request_id")) for name, fields in world.events
    ]


def delta_of(size):
    delta = {"arguments": ""}
    return {"arguments": "x" * (size - len(json.encode([delta])))}


def test_deltas_are_read_unchanged_and_in_order_by_who_asks(running):
    call = {"choices": [{"delta": {"tool_calls": [{"index": 0}]}, "logprobs": None}]}
    running.say(0, "Let me see. ")
    running.say(1, "", [call, {"usage": {"total_tokens": 3}}])

    partial = running.look(with_chunks=True).partial

    assert partial.chunks == [
        ChunkView(text="Let me see. "),
        ChunkView(text="", deltas=[call, {"usage": {"total_tokens": 3}}]),
    ]
    assert partial.text == "Let me see. "


def test_who_does_not_ask_for_deltas_gets_past_them(running):
    running.say(0, "", [{"choices": []}])
    running.say(1, "Hello")

    partial = running.look().partial

    assert (partial.text, partial.chunks) == ("Hello", None)
    assert running.look().partial is None


@pytest.mark.parametrize(
    ("size", "kept"), [(MAX_DELTAS_BYTES, True), (MAX_DELTAS_BYTES + 1, False)]
)
def test_deltas_have_a_limit_of_their_own(world, running, size, kept):
    running.say(0, "Hello", [delta_of(size)])

    partial = running.look(with_chunks=True).partial

    assert (partial is not None) is kept
    assert ("chunk_too_long" in [name for name, _ in world.events]) is not kept


def test_deltas_that_nobody_could_read_are_left_out(world, running):
    running.say(0, "Hello", [nested_values.lists(MAX_DEPTH)])

    assert running.look().partial is None
    assert "chunk_too_deep" in [name for name, _ in world.events]


def test_large_deltas_come_in_several_looks(running):
    for index in range(30):
        running.say(index, "", [delta_of(MAX_DELTAS_BYTES)])

    looks = [running.look(with_chunks=True).partial for _ in range(3)]

    assert [len(each.chunks) for each in looks] == [10, 10, 10]


def test_text_alone_leaves_the_last_progress_as_it_is(running):
    running.say(0, "a", percent=40.0, message="writing")
    running.say(1, "b")

    progress = running.look().progress

    assert (progress.percent, progress.message) == (40, "writing")


def test_looks_are_short_while_text_flows_and_as_usual_when_it_stops(world, running):
    world.clock.pass_seconds(20)
    usual = running.look().retry_after_ms
    running.say(0, "a")
    flowing = running.look().retry_after_ms
    world.clock.pass_seconds(6)
    stopped = running.look().retry_after_ms

    assert 500 <= flowing <= 800 < usual <= stopped


def test_an_ended_request_shows_its_result_and_no_pieces(world, running):
    running.say(0, "all of it")
    commit_result(world.gateway, running.worker, answer_to(running.request, "all of it"))

    status = running.look()

    assert status.status is RequestState.COMPLETED
    assert status.partial is None


def test_a_look_at_a_request_that_streams_nothing_costs_one_call(world, running, dynamodb):
    calls = []
    dynamodb.meta.events.register(
        "before-call.dynamodb", lambda model, **_: calls.append(model.name), unique_id="count"
    )
    try:
        running.look()
        plain = calls.copy()
        running.say(0, "a")
        calls.clear()
        running.look()
    finally:
        dynamodb.meta.events.unregister("before-call.dynamodb", unique_id="count")

    assert plain == ["BatchGetItem"]
    assert calls == ["BatchGetItem", "BatchGetItem"]


def test_pieces_expire(world, running, dynamodb):
    running.say(0, "a")

    items = dynamodb.scan(TableName="requests")["Items"]
    (piece,) = [item for item in items if "#chunk#" in item["ticket"]["S"]]
    assert int(piece["expires_at"]["N"]) == world.clock() // 1000 + 24 * 3600


@pytest.mark.parametrize("text", ["x", "1", "1.", "-1.0", "1.0.0", "9" * 20 + ".1", "1.2\n"])
def test_a_cursor_that_is_none_is_refused(text):
    with pytest.raises(InvalidInput, match="next_after"):
        read_cursor(text)


def test_a_cursor_travels_as_text():
    assert read_cursor(str(Cursor(3, 14))) == Cursor(3, 14)
    assert read_cursor(None) is None
    assert read_cursor("") is None


def test_a_look_from_the_start_reads_a_bounded_number_of_bytes(running):
    for index in range(30):
        running.say(index, "x" * MAX_CHUNK_BYTES)

    first = running.look()

    assert len(first.partial.text) == 10 * MAX_CHUNK_BYTES
    assert first.retry_after_ms == CATCH_UP_POLL
    while len(running.text) < 30 * MAX_CHUNK_BYTES:
        last = running.look()
    assert last.retry_after_ms > CATCH_UP_POLL


def test_a_reader_before_a_gap_does_not_hurry(running):
    for index in (0, 1, 3):
        running.say(index, str(index))
    running.look()

    assert running.look().retry_after_ms > CATCH_UP_POLL
