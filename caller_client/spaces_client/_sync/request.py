"""A request that was submitted, by this program or another."""

from collections.abc import Iterator

from spaces_client._core import requests as flows
from spaces_client._core.api import Api
from spaces_client._core.deadline import Deadline
from spaces_client._core.joined_text import JoinedText
from spaces_client._core.watch import watch
from spaces_client._errors import StreamRestarted
from spaces_client._events import Done, Event, Restarted, Text
from spaces_client._result import Result, files_of, result_of
from spaces_client._sync.driver import Driver
from spaces_client._sync.files import File
from spaces_client._types import COMPLETED, Accepted, Status


class Request:
    """A request.

    Attributes:
        id: its id. Treat it as a secret: who knows it can read the result.
    """

    def __init__(self, accepted: Accepted, api: Api, driver: Driver) -> None:
        self.id = accepted.request_id
        self._look_at = Deadline.after(api, (accepted.retry_after_ms or 0) / 1000)
        self._api = api
        self._driver = driver

    def __repr__(self) -> str:
        return f"Request({self.id!r})"

    def status(self) -> Status:
        """Return its present state.

        Raises:
            RequestNotFound: there is no such request, or it is no longer stored.
        """
        return self._driver.run(flows.status(self._api, self.id))

    def result(self, timeout: float | None = None, *, hold: bool = False) -> Result[File]:
        """Return its result, as soon as there is one.

        Args:
            timeout: how long to wait, in seconds; None waits until it has ended, which every
                request does by the limits of its space.
            hold: wait in calls that the gateway holds until the request has ended, at most 25
                seconds each. The result comes half a second after the end at most, and costs the
                operator of the gateway about ten times as much as polling.

        Raises:
            RequestFailed: it ended without an answer.
            WaitTimedOut: it has not ended in this time; it goes on.
        """
        pause_ms = max(0, round(self._look_at.left(self._api) * 1000))
        deadline = Deadline.after(self._api, timeout)
        flow = flows.wait(self._api, self.id, pause_ms, deadline, hold=hold)
        stored = self._driver.run(flow)
        files = [File(view, self._api, self._driver) for view in files_of(stored)]
        return result_of(stored, files)

    def events(self, *, stream: bool = True, timeout: float | None = None) -> Iterator[Event]:
        """Yield what happens to it, from its present state to `Done`.

        Text that was written before comes first. A failure is an event here, not an exception.

        Args:
            stream: use the gateway's event stream if it has one, so that text comes as it is
                written. Otherwise ask at the pace that the gateway tells, which costs its operator
                less.
            timeout: how long to watch, in seconds; None watches until it has ended.

        Raises:
            WaitTimedOut: it has not ended in this time; it goes on.
        """
        deadline = Deadline.after(self._api, timeout)
        return self._driver.iterate(watch(self._api, self.id, stream=stream, deadline=deadline))

    def texts(self) -> Iterator[str]:
        """Yield its text as it is written; a model that does not stream yields it at the end.

        Raises:
            RequestFailed: it ended without an answer.
            StreamRestarted: another attempt began with different text.
        """
        joined = JoinedText()
        for event in self.events():
            if isinstance(event, Restarted):
                joined.restart()
            elif isinstance(event, Text):
                new = joined.add(event.text)
                if new is None:
                    raise StreamRestarted(self.id)
                if new:
                    yield new
            elif isinstance(event, Done) and event.status != COMPLETED:
                raise flows.failure(self.id, event.status, event.error_type, event.error)

    def cancel(self) -> bool:
        """Cancel it. Return whether it has ended; if not, its worker is being stopped.

        Raises:
            Conflict: it has already ended some other way.
        """
        return self._driver.run(flows.cancel(self._api, self.id))

    def delete(self) -> None:
        """Delete it and its files, once it has ended.

        Raises:
            Conflict: it has not ended; cancel it first.
            NotAllowed: it belongs to somebody else.
        """
        self._driver.run(flows.delete(self._api, self.id))
