"""EventBridge Scheduler and Lambda as they may behave, for the adapter of the sweep timers."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec
from botocore.exceptions import ClientError, ConnectTimeoutError

from spaces.adapters.one_shot_runs import Clients, TimerTarget
from spaces.adapters.sweep_timers import Schedules
from spaces.handlers.sweep import Fired

TARGET = TimerTarget("default", "arn:of:sweep", "arn:of:role")


def _refusal(code):
    return ClientError({"Error": {"Code": code, "Message": "…"}}, "CreateSchedule")


@dataclass
class Scheduler:
    """The client, and the schedules behind it.

    Attributes:
        clock: Milliseconds since 1970, by the scheduler's own clock.
        refuses_past: Whether a time that has passed is an error.
        throttles: Whether every call is refused.
        silent: Whether no call is answered, and none has an effect.
        loses_answers: Whether a schedule is created, but the first call is not answered, so that
            boto3 repeats it.
    """

    clock: object
    ahead: int = 0
    refuses_past: bool = True
    throttles: bool = False
    silent: bool = False
    loses_answers: bool = False
    schedules: dict[str, Fired] = field(default_factory=dict)
    calls: int = 0

    def __call__(self):
        return self

    def create_schedule(self, *, Name, ScheduleExpression, Target, **_rest):  # noqa: N803
        self.calls += 1
        if self.throttles:
            raise _refusal("ThrottlingException")
        if self.silent:
            raise ConnectTimeoutError(endpoint_url="https://scheduler")
        at = datetime.strptime(ScheduleExpression, "at(%Y-%m-%dT%H:%M:%S)").replace(tzinfo=UTC)
        if self.refuses_past and at.timestamp() * 1000 <= self.clock() + self.ahead:
            raise _refusal("ValidationException")
        if Name in self.schedules:
            raise _refusal("ConflictException")
        self.schedules[Name] = msgspec.json.decode(Target["Input"], type=Fired)
        if self.loses_answers:
            self.loses_answers = False
            self.create_schedule(
                Name=Name, ScheduleExpression=ScheduleExpression, Target=Target, **_rest
            )

    def times(self):
        return sorted(fired.at for fired in self.schedules.values())

    def fire(self, now, late=0):
        """Return what is due, that much after its time, and delete it."""
        due = {n: fired for n, fired in self.schedules.items() if fired.at + late <= now}
        for name in due:
            del self.schedules[name]
        return list(due.values())


@dataclass
class Functions:
    """The client of Lambda: the asynchronous invocations that it accepted."""

    down: bool = False
    invoked: list[Fired] = field(default_factory=list)

    def __call__(self):
        return self

    def invoke(self, *, FunctionName, InvocationType, Payload):  # noqa: N803
        if self.down:
            raise _refusal("ServiceException")
        assert (FunctionName, InvocationType) == (TARGET.function_arn, "Event")
        self.invoked.append(msgspec.json.decode(Payload, type=Fired))


def timers_over(scheduler, functions, now):
    """The real adapter over these clients."""
    return Schedules(Clients(scheduler, functions), TARGET, now)
