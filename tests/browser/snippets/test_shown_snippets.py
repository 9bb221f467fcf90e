"""The code snippets of a space have what its page holds."""

import pytest
from playwright.sync_api import Page, expect

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
