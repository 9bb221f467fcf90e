"""A conversation with a stubbed gateway."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from spaces_protocol.rest_bodies import (
    OutputView,
    Partial,
    RequestState,
    RequestStatus,
    SpaceView,
)
from tests.browser.support.bodies import NONCE, accepted, result, space, status
from tests.browser.support.gateway_stub import ACCEPTED, Answer, GatewayStub

ADDRESS = "/space.html?space=echo"


def chat_space(**changes: Any) -> SpaceView:
    usual: dict[str, Any] = {
        "title": "Chat",
        "features": ["prompt", "call"],
        "endpoints": ["chat.completions"],
    }
    return space(**usual | changes)


def request_id(number: int) -> str:
    return f"echo.{number}.{NONCE}"


def writing(number: int, text: str, after: str, **changes: Any) -> RequestStatus:
    partial = Partial(text=text, next_after=after, restarted=changes.pop("restarted", False))
    return status(RequestState.IN_PROGRESS, request_id(number), partial=partial, **changes)


def running(number: int) -> RequestStatus:
    return status(RequestState.IN_PROGRESS, request_id(number))


class Conversation:
    """What a person does and sees; each message is a request of its own."""

    def __init__(self, page: Page, gateway: GatewayStub) -> None:
        self.page = page
        self.gateway = gateway
        self.number = 0
        self.message = page.get_by_role("textbox", name="Message")
        self.send = page.get_by_role("button", name="Send", exact=True)
        self.stop = page.get_by_role("button", name="Stop", exact=True)
        self.turns = page.locator(".chat-turn")
        self.answers = page.locator(".chat-turn[data-role=assistant]")
        self.questions = page.locator(".chat-question")

    def open(self, address: str = ADDRESS, **changes: Any) -> None:
        self.gateway.spaces = [chat_space(**changes)]
        self.page.goto(address)
        expect(self.message).to_be_visible()

    def next(self, *statuses: RequestStatus, text: str | None = None, **changes: Any) -> int:
        """Prepare the gateway for the next request; without statuses, it is answered at once."""
        self.number += 1
        ident = request_id(self.number)
        done = status(RequestState.COMPLETED, ident)
        self.gateway.submits = [Answer(accepted(ident, retry_after_ms=100), ACCEPTED)]
        self.gateway.statuses = [Answer(each) for each in (statuses or (done,))]
        usual = {"output": OutputView(text=text)} if text is not None else {}
        self.gateway.results = [Answer(result(request_id=ident, **usual | changes))]
        return self.number

    def ask(self, question: str, text: str) -> None:
        """Send a message that is answered at once."""
        self.next(text=text)
        self.say(question)
        expect(self.answers.last.locator(".prose")).to_have_text(text)

    def say(self, question: str) -> None:
        self.message.fill(question)
        self.message.press("Enter")

    def finish(self, text: str) -> None:
        """Let the request that runs end with this answer."""
        ident = request_id(self.number)
        self.gateway.results = [Answer(result(request_id=ident, output=OutputView(text=text)))]
        self.gateway.statuses = [Answer(status(RequestState.COMPLETED, ident))]

    def body(self) -> dict[str, Any]:
        """The body of the call that was sent last."""
        call = self.gateway.calls_to("POST", "/requests")[-1].body["input"]["call"]
        assert call["endpoint"] == "chat.completions"
        body: dict[str, Any] = call["body"]
        return body

    def said(self) -> list[tuple[str, str]]:
        return [(each["role"], each["content"]) for each in self.body()["messages"]]

    def action(self, turn: Locator, name: str) -> Locator:
        return turn.get_by_role("button", name=name, exact=True)
