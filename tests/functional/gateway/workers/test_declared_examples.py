"""Inputs to try a space with, as its worker declares them."""

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from spaces.domain.access.caller import Anonymous
from spaces.services.spaces.view_space import list_spaces, view_space
from spaces.services.workers.register_worker import register_worker
from spaces.services.workers.release_connection import release_connection
from spaces_protocol.gateway_messages import Notice, Registered
from spaces_protocol.limits import MAX_ALL_EXAMPLES_BYTES
from spaces_protocol.worker_messages import Register
from tests.nested_values import objects

ANYONE = Anonymous("a")
SCHEMA = {"type": "object", "properties": {"voice": {"enum": ["a", "b"]}, "n": {"type": "integer"}}}
GREETING = {"title": "Greeting", "prompt": "Hello", "params": {"voice": "b"}}
TALK = {"messages": [{"role": "user", "content": "Hello"}]}


def register(world, examples=None, *, space="echo", worker=None):
    worker = worker or world.connect("w1", space)
    declared = {} if examples is None else {space: examples}
    register_worker(
        world.gateway,
        worker,
        Register(spaces=[space], session="s", examples=declared, params_schemas={space: SCHEMA}),
    )
    return worker


def shown(world, space="echo"):
    return to_builtins(view_space(world.gateway, space).examples)


def test_the_examples_of_the_last_worker_are_shown_also_when_it_is_gone(world):
    worker = register(world, [GREETING])
    release_connection(world.gateway, worker)

    assert shown(world) == [GREETING]


def test_lists_have_no_examples(world):
    register(world, [GREETING])

    assert [each.examples for each in list_spaces(world.gateway, ANYONE).spaces] == [[]]


def test_a_worker_that_declares_none_takes_them_back(world):
    register(world, [GREETING])
    register(world)

    assert shown(world) == []


def test_a_space_that_takes_calls_has_conversations(world):
    world.create_space("talk", features=("call",))

    register(world, [TALK, {"prompt": "A first message"}], space="talk")

    assert shown(world, "talk") == [TALK, {"prompt": "A first message"}]


@pytest.mark.parametrize(
    ("examples", "says"),
    [
        ([GREETING, {"prompt": 5}], "examples[1].prompt must be text or null"),
        (["Hello"], "examples[0] must be an object"),
        ([{"title": "Nothing"}], "examples[0] is empty"),
        ([TALK], "examples[0].messages needs a space with the feature call"),
        ([{"prompt": "Hi", "params": {"pitch": 1}}], "'pitch'"),
        ([{"prompt": "Hi", "params": {"voice": "c"}}], "params.voice must be one of a, b"),
        ([{"prompt": "Hi", "params": {"n": True}}], "params.n must be of the type integer"),
        ([{"prompt": "Hi"}] * 13, "at most 12 entries"),
        ([{"prompt": "x" * 9_000}], "the limit is 8,192"),
        ([{"prompt": "x", "params": objects(70)}], "nested more than 64"),
    ],
)
def test_a_worker_is_told_what_is_wrong_and_serves_all_the_same(world, examples, says):
    register(world, [GREETING])

    worker = register(world, examples)

    assert world.messages(worker, Registered)[0].accepted[0].space == "echo"
    (notice,) = world.messages(worker, Notice)
    assert says in notice.text
    assert shown(world) == [GREETING]


def test_examples_of_all_spaces_together_are_bounded(world):
    names = ["s1", "s2", "s3", "s4"]
    for name in names:
        world.create_space(name)
    worker = world.connect("w1", *names)
    large = {name: [{"prompt": "x" * 7_000}] for name in names}

    register_worker(world.gateway, worker, Register(spaces=names, session="s", examples=large))

    notices = world.messages(worker, Notice)
    assert len(notices) == 4
    assert f"the limit is {MAX_ALL_EXAMPLES_BYTES:,}" in notices[0].text
    assert [shown(world, name) for name in names] == [[]] * 4


def test_an_example_for_a_feature_that_the_space_lost_is_not_shown(world):
    world.create_space("both", features=("prompt", "call"))
    register(world, [TALK, GREETING], space="both")
    definition = world.gateway.spaces.definition("both")

    edited = replace(definition, features=("prompt",), version=definition.version + 1)
    world.gateway.spaces.edit(edited, of_version=definition.version)

    assert shown(world, "both") == [GREETING]


def test_a_declaration_of_a_version_without_examples_is_read(world, dynamodb):
    register(world, [GREETING])
    key = {"space_id": {"S": "echo"}, "record": {"S": "params"}}
    dynamodb.update_item(TableName="spaces", Key=key, UpdateExpression="REMOVE examples")

    assert shown(world) == []
    assert view_space(world.gateway, "echo").params_schema == SCHEMA


def test_view_and_list_say_that_a_space_is_disabled(world):
    assert view_space(world.gateway, "echo").disabled is False
    definition = world.gateway.spaces.definition("echo")

    edited = replace(definition, disabled=True, version=definition.version + 1)
    world.gateway.spaces.edit(edited, of_version=definition.version)

    assert view_space(world.gateway, "echo").disabled is True
    assert [each.disabled for each in list_spaces(world.gateway, ANYONE).spaces] == [True]
