"""Options: a form built from what the worker declared."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from spaces_protocol.rest_bodies import InputView, RequestState
from tests.browser.bodies import REQUEST_ID, accepted, result, space, status
from tests.browser.gateway_stand_in import ACCEPTED, Answer, GatewayStandIn

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
def space_page(page: Page, gateway: GatewayStandIn) -> Page:
    gateway.spaces = [space(params_schema=SCHEMA)]
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [Answer(status(RequestState.IN_QUEUE))]
    page.goto("/space.html?space=echo")
    page.get_by_text("Options").click()
    page.get_by_label("Prompt").fill("Hi")
    return page


def run(page: Page) -> None:
    page.get_by_role("button", name="Run", exact=True).click()


def sent(page: Page, gateway: GatewayStandIn) -> Any:
    expect(page.locator("#result-title")).to_have_text("Next in line")
    return gateway.asked("POST", "/requests")[0].body["input"]["params"]


def test_values_are_sent_in_their_types_and_empty_ones_left_out(
    space_page: Page, gateway: GatewayStandIn
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
        ("Steps", "", "“Steps” is needed."),
        ("Steps", "0", "“Steps” has to be 1 or more."),
        ("Steps", "51", "“Steps” has to be 50 or less."),
        ("Steps", "1.5", "“Steps” has to be a whole number."),
        ("Name", "abcdef", "“Name” may have 5 letters."),
        ("Stop words", "[a", "“Stop words” has to be JSON"),
    ],
)
def test_value_that_does_not_fit_is_said_at_its_field_and_nothing_is_sent(
    space_page: Page, gateway: GatewayStandIn, label: str, value: str, words: str
) -> None:
    space_page.get_by_label("Steps").fill("3")
    space_page.get_by_label(label).fill(value)
    space_page.locator("[data-part=options] summary").click()

    run(space_page)

    expect(space_page.get_by_text(words)).to_be_visible()
    expect(space_page.get_by_label(label)).to_be_focused()
    assert gateway.asked("POST", "/requests") == []


def test_options_of_a_request_come_back_with_run_again(page: Page, gateway: GatewayStandIn) -> None:
    gateway.spaces = [space(params_schema=SCHEMA)]
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    params = {"language": "Deutsch", "steps": 4, "loud": False}
    gateway.results = [Answer(result(input={"prompt": "Hi", "files": [], "params": params}))]
    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")
    expect(page.locator("[data-part=asked]")).to_contain_text("Language: Deutsch · Steps: 4")

    page.get_by_role("button", name="Run again").click()

    expect(page.get_by_label("Prompt")).to_have_value("Hi")
    assert gateway.asked("POST", "/requests")[0].body["input"] == {"prompt": "Hi", "params": params}


@pytest.mark.parametrize("schema", [{"type": "object"}, {"properties": {"a": None}}, {}])
def test_odd_schemas_break_nothing(page: Page, gateway: GatewayStandIn, schema: Any) -> None:
    gateway.spaces = [space(params_schema=schema)]

    page.goto("/space.html?space=echo")

    expect(page.get_by_text("Connected to lab-gpu-1")).to_be_visible()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_enabled()


def test_hostile_titles_are_text(page: Page, gateway: GatewayStandIn) -> None:
    title = "<img src=x onerror=alert(1)>"
    schema = {"properties": {title: {"type": "string", "description": title}}}
    gateway.spaces = [space(params_schema=schema)]
    page.goto("/space.html?space=echo")
    page.get_by_text("Options").click()

    expect(page.get_by_label(title)).to_be_visible()
    expect(page.locator("img")).to_have_count(0)


def test_options_of_a_shared_result_are_told_by_their_titles(
    page: Page, gateway: GatewayStandIn
) -> None:
    tones = [{"const": 1, "title": "Warm"}, {"const": 2, "title": "Cold"}]
    named = {"steps": {"title": "Steps"}, "tone": {"title": "Tone", "oneOf": tones}}
    params = {"steps": 7, "tone": 2, "gone": ["a"]}
    gateway.spaces = [space(params_schema={"properties": named})]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    gateway.results = [Answer(result(input=InputView(prompt="Hi", params=params)))]

    page.goto(f"/result.html?space=echo&request={REQUEST_ID}")

    told = page.locator("[data-part=asked]")
    expect(told).to_contain_text('Steps: 7 · Tone: Cold · gone: ["a"]')
