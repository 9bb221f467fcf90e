"""The API reference shows the document that the gateway serves."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.axe import DESKTOP, PHONE, ZOOMED, expect_accessible
from tests.browser.support.bodies import space
from tests.browser.support.gateway_stub import GatewayStub

pytestmark = pytest.mark.browser

ADDRESS = "/reference.html"


def open_reference(page: Page, address: str = ADDRESS) -> None:
    page.goto(address)
    expect(page.locator(".operation").first).to_be_visible()


def test_a_call_opens_with_what_it_takes_and_answers(page: Page, gateway: GatewayStub) -> None:
    open_reference(page)
    call = page.locator("#submitRequest")
    call.locator("summary").first.click()

    expect(call.get_by_text("Idempotency-Key", exact=True)).to_be_visible()
    expect(call.get_by_role("heading", name="Response 202")).to_be_visible()
    expect(call.get_by_text("queue_full")).to_be_visible()
    call.get_by_text("fields of input").click()
    call.get_by_text("Example").first.click()
    expect(call.get_by_text("prompt", exact=True).first).to_be_visible()
    expect(call.get_by_text('"prompt": "Hello?"')).to_be_visible()


def test_search_leaves_only_the_calls_that_it_finds(page: Page, gateway: GatewayStub) -> None:
    open_reference(page)

    page.get_by_role("searchbox").fill("idempotency_key_reused asme")
    expect(page.locator(".operation:visible")).to_have_count(1)
    expect(page.get_by_role("heading", name="Signed-in users").last).to_be_visible()
    expect(page.get_by_role("heading", name="Uploads")).to_have_count(0)

    page.get_by_role("searchbox").fill("nothing has this")
    expect(page.get_by_text("No call matches your search.")).to_be_visible()


def test_a_link_names_a_call_and_opens_it(page: Page, gateway: GatewayStub) -> None:
    open_reference(page, f"{ADDRESS}#cancelRequest")
    opened = page.locator("#cancelRequest")
    expect(opened).to_have_attribute("open", "")
    expect(opened).to_be_in_viewport()

    page.get_by_role("searchbox").fill("webhook")
    page.evaluate("location.hash = 'beginUpload'")
    expect(page.locator("#beginUpload")).to_have_attribute("open", "")
    expect(page.locator("#beginUpload")).to_be_in_viewport()


def test_reference_comes_when_the_gateway_can_be_reached(page: Page, gateway: GatewayStub) -> None:
    gateway.reachable = False
    page.goto(ADDRESS)
    expect(page.get_by_text("could not be loaded").first).to_be_visible()

    gateway.reachable = True
    expect(page.locator(".operation").first).to_be_visible(timeout=20_000)
    expect(page.locator("[data-part=trouble]")).to_be_hidden()


def test_space_and_footer_lead_to_the_reference(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [space()]
    page.goto("/space.html?space=echo&view=api")

    expect(page.get_by_role("link", name="All calls, fields and errors")).to_be_visible()
    page.get_by_role("link", name="API reference").click()
    expect(page.get_by_role("heading", name="API reference", level=1)).to_be_visible()


def test_chinese_reference_says_that_descriptions_are_english(
    chinese_page: Page, gateway: GatewayStub
) -> None:
    open_reference(chinese_page)
    chinese_page.locator("#submitRequest summary").first.click()

    expect(chinese_page.get_by_text("说明文字为英文")).to_be_visible()
    expect(chinese_page.get_by_role("heading", name="错误", exact=True)).to_be_visible()
    assert (
        chinese_page.locator(".operation-summary").first.evaluate("e => e.closest('[lang]').lang")
        == "en"
    )


def test_every_call_is_accessible_when_it_is_open(page: Page, gateway: GatewayStub) -> None:
    open_reference(page)
    page.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true })")
    expect(page.locator("#streamRequest").get_by_text("Example")).to_have_count(0)
    expect(page.locator("#submitRequest").get_by_text("queue_full")).to_be_visible()

    expect_accessible(page, DESKTOP, PHONE, ZOOMED)
