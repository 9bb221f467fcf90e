"""States of a conversation."""

from collections.abc import Callable
from typing import Any, Final

from playwright.sync_api import Page

from spaces_protocol.errors import ErrorType
from spaces_protocol.examples import Example
from spaces_protocol.rest_bodies import OutputView, RequestState, RequestStatus
from tests.browser.support.bodies import accepted, result, status
from tests.browser.support.chat import ADDRESS, chat_space, request_id, running, writing
from tests.browser.support.gateway_stub import ACCEPTED, Answer, GatewayStub, refusal

ANSWER: Final = "Yes.\n\n```python\nprint('Hello')\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
OFFLINE: Final[dict[str, Any]] = {"connected": False, "state": "offline", "workers": []}


def _prepare(gateway: GatewayStub, *statuses: RequestStatus) -> None:
    ident = request_id(1)
    gateway.submits = [Answer(accepted(ident, retry_after_ms=100), ACCEPTED)]
    done = status(RequestState.COMPLETED, ident)
    gateway.statuses = [Answer(each) for each in statuses or (done,)]
    gateway.results = [Answer(result(request_id=ident, output=OutputView(text=ANSWER)))]


def _say(page: Page) -> None:
    page.locator("#chat-text").fill("Can you write it in Python?")
    page.locator("#chat-text").press("Enter")


def _talk(page: Page, gateway: GatewayStub) -> None:
    _prepare(gateway)
    _say(page)
    page.locator(".chat-turn[data-role=assistant] pre").first.wait_for()


def _write(page: Page, gateway: GatewayStub) -> None:
    _prepare(gateway, writing(1, "Once upon a", "1"), running(1))
    _say(page)
    page.locator(".chat-turn[data-role=assistant] .prose").first.wait_for()


def _refuse(page: Page, gateway: GatewayStub) -> None:
    gateway.submits = [refusal(ErrorType.QUEUE_FULL)]
    _say(page)


def _nothing(_page: Page, _gateway: GatewayStub) -> None:
    pass


CHATS: Final[dict[str, tuple[dict[str, Any], Callable[[Page, GatewayStub], None]]]] = {
    "empty": ({"examples": [Example(prompt="Explain how a transistor works.")]}, _nothing),
    "offline": (OFFLINE, _nothing),
    "answered": ({}, _talk),
    "writing": ({}, _write),
    "refused": ({}, _refuse),
}


def open_chat(page: Page, gateway: GatewayStub, name: str) -> None:
    """Open a space that takes conversations, and go on to the state of this name."""
    changes, go_on = CHATS[name]
    gateway.spaces = [chat_space(**changes)]
    page.goto(ADDRESS)
    page.locator("#chat-text").wait_for()
    go_on(page, gateway)
