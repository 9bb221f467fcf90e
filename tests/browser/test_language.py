"""English and Chinese: chosen by the browser, switchable, stored."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from spaces_protocol.rest_bodies import FileRules
from tests.browser.support.bodies import space
from tests.browser.support.gateway_stub import GatewayStub

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
LATIN_WORD = re.compile(
    r"\b(?!Worker\b|WebSocket\b|Spaces\b|English\b|worker\b|API\b|Ctrl\b|Enter\b)[A-Z][a-z]{2,}"
)


@pytest.fixture
def chinese_page(chinese_page: Page, gateway: GatewayStub) -> Page:
    gateway.spaces = [space(title="回声", description="听到什么说什么。")]
    return chinese_page


@pytest.mark.parametrize("address", ["/", "/space.html?space=echo", "/result.html"])
def test_chinese_browser_gets_a_chinese_page(chinese_page: Page, address: str) -> None:
    chinese_page.goto(address)

    expect(chinese_page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(chinese_page.get_by_role("button", name="English")).to_be_visible()
    words = (
        chinese_page.locator("main").inner_text().replace("JavaScript", "").replace("Python", "")
    )
    assert LATIN_WORD.findall(words.partition("curl")[0]) == []


def test_choice_is_remembered_and_the_draft_survives_it(chinese_page: Page) -> None:
    chinese_page.goto("/space.html?space=echo")
    chinese_page.get_by_label("提示词").fill("你好")

    chinese_page.get_by_role("button", name="English").click()

    expect(chinese_page.get_by_label("Prompt")).to_have_value("你好")
    expect(chinese_page.locator("html")).to_have_attribute("lang", "en")
    chinese_page.goto("/")
    expect(chinese_page.get_by_role("button", name="中文")).to_be_visible()


def test_lists_are_joined_as_chinese_joins_them(chinese_page: Page, gateway: GatewayStub) -> None:
    accept = ["image/*", "audio/*", "application/pdf"]
    rules = FileRules(accept=accept, max_files=3, max_file_bytes=1024)
    gateway.spaces = [space(features=["prompt", "file"], files=rules)]

    chinese_page.goto("/space.html?space=echo")

    expect(chinese_page.get_by_text("图片、音频、PDF")).to_be_visible()


def test_nothing_is_shown_in_the_wrong_language_first(chinese_page: Page) -> None:
    chinese_page.route("**/locales/**", lambda route: None)

    chinese_page.goto("/", wait_until="commit")

    expect(chinese_page.locator("h1")).to_be_attached()
    expect(chinese_page.locator("h1")).to_be_hidden(timeout=1000)


def test_address_may_name_the_language(page: Page, gateway: GatewayStub) -> None:
    page.goto("/?lang=zh")

    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_switch_counts_more_than_the_address(page: Page, gateway: GatewayStub) -> None:
    page.goto("/?q=echo&lang=zh")

    page.get_by_role("button", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(re.compile(r"/\?q=echo$"))
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_browser_of_another_language_gets_english(
    new_context: NewContext, gateway: GatewayStub, static_page_url: str
) -> None:
    context = new_context(base_url=static_page_url, locale="fr-FR")
    page = context.new_page()

    page.goto("/")

    expect(page.get_by_role("heading", name="Spaces", exact=True)).to_be_visible()
