"""What a worker does, as those who watch it see it."""

import threading
from datetime import UTC, datetime

from spaces_protocol.gateway_messages import Input, Request
from spaces_worker._session.held_requests import HeldRequest
from spaces_worker._session.progress import Pace, ProgressPoint
from spaces_worker._session.text_stream import TextStream
from spaces_worker._status.activity import Activity, ActivitySnapshot
from spaces_worker._status.reporter import report_activity


def request(name):
    return Request(
        request_id=name,
        space="demo",
        attempt=1,
        deadline=datetime(2030, 1, 1, tzinfo=UTC),
        input=Input(prompt="Hello"),
    )


def held(name, *, started=True, percent=None):
    pace = Pace(0.0, ProgressPoint(percent=percent))
    return HeldRequest(1, request(name), pace, TextStream(0.0), started=started)


def test_a_connection_comes_and_goes():
    activity = Activity()

    activity.connected()
    assert activity.snapshot.connected_since is not None
    activity.disconnected()

    assert activity.snapshot.connected_since is None


def test_what_is_held_runs_or_waits():
    activity = Activity()

    activity.update([held("a", percent=40)])
    began = activity.snapshot.running[0].since
    activity.update([held("a", percent=60), held("b", started=False)])

    (running,) = activity.snapshot.running
    assert (running.request_id, running.space, running.percent) == ("a", "demo", 60)
    assert running.since == began
    assert activity.snapshot.waiting == 1


def test_ends_are_counted_by_kind():
    activity = Activity()

    for status in ("completed", "completed", "failed", "cancelled", None):
        activity.ended(status)

    snapshot = activity.snapshot
    assert (snapshot.done, snapshot.failed, snapshot.cancelled) == (2, 1, 2)


def test_news_are_told_and_no_news_are_not():
    activity = Activity()

    activity.update([])
    assert not activity.changed.is_set()
    activity.connected()

    assert activity.changed.is_set()


class Display:
    """Keeps what is shown."""

    def __init__(self):
        self.shown = []
        self.closed = False
        self.saw = threading.Event()

    def show(self, snapshot):
        self.shown.append(snapshot)
        self.saw.set()

    def close(self):
        self.closed = True


def test_screens_see_the_doings_and_are_closed_at_the_end():
    activity, display = Activity(), Display()
    activity.ended("completed")

    with report_activity(activity, [display]):
        assert display.saw.wait(5)

    assert display.shown == [ActivitySnapshot(done=1)]
    assert display.closed
