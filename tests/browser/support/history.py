"""Requests that a browser remembers."""

import json

from playwright.sync_api import Page

from tests.browser.support.bodies import NONCE
from tests.browser.support.page_server import EMPTY_PAGE

POEM, SONG = f"echo.7.{NONCE}", f"echo.8.{NONCE}"


def remember(page: Page, **states: str) -> None:
    """Let the browser remember requests, newest first: a prompt and where it stands."""
    ids = {"Poem": POEM, "Song": SONG}
    entries = [
        {"id": ids[prompt], "space": "echo", "prompt": prompt, "at": 1, "status": state}
        for prompt, state in states.items()
    ]
    if page.url == "about:blank":
        page.goto(EMPTY_PAGE)
    page.evaluate("known => localStorage.setItem('spaces.requests', known)", json.dumps(entries))
