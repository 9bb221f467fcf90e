"""Events of a request: from a stream, from polls, and from one after the other."""

import pytest

from spaces_client import Done, Queued, RequestNotFound, Restarted, Running, Text, UnexpectedAnswer
from spaces_client._core.effects import Answer, Lost
from spaces_client._core.watch import watch
from tests.unit.caller.flows import ID, Scene, answer, ended, refusal, state

STREAM = Answer(status=200, headers={"content-type": "text/event-stream"})
DONE = b'event: done\nid: 1.9\ndata: {"request_id": "x", "status": "COMPLETED"}\n\n'
NO_PATH = refusal(404, "not_found")


def text(said, cursor):
    return f'event: text\nid: {cursor}\ndata: {{"text": "{said}"}}\n\n'.encode()


def partial(said, cursor, **fields):
    return state(retry_after_ms=700, partial={"text": said, "next_after": cursor, **fields})


def paths(scene):
    return [call.url.partition("/v1/")[2] for call in scene.calls]


def test_a_stream_is_read_to_its_end():
    queued = state("IN_QUEUE", queue_position=2, queue_reason="worker_busy", eta_seconds=3.5)
    pieces = [b"event: status\ndata: " + queued.content + b"\n\n", text("Once ", "1.1")]
    scene = Scene([STREAM], [[*pieces, b":\n\n", text("upon", "1.2"), DONE]])

    events = scene.run(watch, ID, stream=True)

    assert events == [Queued(2, 3.5, "worker_busy"), Text("Once "), Text("upon"), Done("COMPLETED")]
    assert len(scene.calls) == 1


@pytest.mark.parametrize("end", [b"", Lost("cut")])
def test_a_stream_that_ends_early_goes_on_after_the_last_text(end):
    scene = Scene([STREAM], [[text("Once ", "1.1"), end], [text("upon", "1.2"), DONE]])

    events = scene.run(watch, ID, stream=True)

    assert events == [Text("Once "), Text("upon"), Done("COMPLETED")]
    assert [call.headers.get("last-event-id") for call in scene.calls] == [None, "1.1"]


@pytest.mark.parametrize(
    "reply",
    [
        NO_PATH,
        refusal(403, "not_allowed"),
        Answer(status=200, headers={"content-type": "text/html"}, content=b"<html>"),
        Answer(status=204),
    ],
)
def test_where_there_is_no_stream_it_polls_at_once(reply):
    scene = Scene([reply, partial("Once ", "1.1"), ended("Once upon"), ended("Once upon")])

    events = scene.run(watch, ID, stream=True)

    assert events[1:] == [Text("Once "), Text("upon"), Done("COMPLETED")]
    assert scene.pauses == [0.7]


@pytest.mark.parametrize("reply", [Lost("cut"), answer(502), answer(429)])
def test_a_stream_that_does_not_come_gives_way_to_polling(reply):
    scene = Scene([reply, reply, reply, ended("all"), ended("all")])

    assert scene.run(watch, ID, stream=True) == [Text("all"), Done("COMPLETED")]


def test_polls_go_on_where_the_stream_stopped():
    replies = [STREAM, NO_PATH, partial("upon", "1.2"), ended("Once upon"), ended("Once upon")]
    scene = Scene(replies, [[text("Once ", "1.1"), b""]])

    events = scene.run(watch, ID, stream=True)

    assert [each for each in events if isinstance(each, Text)] == [Text("Once "), Text("upon")]
    assert "after=1.1" in paths(scene)[2]
    assert "after=1.2" in paths(scene)[3]


def test_a_model_that_does_not_stream_has_its_text_at_the_end():
    scene = Scene([state("IN_QUEUE", retry_after_ms=100), ended("all"), ended("all")])

    events = scene.run(watch, ID, stream=False)

    assert events == [Queued(None, None, None), Text("all"), Done("COMPLETED")]


def test_a_result_that_differs_from_what_was_streamed_replaces_it():
    scene = Scene([partial("Once", "1.1"), ended("Never"), ended("Never")])

    events = scene.run(watch, ID, stream=False)

    assert events[1:] == [Text("Once"), Restarted(), Text("Never"), Done("COMPLETED")]


def test_another_attempt_discards_the_text_of_the_one_before():
    again = partial("Twice", "2.1", restarted=True)
    scene = Scene([partial("Once", "1.1"), again, ended("Twice"), ended("Twice")])

    events = scene.run(watch, ID, stream=False)

    assert events[1:] == [Text("Once"), Restarted(), Text("Twice"), Done("COMPLETED")]


def test_the_objects_of_a_call_come_chunk_by_chunk():
    chunks = [{"text": "", "deltas": [{"role": "assistant"}]}, {"text": "Hi", "deltas": [{"a": 1}]}]
    scene = Scene([partial("Hi", "1.2", chunks=chunks), ended("Hi"), ended("Hi")])

    events = scene.run(watch, ID, stream=False)

    assert events[1:3] == [Text("", [{"role": "assistant"}]), Text("Hi", [{"a": 1}])]


def test_a_state_is_told_once():
    running = state(progress={"percent": 5}, retry_after_ms=500)
    scene = Scene([running, running, state("CANCELLED")])

    events = scene.run(watch, ID, stream=False)

    assert [type(each) for each in events] == [Running, Done]


def test_a_failure_is_an_event():
    scene = Scene([state("FAILED", error="No.", error_type="worker_error")])

    assert scene.run(watch, ID, stream=False) == [Done("FAILED", "No.", "worker_error")]


def test_a_request_that_does_not_exist_is_an_error():
    scene = Scene([refusal(404, "request_not_found")])

    with pytest.raises(RequestNotFound):
        scene.run(watch, ID, stream=True)


def test_a_stream_of_something_else_is_named():
    scene = Scene([STREAM], [[b"event: text\ndata: hello\n\n"]])

    with pytest.raises(UnexpectedAnswer):
        scene.run(watch, ID, stream=True)
