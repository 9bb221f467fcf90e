"""A space that takes files, and pictures to choose for it."""

from pathlib import Path
from typing import Any

from playwright.sync_api import FilePayload, Page, expect

from spaces_protocol.rest_bodies import FileRules, RequestState
from tests.browser.support.bodies import accepted, space, status
from tests.browser.support.gateway_stub import ACCEPTED, Answer, GatewayStub

MEGABYTE = 1024 * 1024
RULES = FileRules(accept=["image/*", "audio/*"], max_files=3, max_file_bytes=MEGABYTE)
PNG = (Path(__file__).resolve().parents[3] / "docs/images/page.png").read_bytes()
REQUESTS = "/requests"


def picture(name: str = "cat.png", size: int = 600) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": PNG[:size]}


def open_space(page: Page, gateway: GatewayStub, **changes: Any) -> None:
    usual: dict[str, Any] = {"features": ["prompt", "image", "audio"], "files": RULES}
    gateway.spaces = [space(**usual | changes)]
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [Answer(status(RequestState.IN_QUEUE))]
    page.goto("/space.html?space=echo")
    expect(page.get_by_text("Connected to lab-gpu-1")).to_be_visible()
    if gateway.spaces[0].files:
        expect(page.get_by_role("button", name="Choose files")).to_be_visible()


def choose(page: Page, *files: FilePayload) -> None:
    page.locator("[data-part=file-input]").set_input_files(list(files))


def run(page: Page) -> None:
    page.get_by_role("button", name="Run", exact=True).click()
