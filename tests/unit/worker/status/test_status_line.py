"""The line at the bottom of a terminal."""

import io
import sys
from datetime import UTC, datetime

import pytest

from spaces_worker._status.activity import ActivitySnapshot, RunningRequest
from spaces_worker._status.status_line import StatusLine, line_of, supports_status_line
from spaces_worker._status.terminal_output import print_above

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
SHOWN_NOON = f"{NOON.astimezone():%H:%M:%S}"


def running(name, percent=None, message=None):
    return RunningRequest(
        request_id=name, space="demo", since=NOON, percent=percent, message=message
    )


@pytest.mark.parametrize(
    ("snapshot", "line"),
    [
        (ActivitySnapshot(), "… not connected · idle · 0 done"),
        (
            ActivitySnapshot(connected_since=NOON, done=3),
            f"✓ connected since {SHOWN_NOON} · idle · 3 done",
        ),
        (
            ActivitySnapshot(
                connected_since=NOON, running=(running("a", 40, "x"),), waiting=2, failed=1
            ),
            f"✓ connected since {SHOWN_NOON} · 1 running (40 % x) · 2 waiting · 0 done · 1 failed",
        ),
        (
            ActivitySnapshot(running=(running("a", 40), running("b", 7.4), running("c"))),
            "… not connected · 3 running (40 %, 7 %) · 0 done",
        ),
    ],
)
def test_the_line_says_what_the_worker_does(snapshot, line):
    assert line_of(snapshot) == line


def test_a_message_cannot_move_the_cursor():
    snapshot = ActivitySnapshot(running=(running("a", message="up\x1b[2A\nand away"),))

    assert line_of(snapshot).isprintable()


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("NO_COLOR", "1")
    return io.StringIO()


def test_a_new_line_takes_the_place_of_the_former(terminal):
    line = StatusLine(terminal)

    line.show(ActivitySnapshot(done=1))
    line.show(ActivitySnapshot(done=2))

    assert terminal.getvalue().split("\r\x1b[2K") == [
        "",
        "… not connected · idle · 1 done",
        "… not connected · idle · 2 done",
    ]


def test_what_is_written_aside_stands_above_the_line(terminal):
    line = StatusLine(terminal)
    line.show(ActivitySnapshot())

    with line.hidden():
        terminal.write("A log line.\n")

    assert terminal.getvalue().endswith("\r\x1b[2KA log line.\n… not connected · idle · 0 done")


def test_nothing_stays_at_the_end(terminal):
    line = StatusLine(terminal)
    line.show(ActivitySnapshot())

    line.close()
    with line.hidden():
        terminal.write("The end.\n")

    assert terminal.getvalue().endswith("\r\x1b[2KThe end.\n")


def test_a_line_never_wraps_even_if_its_characters_are_wide(terminal):
    line = StatusLine(terminal)

    line.show(ActivitySnapshot(running=(running("a", message="你" * 40),)))

    shown = terminal.getvalue().split("\r\x1b[2K")[-1]
    assert shown.endswith("…")
    assert sum(2 if each == "你" else 1 for each in shown) < 40


def test_colour_is_left_out_on_request(terminal, monkeypatch):
    StatusLine(terminal).show(ActivitySnapshot())
    plain = terminal.getvalue()
    monkeypatch.delenv("NO_COLOR")

    StatusLine(terminal).show(ActivitySnapshot())

    assert "\x1b[33m" not in plain
    assert "\x1b[33m" in terminal.getvalue()


@pytest.mark.parametrize(
    ("term", "tty", "live"), [("xterm", True, True), ("dumb", True, False), ("xterm", False, False)]
)
def test_only_a_real_terminal_has_a_live_line(terminal, monkeypatch, term, tty, live):
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(terminal, "isatty", lambda: tty)

    assert supports_status_line(terminal) is live


def test_a_terminal_that_is_gone_costs_only_the_line(terminal, monkeypatch):
    def gone(_text):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(terminal, "write", gone)
    line = StatusLine(terminal)

    line.show(ActivitySnapshot())
    line.close()


class Terminal(io.StringIO):
    def isatty(self):
        return True


def printing_to_a_terminal(monkeypatch):
    """Let the test print to a terminal; the fixtures' own streams are gone once it runs."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "1")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    return terminal


def test_what_is_printed_goes_above_the_line_as_whole_lines(monkeypatch):
    printing = printing_to_a_terminal(monkeypatch)
    line = StatusLine(printing)
    line.show(ActivitySnapshot())
    shown = line_of(ActivitySnapshot())
    printing.truncate(0)
    printing.seek(0)

    with print_above(line):
        print("one", "two")  # noqa: T201 - that is it
        print("half", end="")  # noqa: T201 - that is it
        print(" line")  # noqa: T201 - that is it
        print("rest", end="", flush=True)  # noqa: T201 - that is it

    assert sys.stdout is printing
    assert printing.getvalue() == "".join(
        f"\r\x1b[2K{text}\n{shown}" for text in ["one two", "half line", "rest"]
    )


def test_a_progress_bar_is_shown_at_its_end_only(monkeypatch):
    printing = printing_to_a_terminal(monkeypatch)
    line = StatusLine(printing)

    with print_above(line):
        for percent in (10, 50, 100):
            print(f"\r{percent} %", end="")  # noqa: T201 - that is it
        print()  # noqa: T201 - that is it

    assert printing.getvalue() == "100 %\n"


def test_what_is_no_terminal_is_left_alone(monkeypatch):
    printing = printing_to_a_terminal(monkeypatch)
    before = sys.stderr

    with print_above(StatusLine(printing)):
        assert sys.stderr is before
        assert sys.stdout is not printing
        assert sys.stdout.isatty()
    with print_above(None):
        assert sys.stdout is printing
