"""Numbers that JavaScript cannot hold: shown, copied, sent and sent again exactly as they are."""

from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page, expect

from spaces_protocol.rest_bodies import InputView, OutputView, RequestState
from tests.browser.support.bodies import REQUEST_ID, accepted, result, space, status
from tests.browser.support.gateway_stub import ACCEPTED, Answer, GatewayStub

pytestmark = pytest.mark.browser

SEED = 6687881544318117707
DATA = {"id": 9007199254740993, "one": 1.0, "deep": [0.5, {"x": 18446744073709551616}]}
SHOWN = """{
  "id": 9007199254740993,
  "one": 1.0,
  "deep": [0.5, { "x": 18446744073709551616 }]
}"""
PROPERTIES = {
    "seed": {"type": "integer", "title": "Seed", "maximum": 18446744073709551615},
    "any": {"title": "Any"},
}


@pytest.fixture
def space_page(page: Page, gateway: GatewayStub) -> Page:
    gateway.spaces = [space(params_schema={"type": "object", "properties": PROPERTIES})]
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [Answer(status(RequestState.IN_QUEUE))]
    page.goto("/space.html?space=echo")
    page.get_by_text("Options").click()
    page.get_by_label("Prompt").fill("Hi")
    return page


def run(page: Page, name: str = "Run") -> str:
    """Run, and return the body as it travelled."""
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_role("button", name=name, exact=True).click()
    return sent.value.post_data or ""


@pytest.mark.parametrize(
    ("label", "written", "sent"),
    [
        ("Seed", str(SEED), f'"seed":{SEED}'),
        ("Seed", "18446744073709551615", '"seed":18446744073709551615'),
        ("Any", "[1.0, -0, 0.1234567890123456789]", '"any":[1.0,-0,0.1234567890123456789]'),
        ("Any", f'{{"id": {SEED}}}', f'"any":{{"id":{SEED}}}'),
    ],
)
def test_option_is_sent_as_it_was_written_also_after_a_reload(
    space_page: Page, label: str, written: str, sent: str
) -> None:
    space_page.get_by_label(label).fill(written)
    space_page.reload()
    space_page.get_by_text("Options").click()

    assert sent in run(space_page)


@pytest.mark.parametrize(
    ("label", "written", "words"),
    [
        ("Seed", "18446744073709551616", "must be at most 18,446,744,073,709,551,615."),
        ("Seed", "9007199254740993.5", "must be a whole number."),
        ("Any", "1e400", "contains a number that is too large"),
    ],
)
def test_number_that_cannot_be_sent_is_told_at_its_field(
    space_page: Page, gateway: GatewayStub, label: str, written: str, words: str
) -> None:
    space_page.get_by_label(label).fill(written)

    space_page.get_by_role("button", name="Run", exact=True).click()

    expect(space_page.get_by_text(words)).to_be_visible()
    assert gateway.calls_to("POST", "/requests") == []


def ended(data: Any = None, params: dict[str, Any] | None = None) -> Answer:
    given = InputView(prompt="Hi", params=params or {})
    return Answer(result(input=given, output=OutputView(data=data)))


def test_data_is_shown_and_copied_unchanged(page: Page, gateway: GatewayStub) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    gateway.spaces = [space()]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    gateway.results = [ended(DATA)]
    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")

    page.get_by_role("button", name="Copy Data").click()

    expect(page.locator(".result-data")).to_have_text(SHOWN)
    expect(page.get_by_role("button", name="Copy Data")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == SHOWN


def test_run_again_sends_the_same_numbers(page: Page, gateway: GatewayStub) -> None:
    params = {"seed": SEED, "any": {"one": 1.0, "ids": [18446744073709551616]}}
    gateway.spaces = [space(params_schema={"type": "object", "properties": PROPERTIES})]
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    gateway.results = [ended(params=params)]
    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")
    told = page.locator("[data-part=request-input]")
    expect(told).to_contain_text(f"Seed: {SEED}")

    body = run(page, "Run again")

    assert msgspec.json.encode(params).decode() in body


def test_second_tab_shows_the_same_numbers(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space()]
    gateway.statuses = [Answer(status(RequestState.IN_PROGRESS))]
    tabs = [page, page.context.new_page()]
    for tab in tabs:
        tab.goto(f"/space.html?space=echo&request={REQUEST_ID}")
        expect(tab.locator("#result-title")).to_contain_text("Running")
    gateway.results = [ended(DATA)]

    gateway.statuses = [Answer(status(RequestState.COMPLETED))]

    for tab in tabs:
        expect(tab.locator(".result-data")).to_have_text(SHOWN)


@pytest.mark.parametrize("half", [0xD83D, 0xDE00])
def test_half_an_emoji_is_sent_as_text_that_the_gateway_reads(space_page: Page, half: int) -> None:
    space_page.evaluate(
        """(code) => {
          const prompt = document.querySelector("[data-part=prompt]");
          prompt.value = `half ${String.fromCharCode(code)} of it`;
          prompt.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        half,
    )
    space_page.get_by_label("Any").fill(f'"\\u{half:x}"')

    body = msgspec.json.decode(run(space_page))

    assert body["input"] == {"prompt": "half \ufffd of it", "params": {"any": "\ufffd"}}
