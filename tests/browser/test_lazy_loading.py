"""Files of the page that load late or fail at first: the page recovers on its own."""

import json
from contextlib import ExitStack
from itertools import permutations

import pytest
from playwright.sync_api import Page, Route, expect

from spaces_protocol.rest_bodies import FileRules, OutputView, RequestState
from tests.browser.support.admin_api_stub import AdminApiStub
from tests.browser.support.admin_responses import settings
from tests.browser.support.bodies import accepted, result, space, status
from tests.browser.support.gateway_stub import ACCEPTED, Answer, GatewayStub

pytestmark = pytest.mark.browser

SCHEMA = {"type": "object", "properties": {"name": {"type": "string", "title": "Name"}}}
RULES = FileRules(accept=["text/*"], max_files=3, max_file_bytes=1000)
LATE_PARTS = ("result/result_panel.js", "files/file_field.js", "form/params_form.js")


def cut_once(page: Page, pattern: str) -> None:
    """Lose the first of these files on its way, with what was preloaded of it."""
    page.route(pattern, lambda route: route.abort("internetdisconnected"), times=1)


def hold(page: Page, name: str, held: dict[str, Route]) -> None:
    page.route(f"**/scripts/{name}", lambda route: held.update({name: route}))


FILES = ["**/scripts/space_page.js", "**/scripts/lib/dom.js", "**/locales/*/space.js"]
LANGUAGES = [("en", "could not be loaded"), ("zh", "未能加载")]


@pytest.mark.parametrize("missing", FILES)
@pytest.mark.parametrize(("language", "words"), LANGUAGES)
def test_page_that_could_not_start_says_so_and_starts_as_soon_as_it_can(
    page: Page, gateway: GatewayStub, missing: str, language: str, words: str
) -> None:
    gateway.spaces = [space()]
    page.route(missing, lambda route: route.abort("internetdisconnected"))
    page.goto(f"/space.html?space=echo&lang={language}")
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    page.locator("#prompt").fill("Typed meanwhile")

    page.unroute(missing)

    expect(page.locator("[data-part=run]")).to_be_enabled()
    expect(page.locator(".missing-files")).to_be_hidden()
    expect(page.locator("#prompt")).to_have_value("Typed meanwhile")


@pytest.mark.parametrize("order", list(permutations(LATE_PARTS)), ids=" ".join)
def test_later_parts_may_come_in_any_order(
    page: Page, gateway: GatewayStub, order: tuple[str, ...]
) -> None:
    gateway.spaces = [space(features=["prompt", "file"], files=RULES, params_schema=SCHEMA)]
    gateway.submits = [Answer(accepted(), ACCEPTED)]
    gateway.statuses = [Answer(status(RequestState.COMPLETED))]
    gateway.results = [Answer(result(output=OutputView(text="Hello back")))]
    stored = {"upload_id": "upload-0", "name": "a.txt", "size": 3, "content_type": "text/plain"}
    draft = {"prompt": "", "files": [stored], "params": {"name": "Ada"}}
    keep = f"sessionStorage.setItem('spaces.draft.echo', {json.dumps(json.dumps(draft))})"
    page.add_init_script(keep)
    held: dict[str, Route] = {}
    for part in LATE_PARTS:
        hold(page, part, held)
    with ExitStack() as parts:
        for part in LATE_PARTS:
            parts.enter_context(page.expect_request(f"**/scripts/{part}"))
        page.goto("/space.html?space=echo")

    page.get_by_label("Prompt").fill("Hello")
    page.get_by_role("button", name="Run", exact=True).click()
    for part in order:
        with page.expect_response(f"**/scripts/{part}"):
            held[part].continue_()

    expect(page.locator("#result-title")).to_have_text("Answered")
    (sent,) = gateway.calls_to("POST", "/requests")
    files = [{"upload_id": "upload-0"}]
    assert sent.body["input"] == {"prompt": "Hello", "files": files, "params": {"name": "Ada"}}


def test_sign_in_is_offered_as_soon_as_it_is_known(
    signed_out_page: Page, stub: AdminApiStub
) -> None:
    cut_once(signed_out_page, "**/config.json")

    signed_out_page.goto("/")

    expect(signed_out_page.get_by_role("button", name="Sign in")).to_be_visible()


def test_configuration_that_is_no_json_is_asked_for_again(
    signed_out_page: Page, stub: AdminApiStub
) -> None:
    signed_out_page.route(
        "**/config.json", lambda route: route.fulfill(body="<html>Log in</html>"), times=1
    )

    signed_out_page.goto("/")

    expect(signed_out_page.get_by_role("button", name="Sign in")).to_be_visible()


def test_space_that_does_not_exist_is_told_as_soon_as_it_can_be(
    page: Page, gateway: GatewayStub
) -> None:
    cut_once(page, "**/space_not_found.js")

    page.goto("/space.html?space=nowhere")

    expect(page.get_by_role("heading", name="Space not found")).to_be_visible()


def test_plots_are_drawn_as_soon_as_they_can_be(admin_page: Page, stub: AdminApiStub) -> None:
    stub.spaces = [settings()]
    cut_once(admin_page, "**/draw_plot.js")

    admin_page.goto("/admin.html?view=activity")

    expect(admin_page.locator("canvas").first).to_be_visible()
