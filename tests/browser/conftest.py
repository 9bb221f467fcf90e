"""Chromium, the built page behind its own headers, and a stand-in for rare answers."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from infra.components.security_headers import CONTENT_SECURITY_POLICY
from infra.page import build_page
from tests.browser.gateway_stand_in import GatewayStandIn
from tests.browser.office_stand_in import OfficeStandIn
from tests.browser.page_server import serve_page

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
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

expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def static_page_url() -> Iterator[str]:
    with serve_page(build_page(), CONTENT_SECURITY_POLICY) as url:
        yield url


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about: script errors, breaches of the security policy."""
    return []


@pytest.fixture
def new_context(
    chromium: Browser, complaints: list[str]
) -> Iterator[Callable[..., BrowserContext]]:
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
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


@pytest.fixture
def gateway() -> GatewayStandIn:
    return GatewayStandIn()


@pytest.fixture
def context(
    new_context: Callable[..., BrowserContext], gateway: GatewayStandIn, static_page_url: str
) -> BrowserContext:
    made = new_context(base_url=static_page_url)
    gateway.attach(made)
    return made


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def office() -> OfficeStandIn:
    return OfficeStandIn()


@pytest.fixture
def office_context(
    new_context: Callable[..., BrowserContext], office: OfficeStandIn, static_page_url: str
) -> BrowserContext:
    made = new_context(base_url=static_page_url)
    made.set_default_timeout(10_000)
    office.attach(made)
    return made


@pytest.fixture
def admin_page(office_context: BrowserContext, office: OfficeStandIn) -> Page:
    """A tab of an administrator who has signed in."""
    office.sign_in(office_context)
    return office_context.new_page()
