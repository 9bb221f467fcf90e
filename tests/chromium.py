"""Chromium, and tabs of people who have not been here before."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.find_chromium import chromium_path

if TYPE_CHECKING:  # quick tests do without it
    from playwright.sync_api import Browser, BrowserContext

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a microphone that beeps
]
EXPECTED_NOISE = ("Failed to load resource",)  # Chromium's line for every 4xx, 5xx and lost call


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about: script errors, breaches of the security policy."""
    return []


@pytest.fixture
def new_context(
    chromium: "Browser", complaints: list[str]
) -> Iterator[Callable[..., "BrowserContext"]]:
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> "BrowserContext":
        context = chromium.new_context(**{"locale": "en-GB"} | options)
        context.on("weberror", lambda event: complaints.append(str(event.error)))
        context.on("console", lambda message: _note(complaints, message.type, message.text))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.unroute_all(behavior="ignoreErrors")
        context.close()
    assert complaints == []


def _note(complaints: list[str], kind: str, text: str) -> None:
    if kind in {"error", "warning"} and not text.startswith(EXPECTED_NOISE):
        complaints.append(text)
