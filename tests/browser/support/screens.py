"""Every state of the public pages: what the gateway answers, and how it is reached."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from spaces_protocol.errors import ErrorType
from spaces_protocol.rest_bodies import (
    FileRules,
    FileView,
    OutputView,
    Partial,
    ProgressView,
    RequestResult,
    RequestState,
    SpaceView,
)
from tests.browser.support.bodies import (
    REQUEST_ID,
    ago,
    result,
    space,
    space_without_worker,
    status,
)
from tests.browser.support.gateway_stub import NO_NETWORK, Answer, GatewayStub, refusal

SPACE = "/space.html?space=echo"
OPENED = f"{SPACE}&request={REQUEST_ID}"
SHARED = f"/result.html?space=echo&request={REQUEST_ID}"
RULES = FileRules(accept=["image/*", "audio/*"], max_files=3, max_file_bytes=1024)
SCHEMA = {
    "properties": {
        "language": {"enum": ["auto", "Deutsch"], "default": "auto", "description": "Spoken."},
        "steps": {"type": "integer", "minimum": 1},
        "loud": {"type": "boolean", "default": True},
    }
}
FULL = space(features=["prompt", "image", "audio"], files=RULES, params_schema=SCHEMA)
FILE = FileView(
    name="report.pdf",
    content_type="application/pdf",
    size=20_480,
    url="https://files.example/report.pdf",
    download_url="https://files.example/report.pdf",
    inline=False,
    expires_at=ago(-3600),
)
ANSWER = result(
    output=OutputView(text="# Hi\n[link](https://a.example) `code`", data={"a": 1}, files=[FILE]),
    input={"prompt": "Hello", "files": [FILE], "params": {"steps": 3}},
)
RUNNING = status(RequestState.IN_PROGRESS, progress=ProgressView(percent=40, message="Reading"))
WRITING = status(RequestState.IN_PROGRESS, partial=Partial(text="Once **upon**", next_after="1"))
WAITING = status(RequestState.IN_QUEUE, queue_position=2)


@dataclass(frozen=True)
class Screen:
    """A state of the page: where it is seen, what the gateway says, and what it is called."""

    address: str
    heading: str
    status: Any = WAITING
    result: RequestResult = ANSWER
    spaces: list[SpaceView] = field(default_factory=lambda: [FULL])
    submit: Answer | None = None


def ended(state: RequestState, heading: str, **changes: Any) -> Screen:
    return Screen(OPENED, heading, status(state), result(state, **changes))


LONELY = [space_without_worker()]


def refused(error_type: ErrorType, heading: str) -> Screen:
    return Screen(SPACE, heading, submit=refusal(error_type, Retry_After="90"), spaces=LONELY)


SCREENS = {
    "spaces": Screen("/", "Echo", spaces=[FULL, space_without_worker("speech", title="Speech")]),
    "no spaces": Screen("/", "No spaces yet", spaces=[]),
    "space": Screen(SPACE, "Your result will appear here"),
    "no worker": Screen(SPACE, "Your result will appear here", spaces=LONELY),
    "unknown space": Screen("/space.html?space=nowhere", "Space not found"),
    "unnamed space": Screen("/space.html", "No space specified"),
    "waiting": Screen(OPENED, "2 requests ahead of you"),
    "waiting for a worker": Screen(
        OPENED,
        "Waiting for a worker",
        status(RequestState.IN_QUEUE, queue_reason="no_worker"),
        spaces=LONELY,
    ),
    "running": Screen(OPENED, "Running on lab-gpu-1", status(RequestState.IN_PROGRESS)),
    "running with progress": Screen(OPENED, "Running on lab-gpu-1", RUNNING),
    "streaming": Screen(OPENED, "Running on lab-gpu-1", WRITING),
    "another attempt": Screen(
        OPENED, "Running on lab-gpu-1", status(RequestState.IN_PROGRESS, attempt=2)
    ),
    "answered": Screen(OPENED, "Answered", status(RequestState.COMPLETED)),
    "cancelled": ended(RequestState.CANCELLED, "Cancelled"),
    "failed by the model": ended(
        RequestState.FAILED,
        "The model could not answer",
        error="Too dark.",
        error_type="worker_error",
    ),
    "failed by the system": ended(
        RequestState.FAILED, "This request could not be completed", error_type="worker_lost"
    ),
    "timed out": ended(RequestState.TIMED_OUT, "Stopped after 4.8 s"),
    "gone": Screen(
        OPENED, "This result is no longer available", refusal(ErrorType.REQUEST_EXPIRED)
    ),
    "unknown link": Screen(OPENED, "Request not found", refusal(ErrorType.REQUEST_NOT_FOUND)),
    "unreachable": Screen(OPENED, "Loading the request…", NO_NETWORK),
    "queue full": refused(ErrorType.QUEUE_FULL, "The queue is full"),
    "rate limited": refused(ErrorType.RATE_LIMITED, "Too many requests"),
    "no worker, refused": refused(ErrorType.NO_WORKER, "No worker is connected"),
    "switched off": refused(ErrorType.SPACE_DISABLED, "This space is disabled"),
    "shared": Screen(SHARED, "Answered", status(RequestState.COMPLETED)),
    "shared, cut": Screen("/result.html", "This link is incomplete"),
    "api": Screen(f"{SPACE}&view=api", "Options"),
    "about": Screen(f"{SPACE}&view=about", "Echo"),
    "framed": Screen("/embed.html?space=echo", "Your result will appear here"),
}


def open_screen(page: Page, gateway: GatewayStub, screen: Screen) -> None:
    gateway.spaces = screen.spaces
    gateway.statuses = [
        screen.status if isinstance(screen.status, Answer) else Answer(screen.status)
    ]
    gateway.results = [Answer(screen.result)]
    page.goto(screen.address)
    if screen.submit is not None:
        gateway.submits = [screen.submit]
        page.locator("#prompt").fill("Hello")
        page.locator("[data-part=run]").click()
    for folded in page.locator("main summary:visible").all():
        folded.click()
