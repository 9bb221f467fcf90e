"""A session under test, with a hand-driven clock, and makers of gateway messages."""

from datetime import UTC, datetime, timedelta

from spaces_protocol.codec import encode
from spaces_protocol.gateway_messages import (
    AcceptedSpace,
    Ack,
    Cancel,
    ErrorReply,
    GatewayMessage,
    Input,
    Registered,
    RejectedSpace,
    Request,
)
from spaces_protocol.worker_messages import InFlight, Output, Result
from spaces_worker._session.effects import SaveResult, StartRun, StopRun
from spaces_worker._session.session import Session

DEADLINE = datetime(2030, 1, 1, tzinfo=UTC)


def request(name="a", attempt=1, space="translate", *, prefetched=False):
    return Request(
        request_id=name,
        space=space,
        attempt=attempt,
        deadline=DEADLINE,
        input=Input(prompt="Hello"),
        prefetched=prefetched,
    )


def result(name="a", status="completed"):
    return Result(request_id=name, attempt=1, status=status, output=Output(text="Hi"))


def registered(
    *,
    spaces=("translate",),
    rejected=(),
    resume=(),
    abandon=(),
    lease=30.0,
    ping=180.0,
    renew_before=DEADLINE + timedelta(hours=1),
):
    return Registered(
        accepted=[AcceptedSpace(space=space, timeout_seconds=120) for space in spaces],
        rejected=[RejectedSpace(**each) for each in rejected],
        resume=[InFlight(request_id=name, attempt=attempt) for name, attempt in resume],
        abandon=[InFlight(request_id=name, attempt=attempt) for name, attempt in abandon],
        renew_before=renew_before,
        ping_seconds=ping,
        lease_seconds=lease,
    )


def ack(name="a", status="stored", following=None):
    return Ack(request_id=name, status=status, next=following)


def cancel(name="a", attempt=1):
    return Cancel(request_id=name, attempt=attempt, reason="the user cancelled it")


def error(error_type, name=None, about=None):
    detail = f"It is {error_type}."
    return ErrorReply(error_type=error_type, detail=detail, request_id=name, about=about)


class SessionHarness:
    """The two ends of a session: what goes in by hand, what came out by kind.

    ``disk`` holds what the session has on disk; a slow one writes only when told to.
    """

    def __init__(self, *, slow_disk=False, **options):
        defaults = {
            "spaces": ["translate"],
            "session_id": "s1",
            "random_unit": lambda: 0.5,
            "wall_clock": lambda: DEADLINE,
        }
        self.session = Session(**{**defaults, **options})
        self.now = 1000.0
        self.disk = {}
        self._slow_disk = slow_disk

    def hear(self, *messages):
        """Receive messages; return what the session sends about them."""
        for message in messages:
            text = encode(message) if isinstance(message, GatewayMessage) else message
            self.session.received(text, self.now)
        return self.sent()

    def open(self):
        self.session.opened(self.now)
        return self.sent()

    def connected(self, **answer):
        """Open a connection and register."""
        self.open()
        self.hear(registered(**answer))
        return self

    def wait(self, seconds):
        """Let time pass as the engine does: wake when asked to; return all that is sent."""
        end = self.now + seconds
        sent = []
        while (due := max(self.now, self.session.wake_at())) <= end:
            self.now = due
            self.session.tick(self.now)
            sent += self.sent()
            if self.session.drained(self.now):
                break
        self.now = end
        return sent

    def sent(self):
        if not self._slow_disk:
            self.write()
        return self.session.take_messages()

    def write(self):
        """Do on the disk what the session ordered."""
        for effect in self.session.take_disk_effects():
            if isinstance(effect, SaveResult):
                self.disk[effect.result.request_id] = effect.result
                self.session.saved(effect.result, self.now)
            else:
                self.disk.pop(effect.request_id, None)

    def started(self):
        """Return run numbers by request of what must start now."""
        effects = self.session.take_run_effects()
        return {
            effect.request.request_id: effect.run
            for effect in effects
            if isinstance(effect, StartRun)
        }

    def stopped(self):
        return [
            effect.run for effect in self.session.take_run_effects() if isinstance(effect, StopRun)
        ]

    def end(self, run, message):
        self.session.ended(run, message, self.now)
        return self.sent()
