"""What is known to go wrong with other clients of queues, each by its name."""

import pytest

from spaces_client import ConnectionFailed, QueueFull, RequestFailed, WaitTimedOut
from spaces_client._core.deadline import Deadline
from spaces_client._core.effects import Lost
from spaces_client._core.requests import submit, wait
from spaces_client._core.watch import watch
from tests.unit.caller.flows import ID, Scene, answer, refusal, state

SILENCE = Lost("The read operation timed out")


class SilentScene(Scene):
    """A gateway that takes every call and answers none."""

    def _perform(self, effect):
        if hasattr(effect, "timeout"):
            self.now += effect.timeout
        return super()._perform(effect)


def test_an_empty_result_for_a_slow_request():
    """A caller whose patience is over gets an exception that names the request, and no result."""
    scene = Scene([state(retry_after_ms=20_000)])

    with pytest.raises(WaitTimedOut, match=ID):
        scene.run(wait, ID, 1_000, Deadline(60.0))


def test_a_read_time_out_shorter_than_the_wait_of_the_server():
    scene = Scene([state("COMPLETED", output={"text": "done"})])
    scene.run(wait, ID, 0, Deadline(None), hold=True)
    (call,) = scene.calls

    seconds = int(call.url.rpartition("=")[2])
    assert call.timeout > seconds


@pytest.mark.parametrize("left", [3.0, 10.0, 25.0])
def test_nor_where_the_caller_waits_for_a_shorter_time(left):
    scene = Scene([state("COMPLETED", output={"text": "done"})])
    scene.run(wait, ID, 0, Deadline(left), hold=True)
    (call,) = scene.calls

    assert int(call.url.rpartition("=")[2]) <= left < call.timeout <= left + 5


@pytest.mark.parametrize("hold", [False, True])
def test_hanging_for_ever_while_it_waits(hold):
    scene = SilentScene([SILENCE])

    with pytest.raises(WaitTimedOut, match=ID):
        scene.run(wait, ID, 500, Deadline(60.0), hold=hold)

    assert scene.now <= 60 + 5


def test_hanging_for_ever_while_it_watches():
    scene = SilentScene([SILENCE])

    with pytest.raises(WaitTimedOut, match=ID):
        scene.run(watch, ID, stream=False, deadline=Deadline(60.0))

    assert scene.now <= 60 + 5


def test_hanging_for_ever_while_it_submits():
    scene = SilentScene([SILENCE])

    with pytest.raises(ConnectionFailed, match="timed out"):
        scene.run(submit, "echo", "hi", {})

    assert scene.now <= 9 * scene.api.timeout + 45


def test_a_hidden_request_id():
    failed = state("FAILED", error="Be quiet.", error_type="too_loud")
    for scene, kind in ((Scene([failed]), RequestFailed), (SilentScene([SILENCE]), WaitTimedOut)):
        with pytest.raises(kind) as caught:
            scene.run(wait, ID, 500, Deadline(60.0))
        assert caught.value.request_id == ID


def test_a_full_queue_that_looks_like_success():
    scene = Scene([refusal(429, "queue_full", 20)])

    with pytest.raises(QueueFull) as caught:
        scene.run(submit, "echo", "hi", {})

    assert (caught.value.retry_after, scene.pauses) == (20, [])


def test_a_second_request_because_an_answer_was_lost():
    scene = Scene([SILENCE, SILENCE, answer(202, request_id=ID, retry_after_ms=100)])

    scene.run(submit, "echo", "hi", {})

    assert len({call.headers["idempotency-key"] for call in scene.calls}) == 1
