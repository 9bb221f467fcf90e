"""The form of a space that takes uploads, on the deployed page."""

from playwright.sync_api import Page, expect

from infra.local.status import LocalSpace

PATIENCE_MS = 30_000


def open_form(page: Page, space: LocalSpace) -> None:
    page.goto(f"/space.html?space={space.space}")
    expect(page.get_by_role("button", name="Choose files")).to_be_visible(timeout=PATIENCE_MS)
