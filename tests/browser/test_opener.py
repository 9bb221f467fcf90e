"""A site that opens the page gets no reference to its window."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.bodies import space
from tests.browser.support.gateway_stub import GatewayStub

pytestmark = pytest.mark.browser

OTHER_SITE = "https://other.example/"


def test_site_that_opened_the_page_cannot_steer_its_window(
    fresh_page: Page, gateway: GatewayStub, static_page_url: str
) -> None:
    gateway.spaces = [space()]
    fresh_page.route(OTHER_SITE, lambda route: route.fulfill(body="<title>x</title>"))
    other = fresh_page
    other.goto(OTHER_SITE)

    with other.expect_popup() as opened:
        other.evaluate("(url) => void (window.kept = open(url))", f"{static_page_url}/index.html")

    page = opened.value
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("window.opener") is None
    assert other.evaluate("kept.closed")
