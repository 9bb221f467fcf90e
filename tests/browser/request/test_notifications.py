"""“Notify me” is offered only where notifications work."""

import pytest
from playwright.sync_api import Page, expect

from spaces_protocol.rest_bodies import OutputView, RequestState
from tests.browser.support.bodies import REQUEST_ID, result, space, status
from tests.browser.support.gateway_stub import Answer, GatewayStub

pytestmark = pytest.mark.browser

NOTIFICATIONS = """
window.notes = [];
window.illegal = %s;
window.Notification = class extends EventTarget {
  static permission = "default";
  static async requestPermission() { return (this.permission = "granted"); }
  constructor(title, options) {
    super();
    if (window.illegal) throw new TypeError("Illegal constructor.");
    if (Notification.permission === "granted" && !options.silent) window.notes.push(options.body);
  }
  close() {}
};
"""
HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def open_running(page: Page, gateway: GatewayStub, *, illegal: bool = False) -> None:
    page.add_init_script(NOTIFICATIONS % str(illegal).lower())
    gateway.spaces = [space()]
    gateway.statuses = [Answer(status(RequestState.IN_PROGRESS))]
    gateway.results = [Answer(result(output=OutputView(text="There you are")))]
    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")
    expect(page.locator("#result-title")).to_have_text("Running on lab-gpu-1")


def end_unseen(page: Page, gateway: GatewayStub) -> None:
    page.evaluate(HIDE, arg=True)
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    expect(page.locator("#result-title")).to_have_text("Answered")


def test_end_is_told_once_while_nobody_looks(page: Page, gateway: GatewayStub) -> None:
    open_running(page, gateway)
    page.get_by_role("button", name="Notify me").click()
    expect(page.get_by_role("button", name="You will be notified")).to_be_visible()

    end_unseen(page, gateway)

    assert page.evaluate("notes") == ["Answered"]


def test_nothing_is_promised_where_a_page_may_not_notify(page: Page, gateway: GatewayStub) -> None:
    open_running(page, gateway, illegal=True)

    page.get_by_role("button", name="Notify me").click()

    expect(page.get_by_text("This browser does not support notifications.")).to_be_attached()
    expect(page.locator("[data-part=notify]")).to_be_hidden()
    assert page.evaluate("Notification.permission") == "default"


def test_notification_that_fails_at_the_end_stops_nothing(page: Page, gateway: GatewayStub) -> None:
    open_running(page, gateway)
    page.get_by_role("button", name="Notify me").click()
    expect(page.get_by_role("button", name="You will be notified")).to_be_visible()
    page.evaluate("window.illegal = true")

    end_unseen(page, gateway)

    page.evaluate(HIDE, arg=False)
    expect(page.get_by_text("There you are")).to_be_visible()
    assert page.evaluate("notes") == []
