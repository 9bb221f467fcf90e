"""Markup and invisible characters from users and workers stay text wherever they are shown."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from spaces_protocol.rest_bodies import (
    FileView,
    OutputView,
    Partial,
    ProgressView,
    RequestState,
    SpaceView,
    WorkerView,
)
from tests.browser.support.bodies import REQUEST_ID, ago, result, space, status
from tests.browser.support.gateway_stub import Answer, GatewayStub

pytestmark = pytest.mark.browser

MARKUP = "<img src=x onerror=window.owned=1><script>window.owned=1</script><b>no</b>"
TURNED = "photo\u202egnp.exe"
UNSEEN = "photo\u200bgnp.exe"
PLAIN = "photognp.exe"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "__proto__": {"title": f"proto {MARKUP}", "type": "string"},
        "word": {"title": f"word {MARKUP}", "description": f"about {MARKUP}", "type": "string"},
        "pick": {"title": "Pick", "enum": [f"one {MARKUP}", {"two": MARKUP}]},
        "named": {"title": "Named", "oneOf": [{"const": 1, "title": f"three {MARKUP}"}]},
        "start": {"title": "Start", "type": "string", "default": f"four {MARKUP}"},
    },
}


@pytest.fixture(autouse=True)
def nothing_runs(page: Page, gateway: GatewayStub, static_page_url: str) -> Iterator[None]:
    """Whatever is shown: no script ran, no element came of it, nobody else was asked."""
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    yield
    assert page.evaluate("window.owned") is None
    assert page.locator("img[src=x], main script, main b").count() == 0
    assert [url for url in asked if not url.startswith((static_page_url, "blob:"))] == []
    assert page.locator("[href^='javascript:' i], [src^='javascript:' i]").count() == 0


def hostile_space() -> SpaceView:
    return space(
        title=f"title {MARKUP}",
        description=f"description {MARKUP}",
        workers=[WorkerView(worker_id=f"worker {MARKUP}", state="ready", since=ago(60))],
        cover_url="javascript:window.owned=1",
        params_schema=SCHEMA,
    )


def open_request(
    page: Page, gateway: GatewayStub, state: RequestState, answer: Any = None, **changes: Any
) -> None:
    gateway.spaces = [hostile_space()]
    gateway.statuses = [Answer(status(state, **changes))]
    gateway.results = [Answer(answer)]
    page.goto(f"/space.html?space=echo&request={REQUEST_ID}")


def shown(page: Page, words: str) -> None:
    expect(page.locator("main").get_by_text(f"{words} {MARKUP}").first).to_be_visible()


def test_words_of_a_space_in_the_list(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [hostile_space()]

    page.goto("/")

    shown(page, "title")
    shown(page, "description")


def test_words_of_a_space_and_its_worker(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [hostile_space()]

    page.goto("/space.html?space=echo")

    for words in ("title", "description", "worker"):
        shown(page, words)
    assert MARKUP in page.title()


def test_words_of_a_schema(page: Page, gateway: GatewayStub) -> None:
    gateway.spaces = [hostile_space()]
    page.goto("/space.html?space=echo")

    page.get_by_text("Options").click()

    for words in ("word", "about"):
        shown(page, words)
    options = page.locator("option").all_inner_texts()
    assert {f"one {MARKUP}", f"three {MARKUP}"} <= set(options)
    expect(page.get_by_label("Start")).to_have_value(f"four {MARKUP}")


def test_progress_of_a_worker(page: Page, gateway: GatewayStub) -> None:
    progress = ProgressView(percent=20, message=f"progress {MARKUP}")
    worker = f"worker {MARKUP}"

    open_request(page, gateway, RequestState.IN_PROGRESS, progress=progress, worker_id=worker)

    shown(page, "progress")
    shown(page, "worker")


def test_text_while_it_is_written(page: Page, gateway: GatewayStub) -> None:
    links = "[bad](javascript:window.owned=1)"
    partial = Partial(text=f"partial {MARKUP}\n\n{links}", next_after="1.1", restarted=False)

    open_request(page, gateway, RequestState.IN_PROGRESS, partial=partial)

    expect(page.locator(".prose:not(.plain-text)")).to_contain_text(f"partial {MARKUP}")
    expect(page.locator(".prose a[href]")).to_have_count(0)


def test_error_of_a_model(page: Page, gateway: GatewayStub) -> None:
    failed = result(RequestState.FAILED, error=f"error {MARKUP}", error_type="user_error")

    open_request(page, gateway, RequestState.FAILED, failed)

    shown(page, "error")


def test_what_stands_beside_an_answer(page: Page, gateway: GatewayStub) -> None:
    output = OutputView(text="Fine.", data={MARKUP: f"data {MARKUP}"})
    asked = {"prompt": f"prompt {MARKUP}", "params": {"word": f"param {MARKUP}"}}

    open_request(
        page,
        gateway,
        RequestState.COMPLETED,
        result(output=output, input=asked, model=f"model {MARKUP}", worker_id=f"by {MARKUP}"),
    )

    page.get_by_text("Details", exact=True).click()
    for words in ("data", "prompt", "param", "model", "by"):
        shown(page, words)


@pytest.mark.parametrize("name", [TURNED, UNSEEN])
def test_name_of_a_file_shows_its_true_ending(
    page: Page, gateway: GatewayStub, static_page_url: str, name: str
) -> None:
    file = FileView(
        name=name,
        content_type="application/octet-stream",
        size=9,
        url=f"{static_page_url}/storage/a",
        download_url=f"{static_page_url}/storage/a",
        inline=False,
        expires_at=ago(-3600),
    )

    open_request(page, gateway, RequestState.COMPLETED, result(output=OutputView(files=[file])))

    link = page.locator(".output-file-link")
    expect(link).to_have_text(PLAIN)
    expect(link).to_have_attribute("download", PLAIN)


def test_worker_cannot_turn_the_sentence_round(page: Page, gateway: GatewayStub) -> None:
    open_request(page, gateway, RequestState.IN_PROGRESS, worker_id=TURNED)

    expect(page.locator("#result-title")).to_have_text(f"Running on {PLAIN}")
