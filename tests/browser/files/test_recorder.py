"""Recordings without sound: a suspended browser, a muted microphone, one that goes."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.file_form import open_space
from tests.browser.support.gateway_stub import GatewayStub

pytestmark = pytest.mark.browser

SUSPENDED = """
    const Context = AudioContext;
    window.AudioContext = class extends Context {
        constructor() { super(); this.suspend(); }
        resume() { return WAKES ? super.resume() : new Promise(() => undefined); }
    };
"""
HEARD = """
    const media = MediaDevices.prototype, ask = media.getUserMedia;
    window.tracks = [];
    media.getUserMedia = async function (wanted) {
        const stream = await ask.call(this, wanted);
        window.tracks.push(...stream.getTracks());
        return stream;
    };
"""
MUTED = HEARD.replace("return stream;", "tracks[0].enabled = false; return stream;")


@pytest.fixture
def talking_page(page: Page) -> Page:
    page.context.grant_permissions(["microphone"])
    return page


def record(page: Page, gateway: GatewayStub, script: str) -> None:
    page.add_init_script(script)
    open_space(page, gateway)
    page.get_by_role("button", name="Record").click()


def test_recorder_that_stays_suspended_says_so_and_leaves_the_microphone(
    talking_page: Page, gateway: GatewayStub
) -> None:
    record(talking_page, gateway, HEARD + SUSPENDED.replace("WAKES", "false"))

    expect(talking_page.get_by_role("alert")).to_contain_text("did not start the recording")
    expect(talking_page.get_by_role("button", name="Record")).to_be_visible()
    assert talking_page.evaluate("tracks.map(({ readyState }) => readyState)") == ["ended"]


def test_recorder_that_was_suspended_is_resumed(talking_page: Page, gateway: GatewayStub) -> None:
    record(talking_page, gateway, SUSPENDED.replace("WAKES", "true"))

    talking_page.get_by_role("button", name="Stop · 1 s").click()

    expect(talking_page.locator(".attachment[data-phase=ready]")).to_contain_text("recording-")


def test_muted_microphone_gives_no_file(talking_page: Page, gateway: GatewayStub) -> None:
    record(talking_page, gateway, MUTED)

    talking_page.get_by_role("button", name="Stop · 2 s").click()

    expect(talking_page.get_by_role("alert")).to_contain_text("recorded no sound")
    expect(talking_page.locator(".attachment")).to_have_count(0)


def test_microphone_that_goes_leaves_what_was_recorded(
    talking_page: Page, gateway: GatewayStub
) -> None:
    record(talking_page, gateway, HEARD)
    expect(talking_page.get_by_role("button", name="Stop · 1 s")).to_be_visible()

    talking_page.evaluate("tracks[0].dispatchEvent(new Event('ended'))")

    expect(talking_page.get_by_role("alert")).to_contain_text("The recording was interrupted")
    expect(talking_page.locator(".attachment[data-phase=ready]")).to_contain_text("recording-")
