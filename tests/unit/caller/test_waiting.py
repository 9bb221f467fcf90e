"""When a result is asked for, and how waiting ends."""

from dataclasses import replace

import pytest

from spaces_client import RequestFailed, RequestTimedOut, UsageError, WaitTimedOut
from spaces_client._core.deadline import Deadline
from spaces_client._core.effects import Lost
from spaces_client._core.requests import checked_id, delete, submit, wait
from tests.unit.caller.flows import ID, Scene, answer, ended, refusal, state

NEVER = Deadline(None)


def test_a_long_request_is_asked_for_when_the_gateway_says():
    scene = Scene([state(retry_after_ms=4_000), ended()])

    result = scene.run(wait, ID, 8_500, NEVER)

    assert result.output.text == "done"
    assert scene.pauses == [8.5, 4.0]
    assert {call.url.rpartition("/")[2] for call in scene.calls} == {ID}


def test_a_quick_request_is_waited_for_in_one_call():
    scene = Scene([ended()])

    scene.run(wait, ID, 100, NEVER)

    assert (scene.pauses, scene.calls[0].url.rpartition("/")[2]) == ([], "wait?seconds=2")


def test_a_request_of_more_than_a_second_is_polled_from_the_start():
    """Its pace is known, so a call that waits would cost ten times as much and bring nothing."""
    scene = Scene([state(retry_after_ms=1_000), ended()])

    scene.run(wait, ID, 1_000, NEVER)

    assert (scene.pauses, scene.calls[0].url.rpartition("/")[2]) == ([1.0, 1.0], ID)


def test_only_the_first_look_is_a_call_that_waits():
    scene = Scene([state(retry_after_ms=500), state(retry_after_ms=500), ended()])

    scene.run(wait, ID, 100, NEVER)

    assert [call.url.rpartition("/")[2] for call in scene.calls] == ["wait?seconds=2", ID, ID]
    assert scene.pauses == [0.5, 0.5]


def test_a_caller_in_a_hurry_makes_calls_that_wait():
    scene = Scene([state(retry_after_ms=9_000), state(retry_after_ms=9_000), ended()])

    scene.run(wait, ID, 9_000, NEVER, hold=True)

    assert {call.url.rpartition("/")[2] for call in scene.calls} == {"wait?seconds=25"}
    assert (len(scene.calls), scene.pauses) == (3, [])


def test_calls_that_wait_end_with_the_deadline():
    scene = Scene([state(retry_after_ms=9_000)])

    with pytest.raises(WaitTimedOut):
        scene.run(wait, ID, 9_000, Deadline(0.0), hold=True)


def test_a_call_that_could_not_wait_long_enough_is_no_result():
    cut_short = replace(state(retry_after_ms=500), status=303)
    scene = Scene([cut_short, ended()])

    assert scene.run(wait, ID, 100, NEVER).output.text == "done"


def test_what_has_ended_is_answered_at_once():
    scene = Scene([ended()])

    scene.run(wait, ID, 0, NEVER)

    assert scene.pauses == []


def test_a_call_that_waits_may_last_longer_than_the_gateway_holds_it():
    call = Scene([]).api.hold(ID, 25)

    assert call.timeout > 25


def test_the_deadline_cuts_the_last_pause():
    scene = Scene([state(retry_after_ms=20_000)])

    with pytest.raises(WaitTimedOut) as caught:
        scene.run(wait, ID, 2_000, Deadline(10.0))

    assert (caught.value.request_id, scene.now) == (ID, 10.0)


def test_without_a_pace_it_asks_once_a_second():
    scene = Scene([state(), state(), ended()])

    scene.run(wait, ID, 5_000, NEVER)

    assert scene.pauses == [5.0, 1.0, 1.0]


def test_a_time_out_of_the_request_is_not_one_of_the_caller():
    scene = Scene([state("TIMED_OUT", error="It ran too long.", error_type="timed_out")])

    with pytest.raises(RequestTimedOut, match=r"It ran too long\. \(timed_out\)"):
        scene.run(wait, ID, 0, NEVER)


def test_an_ending_that_this_version_does_not_know_is_a_failure():
    scene = Scene([state("EVAPORATED")])

    with pytest.raises(RequestFailed, match="evaporated"):
        scene.run(wait, ID, 0, NEVER)


def test_each_submit_repeats_under_its_own_key():
    scene = Scene([Lost("cut"), answer(202, request_id=ID, retry_after_ms=100)])

    scene.run(submit, "echo", "hi", {})

    keys = {call.headers["idempotency-key"] for call in scene.calls}
    assert (keys, len(scene.calls)) == ({"new-key"}, 2)


def test_what_was_deleted_by_a_call_whose_answer_was_lost_is_deleted():
    scene = Scene([Lost("cut"), refusal(404, "request_not_found")])

    assert scene.run(delete, ID) is None


@pytest.mark.parametrize(
    "text", ["", "echo", "../spaces", "echo.1.short", f"{ID}\n", f"{ID}/status"]
)
def test_what_cannot_be_an_id_is_not_sent(text):
    with pytest.raises(UsageError):
        checked_id(text)
