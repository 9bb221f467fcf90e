"""Options: a form built from the schema that the worker registered."""

import enum
import re
from typing import Annotated, Any, Literal

import msgspec
import pydantic
import pytest
from playwright.sync_api import Locator, Page, expect

from spaces_protocol.rest_bodies import InputView, RequestState
from spaces_worker._functions.params import declare_params
from tests.browser.support.bodies import REQUEST_ID, accepted, result, space, status
from tests.browser.support.gateway_stub import ACCEPTED, Answer, GatewayStub

pytestmark = pytest.mark.browser

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["steps"],
    "properties": {
        "language": {"title": "Language", "enum": ["auto", "Deutsch"], "default": "auto"},
        "steps": {"type": "integer", "minimum": 1, "maximum": 50, "title": "Steps"},
        "heat": {"type": ["number", "null"], "title": "Heat", "description": "Higher is wilder."},
        "loud": {"type": "boolean", "default": True, "title": "Loud"},
        "name": {"type": "string", "title": "Name", "maxLength": 5},
        "stop": {"type": "array", "title": "Stop words"},
    },
}


@pytest.fixture
def space_page(page: Page, gateway: GatewayStub) -> Page:
    gateway.spaces = [space(params_schema=SCHEMA)]
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [Answer(status(RequestState.IN_QUEUE))]
    page.goto("/space.html?space=echo")
    page.get_by_text("Options").click()
    page.get_by_label("Prompt").fill("Hi")
    return page


def run(page: Page) -> None:
    page.get_by_role("button", name="Run", exact=True).click()


def sent(page: Page, gateway: GatewayStub) -> Any:
    expect(page.locator("#result-title")).to_have_text("Next in line")
    return gateway.calls_to("POST", "/requests")[0].body["input"]["params"]


def test_values_are_sent_in_their_types_and_empty_ones_left_out(
    space_page: Page, gateway: GatewayStub
) -> None:
    space_page.get_by_role("combobox", name="Language").select_option("Deutsch")
    space_page.get_by_label("Steps").fill("7")
    space_page.get_by_label("Loud").uncheck()
    space_page.get_by_label("Stop words").fill('["a", 1]')

    run(space_page)

    assert sent(space_page, gateway) == {
        "language": "Deutsch",
        "steps": 7,
        "loud": False,
        "stop": ["a", 1],
    }


@pytest.mark.parametrize(
    ("label", "value", "words"),
    [
        ("Steps", "0", "“Steps” must be at least 1."),
        ("Stop words", "[a", "“Stop words” must be JSON"),
    ],
)
def test_value_that_does_not_fit_is_said_at_its_field_and_nothing_is_sent(
    space_page: Page, gateway: GatewayStub, label: str, value: str, words: str
) -> None:
    space_page.get_by_label("Steps").fill("3")
    space_page.get_by_label(label).fill(value)
    space_page.locator("[data-part=options] summary").click()

    run(space_page)

    expect(space_page.get_by_text(words)).to_be_visible()
    expect(space_page.get_by_label(label)).to_be_focused()
    assert gateway.calls_to("POST", "/requests") == []


def test_options_of_a_draft_survive_every_reload(space_page: Page) -> None:
    space_page.get_by_label("Steps").fill("7")

    for _ in range(2):  # the second one finds what the first one kept
        space_page.reload()
        space_page.get_by_text("Options").click()
        expect(space_page.get_by_label("Steps")).to_have_value("7")


def test_options_of_a_request_come_back_with_run_again(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space(params_schema=SCHEMA)]
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    params = {"language": "Deutsch", "steps": 4, "loud": False}
    gateway.results = [Answer(result(input={"prompt": "Hi", "files": [], "params": params}))]
    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")
    told = page.locator("[data-part=request-input]")
    expect(told).to_contain_text("Language: Deutsch · Steps: 4")

    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="Run again").click()  # perhaps before its options are there

    expect(page.get_by_label("Prompt")).to_have_value("Hi")
    assert gateway.calls_to("POST", "/requests")[0].body["input"] == {
        "prompt": "Hi",
        "params": params,
    }


class Mood(enum.Enum):
    CALM = "calm"
    WILD = "wild"


class AsStruct(msgspec.Struct):
    seed: int | None = None
    mood: Mood = Mood.CALM
    voice: Literal["a", "b"] | None = None
    loud: bool | None = None
    name: Annotated[str, msgspec.Meta(min_length=2, pattern="^[a-z]+$")] = "abc"
    heat: Annotated[float, msgspec.Meta(gt=0, lt=2.5, multiple_of=0.25)] = 0.75
    steps: Annotated[int, msgspec.Meta(ge=1, le=10)] | None = 5


class AsPydantic(pydantic.BaseModel):
    seed: int | None = None
    mood: Mood = Mood.CALM
    voice: Literal["a", "b"] | None = None
    loud: bool | None = None
    name: str = pydantic.Field("abc", min_length=2, pattern="^[a-z]+$")
    heat: float = pydantic.Field(0.75, gt=0, lt=2.5, multiple_of=0.25)
    steps: Annotated[int, pydantic.Field(ge=1, le=10)] | None = 5


@pytest.fixture(params=[AsStruct, AsPydantic], ids=["msgspec", "pydantic"])
def declared_page(page: Page, gateway: GatewayStub, request: pytest.FixtureRequest) -> Page:
    """The form of a function's own declaration."""
    gateway.spaces = [space(params_schema=declare_params(request.param).schema)]
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [Answer(status(RequestState.IN_QUEUE))]
    page.goto("/space.html?space=echo")
    page.get_by_text("Options").click()
    page.get_by_label("Prompt").fill("Hi")
    return page


def option(page: Page, name: str) -> Locator:
    return (
        page.locator(".option")
        .filter(has_text=re.compile(f"^{name}", re.IGNORECASE))
        .locator(".field")
    )


def test_form_of_a_declared_model_has_a_fitting_field_for_everything(
    declared_page: Page, gateway: GatewayStub
) -> None:
    expect(declared_page.locator(".options textarea")).to_have_count(0)
    option(declared_page, "seed").fill("7")
    option(declared_page, "mood").select_option("wild")
    option(declared_page, "voice").select_option("b")
    option(declared_page, "loud").select_option("yes")
    option(declared_page, "heat").fill("2.25")
    option(declared_page, "steps").fill("")

    run(declared_page)

    given = sent(declared_page, gateway)
    assert given == {
        "seed": 7,
        "mood": "wild",
        "voice": "b",
        "loud": True,
        "name": "abc",
        "heat": 2.25,
        "steps": None,
    }
    for model in (AsStruct, AsPydantic):
        declare_params(model).read(given)


def test_what_may_be_nothing_may_stay_open(declared_page: Page, gateway: GatewayStub) -> None:
    run(declared_page)

    given = sent(declared_page, gateway)
    assert given == {"mood": "calm", "name": "abc", "heat": 0.75, "steps": 5}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("heat", "0.7", "must be a multiple of 0.25."),
        ("name", "Anna", "must match the pattern ^[a-z]+$."),
    ],
)
def test_limits_of_a_declared_model_are_told_before_anything_is_sent(
    declared_page: Page, gateway: GatewayStub, name: str, value: str, words: str
) -> None:
    option(declared_page, name).fill(value)

    run(declared_page)

    expect(declared_page.get_by_text(words)).to_be_visible()
    assert gateway.calls_to("POST", "/requests") == []


@pytest.mark.parametrize(
    ("pattern", "default"),
    [
        ("^(a+)+$", "a" * 40 + "b"),
        ("^" + "a{0,200}" * 7 + "$", "a" * 150 + "b"),
        ("^" + "(a|a)" * 36 + "$", "a" * 36 + "b"),
    ],
)
def test_pattern_that_could_keep_the_page_busy_is_left_to_the_worker(
    page: Page, gateway: GatewayStub, pattern: str, default: str
) -> None:
    name = {"type": "string", "pattern": pattern, "default": default}
    gateway.spaces = [space(params_schema={"type": "object", "properties": {"name": name}})]
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [Answer(status(RequestState.IN_QUEUE))]
    page.goto("/space.html?space=echo")
    page.get_by_label("Prompt").fill("Hi")

    run(page)

    assert sent(page, gateway) == {"name": default}


LOOP = {"a": {"$ref": "#/$defs/A"}, "b": {"anyOf": [{"$ref": "#/properties/b"}, {"type": "null"}]}}
ODD: list[Any] = [
    {"properties": {"a": True, "b": [], "c": "text", "d": {"type": 7, "title": {}}}},
    {"properties": LOOP, "$defs": {"A": {"$ref": "#/$defs/A"}}},
]


@pytest.mark.parametrize("schema", ODD)
def test_odd_schemas_break_nothing(page: Page, gateway: GatewayStub, schema: Any) -> None:
    gateway.spaces = [space(params_schema=schema)]

    page.goto("/space.html?space=echo")

    expect(page.get_by_text("Connected to lab-gpu-1")).to_be_visible()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_enabled()
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [Answer(status(RequestState.IN_QUEUE))]
    page.get_by_label("Prompt").fill("Hi")
    run(page)
    expect(page.locator("#result-title")).to_have_text("Next in line")


def test_hostile_titles_are_text(page: Page, gateway: GatewayStub) -> None:
    title = "<img src=x onerror=alert(1)>"
    schema = {"properties": {title: {"type": "string", "description": title}}}
    gateway.spaces = [space(params_schema=schema)]
    page.goto("/space.html?space=echo")
    page.get_by_text("Options").click()

    expect(page.get_by_label(title)).to_be_visible()
    expect(page.locator("img")).to_have_count(0)


def test_options_of_a_shared_result_are_told_by_their_titles(
    page: Page, gateway: GatewayStub
) -> None:
    tones = [{"const": 1, "title": "Warm"}, {"const": 2, "title": "Cold"}]
    named = {"steps": {"title": "Steps"}, "tone": {"title": "Tone", "oneOf": tones}}
    params = {"steps": 7, "tone": 2, "gone": ["a"], "loud": True, "seed": None}
    gateway.spaces = [space(params_schema={"properties": named})]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    gateway.results = [Answer(result(input=InputView(prompt="Hi", params=params)))]

    page.goto(f"/result.html?space=echo&request={REQUEST_ID}")

    told = page.locator("[data-part=request-input]")
    expect(told).to_contain_text('Steps: 7 · Tone: Cold · gone: ["a"] · loud: yes · seed:')


def test_slider_and_number_say_the_same(space_page: Page, gateway: GatewayStub) -> None:
    slider = space_page.locator(".option-slider")
    expect(slider).to_have_count(1)  # only steps have two limits

    slider.fill("12")
    expect(space_page.get_by_label("Steps")).to_have_value("12")
    space_page.get_by_label("Steps").fill("31")
    expect(slider).to_have_js_property("value", "31")
    run(space_page)

    assert sent(space_page, gateway)["steps"] == 31


def test_choice_with_a_default_has_no_empty_entry(space_page: Page) -> None:
    choices = space_page.get_by_role("combobox", name="Language").locator("option")

    assert choices.all_inner_texts() == ["auto", "Deutsch"]
