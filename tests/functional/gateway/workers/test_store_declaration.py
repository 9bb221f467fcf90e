"""Which parameters a space takes, as its worker declares them."""

import pytest

from spaces.services.spaces.view_space import view_space
from spaces.services.workers.register_worker import register_worker
from spaces_protocol.gateway_messages import Notice, Registered
from spaces_protocol.worker_messages import Register

SCHEMA = {"type": "object", "properties": {"voice": {"enum": ["a", "b"], "default": "a"}}}


def register(world, sender=None, **schemas):
    sender = sender or world.connect()
    register_worker(
        world.gateway, sender, Register(spaces=["echo"], session="s", params_schemas=schemas)
    )
    return sender


def shown(world):
    return view_space(world.gateway, "echo").params_schema


def test_what_a_worker_declares_is_shown(world):
    assert shown(world) is None

    register(world, echo=SCHEMA)

    assert shown(world) == SCHEMA


def test_a_worker_that_declares_nothing_takes_it_back(world):
    register(world, echo=SCHEMA)
    register(world)

    assert shown(world) is None


def test_what_was_declared_before_is_not_written_again(world, dynamodb):
    register(world, echo=SCHEMA)
    written = []
    dynamodb.meta.events.register(
        "provide-client-params.dynamodb.UpdateItem",
        lambda params, **_: written.append(params["Key"].get("record")),
        unique_id="count",
    )
    try:
        register(world, echo=SCHEMA)
    finally:
        dynamodb.meta.events.unregister(
            "provide-client-params.dynamodb.UpdateItem", unique_id="count"
        )

    assert {"S": "params"} not in written


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ({"type": "array", "properties": {}}, "object"),
        ({"type": "object"}, "properties"),
        ({"type": "object", "properties": []}, "properties"),
        ({"type": "object", "properties": {"a": 1}}, "JSON Schema"),
        ({"type": "object", "properties": {"a": {"title": "x" * 9_000}}}, "8,192"),
    ],
)
def test_what_cannot_be_used_is_told_and_the_worker_serves_all_the_same(world, schema, says):
    register(world, echo=SCHEMA)

    worker = register(world, echo=schema)

    assert world.messages(worker, Registered)[0].accepted[0].space == "echo"
    (notice,) = world.messages(worker, Notice)
    assert says in notice.text
    assert shown(world) == SCHEMA


def test_a_worker_declares_only_for_spaces_in_which_it_has_a_place(world):
    register(world, echo=SCHEMA)

    other = world.connect("w2")
    register(world, other, echo={"type": "object", "properties": {}})

    assert shown(world) == SCHEMA


def test_schemas_that_are_too_large_together_are_told_and_cost_nothing(world):
    names = [f"s{n}" for n in range(6)]
    for name in names:
        world.create_space(name)
    large = {"type": "object", "properties": {"a": {"title": "x" * 7_900}}}
    worker = world.connect("w1", *names)

    register_worker(
        world.gateway,
        worker,
        Register(spaces=names, session="s", params_schemas=dict.fromkeys(names, large)),
    )

    assert len(world.messages(worker, Registered)[0].accepted) == 6
    notices = world.messages(worker, Notice)
    assert len(notices) == 6
    assert "the limit is 40,960" in notices[0].text
    assert [view_space(world.gateway, name).params_schema for name in names] == [None] * 6
