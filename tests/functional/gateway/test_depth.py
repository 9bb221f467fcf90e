"""What is nested too deeply is refused at every door, and never makes a list unreadable."""

import json

import pytest

from spaces.adapters.dynamodb.keys import definition_key, params_key, request_key
from spaces.domain.access.caller import User
from spaces.domain.errors import InvalidInput, WrongOutput
from spaces.services.administration.browse_requests import Filter, browse_requests
from spaces.services.administration.edit_space import list_settings
from spaces.services.administration.view_activity import view_activity
from spaces.services.administration.view_connections import view_connections
from spaces.services.dispatch.advance import advance
from spaces.services.requests.list_history import list_history
from spaces.services.requests.submit_request import submit_request
from spaces.services.requests.view_result import request_result
from spaces.services.spaces.view_space import list_spaces, view_space
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.register_worker import register_worker
from spaces_protocol.gateway_messages import Notice
from spaces_protocol.limits import MAX_DEPTH
from spaces_protocol.rest_bodies import RequestState, SubmittedInput
from spaces_protocol.worker_messages import Register
from tests.functional.gateway.world import answer_to
from tests.nested_values import lists, objects

ULLA = User("sub-1", "ulla", frozenset())
BEYOND_THE_STACK = 20_000
UNREADABLE = (
    b'j{"prompt":"p","params":'
    + b'{"a":' * BEYOND_THE_STACK
    + b"1"
    + b"}" * BEYOND_THE_STACK
    + b"}"
)


def schema_of_depth(depth):
    return {"type": "object", "properties": {"a": objects(depth - 2)}}


@pytest.mark.parametrize("nested", [objects, lambda depth: {"a": lists(depth - 1)}])
def test_params_up_to_the_limit_are_accepted_and_read_everywhere(world, nested):
    worker = world.join("w1")

    accepted = submit_request(
        world.gateway, "echo", SubmittedInput(prompt="p", params=nested(MAX_DEPTH)), caller=ULLA
    )

    (request,) = world.handed(worker)
    commit_result(world.gateway, worker, answer_to(request, output={"data": nested(MAX_DEPTH)}))
    result = request_result(world.gateway, accepted.request.request_id)
    assert (result.input.params, result.output.data) == (nested(MAX_DEPTH), nested(MAX_DEPTH))
    for listed in (
        browse_requests(world.gateway, Filter(), None),
        list_history(world.gateway, ULLA),
        view_activity(world.gateway, "echo", 1),
    ):
        assert listed.unreadable == 0


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 500, 900])
def test_deeper_params_are_refused_before_a_ticket_is_issued(world, depth):
    before = world.queue()

    with pytest.raises(InvalidInput, match=r"^input\.params is nested more than 64 levels deep\."):
        submit_request(
            world.gateway, "echo", SubmittedInput(prompt="p", params=objects(depth)), caller=ULLA
        )

    assert world.queue() == before


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 900])
def test_deeper_data_is_refused_and_the_request_can_still_be_answered(world, depth):
    worker = world.join("w1")
    accepted = world.submit()
    (request,) = world.handed(worker)

    with pytest.raises(WrongOutput, match=r"^output\.data is nested more than 64 levels deep\."):
        commit_result(world.gateway, worker, answer_to(request, output={"data": lists(depth)}))

    commit_result(world.gateway, worker, answer_to(request, status="failed", output=None))
    result = request_result(world.gateway, accepted.request.request_id)
    assert result.status is RequestState.FAILED


@pytest.mark.parametrize(
    ("depth", "says"),
    [
        (MAX_DEPTH + 1, "data in output.body_key is nested more than 64 levels deep"),
        (900, "data in output.body_key is nested more than 64 levels deep"),
        (50_000, "output.body_key is nested more than 64 levels deep"),
    ],
)
def test_deeper_data_in_an_uploaded_body_is_refused(world, aws, depth, says):
    worker = world.join("w1")
    world.submit()
    (request,) = world.handed(worker)
    key = f"{request.upload.key_prefix}body"
    content = b'{"text": null, "data": %s1%s}' % (b"[" * depth, b"]" * depth)
    aws[1].put_object(Bucket="files", Key=key, Body=content)

    with pytest.raises(WrongOutput, match=says):
        commit_result(world.gateway, worker, answer_to(request, output={"body_key": key}))


@pytest.mark.parametrize(("depth", "shown"), [(MAX_DEPTH, True), (MAX_DEPTH + 1, False)])
def test_a_deeper_schema_is_ignored_and_its_operator_learns_why(world, depth, shown):
    schema = schema_of_depth(depth)
    sender = world.connect()

    register_worker(
        world.gateway,
        sender,
        Register(spaces=["echo"], session="s", params_schemas={"echo": schema}),
    )

    assert (view_space(world.gateway, "echo").params_schema == schema) is shown
    notices = [notice.text for notice in world.messages(sender, Notice)]
    assert any("nested more than 64 levels deep" in text for text in notices) is not shown


# What was stored before there was a limit, or is damaged: everything else stays readable.


def damage(dynamodb, request, **attributes):
    for name, value in attributes.items():
        dynamodb.update_item(
            TableName="requests",
            Key=request_key(request.space_id, request.ticket),
            UpdateExpression="SET #name = :value",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": value},
        )


@pytest.fixture
def requests(world):
    return [
        submit_request(world.gateway, "echo", SubmittedInput(prompt=each), caller=ULLA).request
        for each in ("first", "second", "third")
    ]


def listed_by(world):
    return {
        "requests": browse_requests(world.gateway, Filter(), None),
        "history": list_history(world.gateway, ULLA),
        "activity": view_activity(world.gateway, "echo", 1),
    }


def test_lists_step_over_a_request_that_cannot_be_read_and_say_so(world, dynamodb, requests):
    damage(dynamodb, requests[1], ending={"S": "{"}, ended_at={"N": "1"})

    found = listed_by(world)

    assert {name: each.unreadable for name, each in found.items()} == dict.fromkeys(found, 1)
    ids = {str(requests[0].request_id), str(requests[2].request_id)}
    assert {entry.request_id for entry in found["requests"].requests} == ids
    assert {entry.request_id for entry in found["history"].requests} == ids
    assert sum(bucket.accepted for bucket in found["activity"].buckets) == 2
    logged = {fields["list"] for name, fields in world.events if name == "entries_unreadable"}
    assert logged == set(found)


def test_lists_show_a_request_of_which_only_the_input_cannot_be_read(world, dynamodb, requests):
    damage(dynamodb, requests[1], input={"B": UNREADABLE})

    found = listed_by(world)

    assert {name: each.unreadable for name, each in found.items()} == dict.fromkeys(found, 0)
    prompts = [entry.prompt for entry in found["history"].requests]
    assert sorted(prompts) == ["", "first", "third"]


def test_the_workers_list_steps_over_what_a_worker_runs(world, dynamodb):
    worker = world.connect("w1")
    world.gateway.connections.open(worker, now=world.clock())
    world.register(worker, capacity=2)
    first, _ = (world.submit().request for _ in range(2))
    damage(dynamodb, first, ending={"S": "{"})

    (shown,) = view_connections(world.gateway).workers

    assert [(place.unreadable, len(place.running)) for place in shown.spaces] == [(1, 1)]


def test_the_lists_of_spaces_step_over_one_that_cannot_be_read(world, dynamodb):
    world.create_space("lab")
    dynamodb.update_item(
        TableName="spaces",
        Key=definition_key("lab"),
        UpdateExpression="SET #definition = :value",
        ExpressionAttributeNames={"#definition": "definition"},
        ExpressionAttributeValues={":value": {"S": "[" * 5_000}},
    )

    public, settings = list_spaces(world.gateway, ULLA), list_settings(world.gateway)

    assert ([each.space for each in public.spaces], public.unreadable) == (["echo"], 1)
    assert ([each.space for each in settings.spaces], settings.unreadable) == (["echo"], 1)


def test_a_result_that_cannot_be_read_says_so(world, dynamodb):
    worker = world.join("w1")
    accepted = world.submit()
    commit_result(world.gateway, worker, answer_to(world.handed(worker)[0]))
    damage(dynamodb, accepted.request, result={"B": b"j[" + b"[" * 5_000})

    result = request_result(world.gateway, accepted.request.request_id)

    assert (result.status, result.output) == (RequestState.COMPLETED, None)
    assert result.error.startswith("What is stored of this request cannot be read completely.")
    assert result.error_type == "internal_error"


def test_a_request_whose_input_cannot_be_read_ends_at_once_and_the_next_one_runs(world, dynamodb):
    accepted, after = world.submit("deep"), world.submit("next")
    damage(dynamodb, accepted.request, input={"B": UNREADABLE})

    worker = world.join("w1")
    advance(world.gateway, "echo")

    result = request_result(world.gateway, accepted.request.request_id)
    assert (result.status, result.error_type) == (RequestState.FAILED, "internal_error")
    assert [each.request_id for each in world.handed(worker)] == [str(after.request.request_id)]


def test_a_schema_that_cannot_be_read_is_none(world, dynamodb):
    dynamodb.put_item(
        TableName="spaces",
        Item={**params_key("echo"), "params_schema": {"S": json.dumps({}) + "]"}},
    )

    assert view_space(world.gateway, "echo").params_schema is None


@pytest.mark.parametrize(
    "params",
    [
        {"n": 9007199254740993, "big": 10**30, "tiny": -(10**30), "float": 1e308, "zero": -0.0},
        {"k" * 2_000: 1},
        {"": "", "\u0000": "\u0000"},
        {str(number): None for number in range(300)},
    ],
)
def test_odd_values_come_out_as_they_went_in(world, params):
    worker = world.join("w1")
    accepted = submit_request(world.gateway, "echo", SubmittedInput(prompt="p", params=params))
    (request,) = world.handed(worker)

    commit_result(world.gateway, worker, answer_to(request, output={"data": params}))

    result = request_result(world.gateway, accepted.request.request_id)
    assert request.input.params == result.input.params == result.output.data == params
