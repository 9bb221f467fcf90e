"""Streams and events against the gateway's handlers."""

import pytest

from spaces_client import Done, Queued, RequestFailed, Running, Spaces, Text
from tests.functional.openai.support.scripts import answers, says


def test_text_comes_as_it_is_written(spaces, play):
    play(says("Once ", "upon ", "a time"))

    stream = spaces.stream("echo", "a story")

    assert "".join(stream) == "Once upon a time"
    assert stream.request.result().text == "Once upon a time"


def test_a_stream_that_is_cut_again_and_again_loses_and_repeats_nothing(server, spaces, play):
    words = [f"word{n} " for n in range(30)]
    play(says(*words))
    server.cut_streams_after = 2

    assert "".join(spaces.stream("echo", "hi")) == "".join(words)
    assert len([path for path in server.paths("GET") if "/stream/" in path]) > 1


def test_an_address_without_streams_polls(server, spaces, play):
    server.streams = False
    play(says("Once ", "upon"))

    assert "".join(spaces.stream("echo", "hi")) == "Once upon"


def test_a_model_that_does_not_stream_has_its_text_at_the_end(spaces, play):
    play(answers(output={"text": "all at once"}))

    assert list(spaces.stream("echo", "hi")) == ["all at once"]


@pytest.mark.parametrize("stream", [True, False])
def test_events_tell_the_way_of_a_request(spaces, play, stream):
    request = spaces.submit("echo", "hi")
    events = request.events(stream=stream)
    first = next(events)
    play(says("Hello"))

    rest = list(events)

    assert (first.position, first.reason) == (0, "no_worker")
    assert {type(each) for each in rest} <= {Queued, Running, Text, Done}
    assert "".join(each.text for each in rest if isinstance(each, Text)) == "Hello"
    assert rest[-1] == Done("COMPLETED")


def test_the_objects_of_a_call_are_streamed(spaces, play):
    deltas = [{"choices": [{"index": 0, "delta": {"content": "Hi"}}]}]
    play(lambda _: iter([deltas, {"output": {"text": "Hi"}}]), endpoints=("chat.completions",))

    request = spaces.submit("echo", messages=[{"role": "user", "content": "hi"}])

    assert deltas in [each.deltas for each in request.events() if isinstance(each, Text)]


def test_a_failed_stream_is_an_error(spaces, play):
    play(answers(status="failed", error={"type": "worker_error", "message": "No."}))

    with pytest.raises(RequestFailed, match="worker_error"):
        list(spaces.stream("echo", "hi"))


def test_a_request_is_watched_from_another_program(server, spaces, play):
    play(says("Once ", "upon"))
    request_id = spaces.submit("echo", "hi").id

    with Spaces(server.address) as other:
        assert "".join(other.request(request_id).texts()) == "Once upon"


def test_leaving_a_stream_early_ends_the_connection(server, spaces, play):
    play(says("Once ", "upon"))

    for text in spaces.stream("echo", "hi"):
        assert text.startswith("Once")
        break

    assert spaces.run("echo", "again").text == "Once upon"
