"""What EventBridge Scheduler and Lambda answer, through boto3's parser."""

import re

import msgspec
import pytest

from spaces.adapters.one_shot_runs import Clients, TimerTarget
from spaces.adapters.sweep_timers import Schedules
from spaces.services.ports.gateway import ArmOutcome
from tests.golden_files import client_answered_with

AT = 1_800_000_055_000
TARGET = TimerTarget("default", "arn:aws:lambda:eu-central-1:123456789012:function:sweep", "role")


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("schedule_created", ArmOutcome.ARMED),
        ("schedule_exists", ArmOutcome.ARMED),
        ("schedule_in_the_past", ArmOutcome.IN_THE_PAST),
        ("schedule_throttled", ArmOutcome.UNAVAILABLE),
        ("schedule_group_missing", ArmOutcome.UNAVAILABLE),
    ],
)
def test_outcome_of_arming(name, outcome):
    with client_answered_with("scheduler", name) as client:
        timers = Schedules(Clients(lambda: client, lambda: client), TARGET)

        assert timers.arm("echo", AT) is outcome


@pytest.mark.parametrize(
    ("name", "started"), [("function_invoked", True), ("function_throttled", False)]
)
def test_outcome_of_starting_a_sweep(name, started):
    with client_answered_with("lambda", name) as client:
        timers = Schedules(Clients(lambda: client, lambda: client), TARGET)

        assert timers.start_sweep("echo", AT) is started


def test_the_timer_of_a_request_has_a_name_that_aws_accepts():
    made = []

    class Scheduler:
        def create_schedule(self, **asked):
            made.append(asked)

    timers = Schedules(Clients(Scheduler, lambda: None), TARGET)
    for ticket in (1, 35, 36, 10**12 - 1):
        timers.arm("s" * 48, AT, ticket)

    names = [asked["Name"] for asked in made]
    assert all(re.fullmatch(r"[0-9a-zA-Z_.-]{1,64}", name) for name in names)
    assert len(set(names)) == 4
    assert msgspec.json.decode(made[-1]["Target"]["Input"])["ticket"] == 10**12 - 1
