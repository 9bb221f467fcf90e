"""The code snippets of a space have what its page holds."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.axe import violations
from tests.browser.support.bodies import space
from tests.browser.support.chat import Conversation
from tests.browser.support.gateway_stub import GatewayStub

pytestmark = pytest.mark.browser


def code_of(page: Page, title: str) -> str:
    page.get_by_role("tab", name="API", exact=True).click()
    page.get_by_role("tab", name=title, exact=True).click()
    return page.locator("#snippet").inner_text()


def test_snippet_has_what_the_form_holds(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space()]
    page.goto("/space.html?space=echo")
    page.get_by_label("Prompt").fill('it\'s "50 %" $HOME')

    code = code_of(page, "Python")

    assert '"it\'s \\"50 %\\" $HOME"' in code


def test_key_stands_in_the_code_and_nowhere_else(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space(visibility="private")]
    page.goto("/space.html?space=echo&view=api")
    page.get_by_label("API key").fill("wsk_secret")

    for tab in page.locator("[data-part=code] [role=tab]").all():
        tab.click()
        expect(page.locator("#snippet")).to_contain_text("wsk_")
    stored = page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert "wsk_secret" not in stored
    assert all("wsk_secret" not in str(call) for call in gateway.calls)


def test_snippet_has_the_conversation_and_what_is_being_written(
    page: Page, gateway: GatewayStub
) -> None:
    talk = Conversation(page, gateway)
    talk.open()
    talk.ask("Hi", "Hello!")
    assert '"messages":[{"role":"user","content":"Hi"}]' in code_of(page, "curl")

    page.get_by_role("tab", name="Playground", exact=True).click()
    talk.message.fill("And now?")
    code = code_of(page, "OpenAI: Python")

    for role, content in (("user", "Hi"), ("assistant", "Hello!"), ("user", "And now?")):
        assert f'    {{"role": "{role}", "content": "{content}"}},\n' in code


def test_options_are_listed_with_types_limits_and_defaults(
    page: Page, gateway: GatewayStub
) -> None:
    schema = {
        "required": ["voice"],
        "properties": {
            "voice": {"enum": ["low", "high"], "description": "Who <b>speaks</b>."},
            "speed": {"type": "number", "minimum": 0.5, "maximum": 2, "default": 1},
        },
    }
    gateway.spaces = [space(params_schema=schema)]
    page.goto("/space.html?space=echo&view=api")

    options = page.get_by_role("region", name="Options")
    expect(options.get_by_role("term")).to_have_text(
        ['voice "low" | "high" · required', "speed number · ≥ 0.5 · ≤ 2 · default 1"]
    )
    expect(options.get_by_role("definition")).to_have_text(["Who <b>speaks</b>."])
    assert violations(page) == []


def test_space_without_options_lists_none(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space()]
    page.goto("/space.html?space=echo&view=api")

    expect(page.locator("#snippet")).to_contain_text("curl")
    expect(page.get_by_role("heading", name="Options")).to_have_count(0)
