"""Chromium, and tabs of people who have not been here before."""

from asyncio import _get_running_loop, _set_running_loop
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.chromium_flags import QUIET
from tests.complaints import note_complaints
from tests.find_chromium import chromium_path

if TYPE_CHECKING:  # quick tests do without it
    from playwright.sync_api import Browser, BrowserContext


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Hide Playwright's event loop from tests without a browser, which may run their own.

    It stays in the thread once it is there, as if it ran.
    """
    loop = _get_running_loop()
    if loop is None or "chromium" in getattr(item, "fixturenames", ()):
        return (yield)
    _set_running_loop(None)
    try:
        return (yield)
    finally:
        if loop.is_running():
            _set_running_loop(loop)


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)
        loop = _get_running_loop()
        yield browser
        _set_running_loop(loop)
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
        note_complaints(context, complaints)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.unroute_all(behavior="ignoreErrors")
        context.close()
    assert complaints == []
