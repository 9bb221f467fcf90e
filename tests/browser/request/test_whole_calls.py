"""The input of a request that is a call, or too large to show."""

import pytest
from playwright.sync_api import Locator, Page, expect

from spaces_protocol.model_call import Endpoint, ModelCall
from spaces_protocol.rest_bodies import InputView, OutputView, RequestState
from tests.browser.support.bodies import REQUEST_ID, result, space, status
from tests.browser.support.gateway_stub import Answer, GatewayStub

pytestmark = pytest.mark.browser

SHARED = f"/result.html?space=echo&request={REQUEST_ID}"
MARKUP = "<img src=x onerror=window.hurt=1>"
BODY = {
    "model": "any",
    "temperature": 0.5,
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": MARKUP}, {"type": "image_url"}]},
        {
            "role": "assistant",
            "tool_calls": [{"function": {"name": "look", "arguments": '{"at": 1}'}}],
        },
        "odd",
        None,
    ],
}


def show(page: Page, gateway: GatewayStub, given: InputView) -> Locator:
    gateway.spaces = [space(features=["prompt", "call"])]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    gateway.results = [Answer(result(input=given, output=OutputView(text="Done")))]
    page.goto(SHARED)
    return page.locator("[data-part=request-input]")


def test_a_call_is_shown_by_roles_and_as_text(page: Page, gateway: GatewayStub) -> None:
    shown = show(page, gateway, InputView(call=ModelCall(endpoint="chat.completions", body=BODY)))

    expect(shown).to_contain_text("Call of chat.completions")
    expect(shown.locator("dt")).to_have_text(["system", "user", "assistant", "", ""])
    expect(shown.locator("dd").nth(0)).to_have_text("Be brief.")
    expect(shown.locator("dd").nth(1)).to_have_text(f"{MARKUP}\n[image_url]")
    expect(shown.locator("dd").nth(2)).to_have_text('look({"at": 1})')
    expect(shown).to_contain_text("temperature: 0.5")
    assert page.evaluate("window.hurt") is None


def test_a_large_input_is_a_download(page: Page, gateway: GatewayStub) -> None:
    address = "https://files.example.com/inputs/echo/x?signed"

    shown = show(page, gateway, InputView(body_url=address, body_bytes=2 * 1024 * 1024))

    link = shown.get_by_role("link", name="Download the input")
    expect(link).to_have_attribute("href", address)
    expect(shown).to_contain_text("2 MB")


@pytest.mark.parametrize(
    ("endpoints", "says"),
    [
        (["completions", "embeddings"], "it serves completions, embeddings."),
        ([], "as soon as a worker has declared what it serves."),
    ],
)
def test_a_space_of_calls_alone_has_no_form(
    page: Page, gateway: GatewayStub, endpoints: list[Endpoint], says: str
) -> None:
    gateway.spaces = [space(features=["call"], endpoints=endpoints)]

    page.goto("/space.html?space=echo")

    form = page.locator("[data-part=form]")
    expect(form).to_contain_text("Call it through the OpenAI API as the model “echo”")
    expect(form).to_contain_text(says)
    expect(form.get_by_label("Prompt")).to_be_hidden()
    expect(form.get_by_role("button")).to_have_count(0)


def test_a_space_of_calls_alone_says_so_in_chinese(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space(features=["call"], endpoints=["embeddings"])]

    page.goto("/space.html?space=echo&lang=zh")

    form = page.locator("[data-part=form]")
    expect(form).to_contain_text("这个空间不接受提示词")
    expect(form).to_contain_text("embeddings")


def test_an_address_that_runs_a_script_is_no_link(page: Page, gateway: GatewayStub) -> None:
    bad = InputView(body_url="javascript:alert(1)", body_bytes=1)

    shown = show(page, gateway, bad)

    expect(shown.locator("h3")).to_be_visible()
    expect(shown.get_by_role("link")).to_have_count(0)
