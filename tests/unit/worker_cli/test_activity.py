"""What a worker does, as those who watch it see it."""

import threading
from datetime import UTC, datetime

from spaces_protocol.gateway_messages import Input, Request
from spaces_worker._session.held_requests import Held
from spaces_worker._session.progress import Pace, ProgressPoint
from spaces_worker._session.text_stream import TextStream
from spaces_worker._status.activity import Activity, Doings
from spaces_worker._status.reporter import reported


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
    return Held(1, request(name), pace, TextStream(0.0), started=started)


def test_a_link_comes_and_goes():
    activity = Activity()

    activity.linked()
    assert activity.doings.linked_since is not None
    activity.unlinked()

    assert activity.doings.linked_since is None


def test_what_is_held_runs_or_waits():
    activity = Activity()

    activity.holds([held("a", percent=40)])
    began = activity.doings.running[0].since
    activity.holds([held("a", percent=60), held("b", started=False)])

    (running,) = activity.doings.running
    assert (running.request_id, running.space, running.percent) == ("a", "demo", 60)
    assert running.since == began
    assert activity.doings.waiting == 1


def test_ends_are_counted_by_kind():
    activity = Activity()

    for status in ("completed", "completed", "failed", "cancelled", None):
        activity.ended(status)

    doings = activity.doings
    assert (doings.done, doings.failed, doings.cancelled) == (2, 1, 2)


def test_news_are_told_and_no_news_are_not():
    activity = Activity()

    activity.holds([])
    assert not activity.changed.is_set()
    activity.linked()

    assert activity.changed.is_set()


class Screen:
    """Keeps what is shown."""

    def __init__(self):
        self.shown = []
        self.closed = False
        self.saw = threading.Event()

    def show(self, doings):
        self.shown.append(doings)
        self.saw.set()

    def close(self):
        self.closed = True


def test_screens_see_the_doings_and_are_closed_at_the_end():
    activity, screen = Activity(), Screen()
    activity.ended("completed")

    with reported(activity, [screen]):
        assert screen.saw.wait(5)

    assert screen.shown == [Doings(done=1)]
    assert screen.closed
