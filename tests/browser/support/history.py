"""Requests that a browser remembers."""

import json

from playwright.sync_api import BrowserContext

from tests.browser.support.bodies import NONCE

POEM, SONG = f"echo.7.{NONCE}", f"echo.8.{NONCE}"


def remember(context: BrowserContext, **states: str) -> None:
    """Let the browser remember requests, newest first: a prompt and where it stands."""
    ids = {"Poem": POEM, "Song": SONG}
    entries = [
        {"id": ids[prompt], "space": "echo", "prompt": prompt, "at": 1, "status": state}
        for prompt, state in states.items()
    ]
    known = json.dumps(json.dumps(entries))
    once = "location.protocol === 'http:' && !localStorage.getItem('spaces.requests')"
    context.add_init_script(f"if ({once}) localStorage.setItem('spaces.requests', {known})")
