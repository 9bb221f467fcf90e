"""What a caller sets for one request, as the worker keeps it."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from spaces_worker import RequestContext
from spaces_worker._session.effects import StartRun
from spaces_worker._session.held_requests import HeldRequests
from tests.unit.worker.support.runner_harness import RunnerHarness
from tests.unit.worker.support.session_harness import request

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
NOTED = msgspec.structs.replace(
    request("a"), timeout_seconds=5.0, metadata={"order": "7"}, traceparent=TRACE
)


async def test_a_function_and_its_log_lines_have_what_the_caller_sent(caplog):
    seen = []

    def translate(context: RequestContext) -> str:
        seen.append((context.metadata, context.traceparent))
        assert context.deadline <= datetime.now(UTC) + timedelta(seconds=5)
        return "done"

    harness = RunnerHarness(translate)
    with caplog.at_level("INFO", logger="spaces_worker"):
        harness.runner.execute(StartRun(1, NOTED, 5.0))
        message = await harness.end()

    about = [line for line in caplog.records if hasattr(line, "request_id")]
    assert message.status == "completed"
    assert seen == [({"order": "7"}, TRACE)]
    assert [line.traceparent for line in about] == [TRACE] * 2


@pytest.mark.parametrize(
    ("of_space", "of_request", "seconds"),
    [
        (120.0, 5.0, 5.0),
        (3.0, 5.0, 3.0),
        (120.0, None, 120.0),
        (None, 5.0, 5.0),
        (None, None, None),
    ],
)
def test_a_run_has_the_shorter_of_both_times(of_space, of_request, seconds):
    held = HeldRequests(1)
    if of_space is not None:
        held.timeouts = {"translate": of_space}
    held.add(msgspec.structs.replace(NOTED, timeout_seconds=of_request, prefetched=True), 0.0)

    (effect,) = held.start_ready()

    assert effect.seconds == seconds
