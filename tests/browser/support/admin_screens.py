"""Every view of the administration, with something in it, and its dialogs."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from tests.browser.support.admin_api_stub import AdminApiStub
from tests.browser.support.admin_responses import (
    entry,
    key,
    person,
    request,
    settings,
    token,
    worker,
)
from tests.browser.support.axe import Device, look_at
from tests.browser.support.bodies import space_without_worker
from tests.browser.support.gateway_stub import Answer
from tests.browser.support.page_server import PageServer

VIEWS = {
    "overview": "Needs attention",
    "spaces": "Speech to text",
    "space": "Advanced settings",
    "connect&space=speech": "Ollama or vLLM",
    "space&space=speech": "Delete this space…",
    "space&space=speech&tab=overview": "Processing time",
    "space&space=speech&tab=requests": "6 requests shown",
    "workers": "lab-gpu-1",
    "requests": "6 requests shown",
    "activity": "Processing time",
    "access": "nightly transcripts",
    "people": "visitor@example.org",
    "audit": "changed space",
}
DIALOGS = {
    "access": ("New key", "Create key"),
    "people": ("Invite…", "Send invitation"),
    "workers": ("Disconnect lab-gpu-1", "Disconnect lab-gpu-1?"),
    "requests": ("Cancel request echo.1", "It will leave the queue"),
    "space&space=speech": ("Delete this space…", "Type speech to confirm"),
}


def fill(stub: AdminApiStub) -> None:
    private = settings(
        "speech", title="Speech to text", features=["audio", "file"], visibility="private"
    )
    own = [{"title": "Greeting", "prompt": "Hello", "params": {"voice": "b"}}, {"prompt": "Bye"}]
    stub.spaces = [
        settings(),
        private | {"members": ["visitor"], "disabled": True, "examples": own},
    ]
    waiting = space_without_worker("echo", queue_length=3)
    stub.live = [waiting, space_without_worker("speech", last_seen=None)]
    stub.tokens = [token(), token("tok2", state="revoked"), token("tok3", state="rotating")]
    stub.keys = [key()]
    stub.workers = [worker()]
    stub.people = [
        person("operator", administrator=True),
        person("ada", administrator=True),
        person(),
        person("guest", state="invited"),
        person("gone", disabled=True),
    ]
    stub.entries = [entry(), entry("edit_space", outcome="begun")]
    states = ("IN_QUEUE", "IN_PROGRESS", "COMPLETED", "FAILED", "TIMED_OUT", "CANCELLED")
    stub.requests = [request(index + 1, state) for index, state in enumerate(states)]
    stub.answer("POST", "/admin/spaces/speech/purge", Answer({"count": 2}))


def open_view(page: Page, stub: AdminApiStub, view: str, device: Device) -> None:
    fill(stub)
    look_at(page, device)
    page.goto(f"/admin.html?view={view}")


@contextmanager
def shown_view(server: PageServer, view: str, page: Page) -> Iterator[None]:
    """Show a view to an administrator who has signed in, outside pytest."""
    with server.answering(AdminApiStub()) as stub:
        fill(stub)
        stub.sign_in(page)
        page.goto(f"/admin.html?view={view}")
        yield
