"""Declared params: every kind of model, checked before the function, told by field."""

import dataclasses
import inspect
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Annotated, Any, TypedDict

import msgspec
import pydantic
import pytest

from spaces_protocol.codec import encode
from spaces_protocol.gateway_messages import Input, Request
from spaces_protocol.limits import (
    MAX_ALL_PARAMS_SCHEMAS_BYTES,
    MAX_MESSAGE_BYTES,
    MAX_REQUEST_ID_CHARS,
    MAX_SPACES_PER_WORKER,
)
from spaces_protocol.worker_messages import InFlight, Register
from spaces_worker import FunctionError, Result, SettingsError, UserError, Worker
from spaces_worker._functions.functions import prepare_function
from spaces_worker._functions.params import check_total_size, declare_params
from spaces_worker._session.effects import StartRun
from spaces_worker._session.session import MAX_IN_FLIGHT
from tests.nested_values import objects
from tests.unit.worker.support.runner_harness import RunnerHarness
from tests.unit.worker.support.session_harness import DEADLINE


class AsStruct(msgspec.Struct):
    tokens: Annotated[int, msgspec.Meta(ge=1, le=10)] = 5
    mood: str = "calm"


@dataclasses.dataclass
class AsDataclass:
    tokens: int = 5
    mood: str = "calm"


class AsTypedDict(TypedDict, total=False):
    tokens: int
    mood: str


class AsPydantic(pydantic.BaseModel):
    tokens: int = pydantic.Field(5, ge=1, le=10)
    mood: str = "calm"


AS_SCHEMA = {
    "type": "object",
    "properties": {"tokens": {"type": "integer", "maximum": 10}, "mood": {"type": "string"}},
    "additionalProperties": False,
}
MODELS = [AsStruct, AsDataclass, AsTypedDict, AsPydantic, AS_SCHEMA]
IDS = ["struct", "dataclass", "typed dict", "pydantic", "schema"]


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_every_kind_of_model_declares_its_properties_at_the_top(model):
    schema = declare_params(model).schema

    assert schema["type"] == "object"
    assert set(schema["properties"]) == {"tokens", "mood"}
    assert schema["properties"]["tokens"]["type"] == "integer"


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_good_params_become_what_was_declared(model):
    read = declare_params(model).read({"tokens": 7, "mood": "wild"})

    plain = isinstance(model, dict) or model is AsTypedDict
    assert isinstance(read, dict if plain else model)
    assert (read if plain else vars_of(read)) == {"tokens": 7, "mood": "wild"}


def vars_of(read):
    return {name: getattr(read, name) for name in ("tokens", "mood")}


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_a_wrong_param_is_told_to_the_user_by_its_field(model):
    with pytest.raises(UserError, match=r"^params\.tokens: ") as raised:
        declare_params(model).read({"tokens": "many"})

    assert raised.value.error_type == "invalid_params"


def test_params_that_are_wrong_as_a_whole_are_told_too():
    with pytest.raises(UserError, match=r"^params: "):
        declare_params(AS_SCHEMA).read({"volume": 11})


class Inner(msgspec.Struct):
    deep: int


class Outer(msgspec.Struct):
    inner: Inner
    more: list["Outer"] = []


def test_nested_models_keep_their_definitions():
    schema = declare_params(Outer).schema

    assert set(schema["properties"]) == {"inner", "more"}
    assert set(schema["$defs"]) >= {"Inner"}
    with pytest.raises(UserError, match=r"^params\.inner\.deep: "):
        declare_params(Outer).read({"inner": {"deep": "x"}})


@pytest.mark.parametrize(
    ("model", "part"),
    [
        (int, "type object"),
        ({"type": "array"}, "type object"),
        ({"type": "object"}, "properties"),
        ({"type": "object", "properties": {"a": {"type": "colour"}}}, "is invalid"),
        ({"type": "object", "properties": {}, "title": "x" * 9000}, "at most 8192"),
        ({"type": "object", "properties": {}, "default": object()}, "cannot be encoded as JSON"),
        (object(), "is not a model"),
    ],
)
def test_what_is_no_model_is_refused(model, part):
    with pytest.raises(FunctionError, match=part):
        declare_params(model)


def harness(function, model, params):
    linked = prepare_function(function, declare_params(model) if model else None)
    harness = RunnerHarness(function)
    harness.runner._functions = {"translate": linked}
    harness.runner.execute(StartRun(1, asked(params)))
    return harness


def asked(params):
    given = Input(prompt="Hello", params=params)
    return Request(request_id="a", space="translate", attempt=1, deadline=DEADLINE, input=given)


async def test_the_function_gets_what_was_declared():
    def function(context):
        return Result(data=context.params.tokens * 2)

    message = await harness(function, AsStruct, {}).end()

    assert message.output.data == 10


async def test_bad_params_are_a_failure_before_the_function_runs():
    runs = []

    message = await harness(runs.append, AsStruct, {"tokens": 11}).end()

    assert (message.status, message.error.type) == ("failed", "invalid_params")
    assert "params.tokens: Expected `int` <= 10" in message.error.message
    assert runs == []


@pytest.mark.parametrize("concurrency", [0, 65, "many"])
def test_a_wrong_concurrency_is_told_at_once(concurrency):
    with pytest.raises(SettingsError, match=r"concurrency: .* is not a whole number from 1 to 64"):
        Worker().space("demo", concurrency=concurrency)


def takes_params(context, params: AsStruct):
    return Result(data=[params.tokens, context.params is params])


async def async_with_params(prompt, params: "AsPydantic"):
    return Result(data=[params.tokens, prompt == "Hello"])


def positional_params(params: AsDataclass, /):
    return Result(data=[params.tokens, True])


class Taker:
    def __call__(self, prompt, params: AsTypedDict):
        return Result(data=[params["tokens"], prompt == "Hello"])


@pytest.mark.parametrize(
    "function",
    [takes_params, async_with_params, positional_params, Taker()],
    ids=["function", "async function", "by position", "object"],
)
async def test_a_parameter_called_params_declares_them_by_its_annotation(function):
    message = await harness(function, None, {"tokens": 7}).end()

    assert set(prepare_function(function).params.schema["properties"]) == {"tokens", "mood"}
    assert message.output.data == [7, True]


async def test_a_wrong_param_is_told_before_a_function_that_declares_them_itself_runs():
    message = await harness(takes_params, None, {"tokens": 11}).end()

    assert (message.status, message.error.type) == ("failed", "invalid_params")


@pytest.mark.parametrize("kind", [inspect.Parameter.empty, Any, dict, dict[str, int], Mapping])
async def test_params_of_no_particular_type_come_as_given(kind):
    def function(params):
        return Result(data=params)

    function.__annotations__ = {"params": kind}

    message = await harness(function, None, {"tokens": 7}).end()

    assert prepare_function(function).params is None
    assert message.output.data == {"tokens": 7}


@pytest.mark.parametrize(
    "kind",
    [int, AsStruct | None, list[AsStruct], "Absent", ...],
    ids=str,
)
def test_params_of_a_type_that_declares_nothing_are_refused(kind):
    def function(context, params):
        pass

    function.__annotations__ = {"params": kind}

    with pytest.raises(FunctionError, match=r"^function has a parameter 'params' (of|whose) type"):
        prepare_function(function)


def test_params_cannot_be_declared_twice():
    with pytest.raises(FunctionError, match="declared twice"):
        Worker().space("demo", params=AsDataclass)(takes_params)


def test_params_that_are_declared_beside_the_function_may_be_taken_by_name():
    Worker().space("demo", params=AsStruct)(lambda context, params: params)


def many(count):
    """Return a schema of so many described fields."""
    text = "What this option does, in a sentence or two for the page. " * 2
    fields = [
        (f"option_{n}", Annotated[int, msgspec.Meta(description=text)], 0) for n in range(count)
    ]
    return msgspec.defstruct("Many", fields)


async def test_schemas_that_are_too_much_together_are_refused_with_the_largest_named(tmp_path):
    worker = Worker(url="ws://127.0.0.1:9/v1", token="wst_x", state_dir=tmp_path)
    for number in range(20):
        worker.space(f"space-{number}", params=many(15 + (number == 7)))(str)

    with pytest.raises(
        FunctionError, match=r"at most 40960 are allowed\. .*: space-7 \(\d+\), space-"
    ):
        await worker.serve()


def test_the_largest_schemas_and_requests_fit_into_one_message():
    names = [f"{'s' * 44}-{number:02}" for number in range(MAX_SPACES_PER_WORKER)]
    size = MAX_ALL_PARAMS_SCHEMAS_BYTES // len(names) - 40
    schemas = {name: {"properties": {"x": {"description": "d" * size}}} for name in names}
    check_total_size(schemas)
    held = [InFlight(request_id="r" * MAX_REQUEST_ID_CHARS, attempt=10)] * MAX_IN_FLIGHT

    register = Register(
        spaces=names, session="s" * 64, agent="a" * 200, in_flight=held, params_schemas=schemas
    )

    assert len(encode(register)) <= MAX_MESSAGE_BYTES


@pytest.mark.parametrize(("depth", "accepted"), [(62, True), (63, False), (20_000, False)])
def test_a_schema_that_the_gateway_refuses_is_refused_at_start(depth, accepted):
    schema = {"type": "object", "properties": {"a": objects(depth)}}
    refused = pytest.raises(FunctionError, match="schema is nested more than 64 levels deep")

    with nullcontext() if accepted else refused:
        declare_params(schema)
