import importlib

import pytest

from infra.access import FUNCTIONS, STREAMING
from tests.infra.parts import function_named
from tests.infra.templates import Template, as_list

LOGGING = {"logs:CreateLogStream", "logs:PutLogEvents"}
ARM_TIMER = {"scheduler:CreateSchedule", "iam:PassRole"}
START = {"lambda:InvokeFunction"}
KEEP_FAILURE = {"sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"}
TIMERS = ("sweep_timer", "webhook_timer")
VARIABLES = {
    "SPACES_TABLE": ("spaces",),
    "CONNECTIONS_TABLE": ("connections",),
    "REQUESTS_TABLE": ("requests",),
    "FILES_BUCKET": ("files",),
    "FILES_URL": ("files_url",),
    "SOCKET_ENDPOINT": ("sockets",),
    "SOCKET_URL": ("socket_url",),
    "PAGE_URL": ("page_url",),
    "SCHEDULE_GROUP": TIMERS,
    "SWEEP_ARN": ("sweep_timer",),
    "SWEEP_ROLE_ARN": TIMERS,
    "WEBHOOK_ARN": ("webhooks", "webhook_timer"),
    "API_URL": ("webhook_timer",),
    "USER_POOL_ID": ("people",),
    "EDGE_KEY": ("edge_key",),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_has_its_handler(name: str, prod: Template) -> None:
    properties = function_named(prod, name)["Properties"]

    module, _, attribute = properties["Handler"].rpartition(".")
    assert module == f"spaces.handlers.{name}"
    assert callable(getattr(importlib.import_module(module), attribute))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_runs_on_the_chosen_runtime(name: str, prod: Template) -> None:
    properties = function_named(prod, name)["Properties"]

    assert properties["Runtime"] == "python3.13"
    assert properties["Architectures"] == ["arm64"]
    assert properties["Timeout"] == 900 if name in STREAMING else properties["Timeout"] < 29
    assert "SnapStart" not in properties
    assert "ReservedConcurrentExecutions" not in properties
    assert "TracingConfig" not in properties


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_may_do_what_its_row_says_and_no_more(name: str, prod: Template) -> None:
    access = FUNCTIONS[name]
    actions: list[str] = []
    for statement in prod.statements(f"{name.capitalize()}Function"):
        assert statement["Effect"] == "Allow"
        assert "*" not in as_list(statement["Resource"])
        actions += as_list(statement["Action"])

    tables = {*access.spaces, *access.connections, *access.requests}
    expected = {f"dynamodb:{action}" for action in tables}
    expected |= {f"s3:{action}" for actions in access.files.values() for action in actions}
    expected |= {f"cognito-idp:{action}" for action in access.people}
    expected |= {"dynamodb:Query"} if access.listing or access.owned else set()
    expected |= {"execute-api:ManageConnections"} if access.sockets else set()
    expected |= ARM_TIMER if access.sweep_timer or access.webhook_timer else set()
    expected |= START if access.sweep_timer or access.webhooks else set()
    expected |= KEEP_FAILURE if name in ("sweep", "webhook") else set()
    assert set(actions) == expected | LOGGING
    assert not [action for action in actions if "*" in action]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_may_call_sockets_by_its_methods_only(name: str, prod: Template) -> None:
    methods = [
        str(resource).rpartition("/@connections/*")[0].rpartition("/")[2]
        for statement in prod.statements(f"{name.capitalize()}Function")
        if "execute-api:ManageConnections" in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    ]

    assert sorted(methods) == sorted(FUNCTIONS[name].sockets)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_is_told_only_names_that_it_uses(name: str, prod: Template) -> None:
    variables = dict(function_named(prod, name)["Properties"]["Environment"]["Variables"])

    wrapper = variables.pop("AWS_LAMBDA_EXEC_WRAPPER", None)
    assert (wrapper is not None) == (name in STREAMING)
    told = {variable for variable in variables if not variable.startswith("POWERTOOLS_")}
    access = FUNCTIONS[name]
    assert told == {v for v, fields in VARIABLES.items() if any(getattr(access, f) for f in fields)}
    assert variables["POWERTOOLS_SERVICE_NAME"] == name


def test_a_stage_may_bound_what_strangers_can_call_and_nothing_else(
    full: Template,
) -> None:
    reserved = {
        name: function_named(full, name)["Properties"].get("ReservedConcurrentExecutions")
        for name in FUNCTIONS
    }
    bounded = {name: number for name, number in reserved.items() if number is not None}
    assert bounded == {"authorize": 20, "api": 20, "wait": 20, "stream": 50}


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_only_sweeps_may_go_on_starting_one_another(
    stage: str, request: pytest.FixtureRequest
) -> None:
    """Lambda would stop the seventeenth; `LONGEST_CHAIN` ends them instead."""
    template: Template = request.getfixturevalue(stage)
    loops = {
        name: function_named(template, name)["Properties"].get("RecursiveLoop")
        for name in FUNCTIONS
    }

    assert {name: loop for name, loop in loops.items() if loop} == {"sweep": "Allow"}


def test_log_lines_expire(prod: Template) -> None:
    groups = prod.properties("AWS::Logs::LogGroup")

    assert {group.get("RetentionInDays") for group in groups} == {30}
    for name in FUNCTIONS:
        assert "LogGroup" in function_named(prod, name)["Properties"]["LoggingConfig"]
