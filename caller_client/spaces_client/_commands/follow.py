"""Follows a request on a terminal or in a pipe."""

from collections.abc import Iterator
from contextlib import contextmanager

from spaces_client._commands.show_result import end_text, is_terminal, write_text
from spaces_client._commands.terminal import StatusLine, printable, say, seconds
from spaces_client._errors import SpacesError, WaitTimedOut
from spaces_client._events import Event, Queued, Restarted, Running, Text
from spaces_client._sync.request import Request
from spaces_client._types import Progress

_REASONS = {
    "worker_busy": "the worker is busy",
    "no_worker": "no worker is connected",
    "draining": "the worker is about to stop",
    "paused": "the worker is paused",
}
_BAR = 20


def follow(request: Request, timeout: float | None, *, show_text: bool) -> str:
    """Show what happens to a request until it has ended, and return the text that was shown.

    On a terminal, text appears as it is written. In a pipe nothing appears here: what was written
    to it could not be taken back if another attempt begins.

    Raises:
        WaitTimedOut: the time is over.
    """
    live = show_text and is_terminal()
    line, shown = StatusLine(), ""
    try:
        for event in request.events(stream=live, timeout=timeout):
            if live and isinstance(event, Text):
                line.clear()
                write_text(event.text)
                shown += event.text
            elif live and isinstance(event, Restarted):
                end_text(shown)
                say("[Another attempt has begun; the text above is void.]")
                shown = ""
            elif not shown:
                line.show(status_text(event))
    finally:
        line.clear()
        end_text(shown)
    return shown


@contextmanager
def interruptible(request: Request, *, cancel: bool) -> Iterator[None]:
    """Say what becomes of a request if its caller stops waiting.

    Args:
        request: the request.
        cancel: whether Ctrl-C cancels it.
    """
    try:
        yield
    except KeyboardInterrupt:
        if cancel:
            _cancel(request)
        else:
            say(f"\nThe request goes on. {_how_to_find(request)}")
        raise
    except WaitTimedOut as error:
        if _lacks_worker(request):
            error.add_note("No worker is connected.")
        error.add_note(_how_to_find(request))
        raise


def status_text(event: Event) -> str:
    """Return what a state means, for the status line."""
    if isinstance(event, Queued):
        where = f"Waiting, {event.position} ahead" if event.position else "Waiting, next"
        why = _REASONS.get(event.reason or "", event.reason or "")
        eta = "" if event.eta_seconds is None else f", starts in {seconds(event.eta_seconds)}"
        return f"{where}{f' ({why})' if why else ''}{eta}"
    if isinstance(event, Running):
        eta = "" if event.eta_seconds is None else f", {seconds(event.eta_seconds)} left"
        return f"Running{_progress_text(event.progress)}{eta}"
    return ""


def _progress_text(progress: Progress | None) -> str:
    if progress is None:
        return ""
    percent = progress.percent
    if percent is None and progress.total:
        percent = 100 * min(1, (progress.step or 0) / progress.total)
    parts = [] if percent is None else [f"[{_bar(percent)}] {percent:.0f} %"]
    if progress.total:
        parts.append(f"step {progress.step or 0} of {progress.total}")
    parts += [progress.message] if progress.message else []
    return f" {', '.join(parts)}" if parts else ""


def _bar(percent: float) -> str:
    done = round(_BAR * percent / 100)
    return "#" * done + "." * (_BAR - done)


def _how_to_find(request: Request) -> str:
    return f"Its result: spaces result {request.id}\nTo cancel it: spaces cancel {request.id}"


def _lacks_worker(request: Request) -> bool:
    """Look once more at a request; if that fails, nothing is known."""
    try:
        event = next(request.events(stream=False, timeout=0))
    except SpacesError:
        return False
    return isinstance(event, Queued) and event.reason == "no_worker"


def _cancel(request: Request) -> None:
    try:
        request.cancel()
        say("\nCancelled.")
    except SpacesError as error:
        say(f"\nIt could not be cancelled: {printable(str(error))}")
