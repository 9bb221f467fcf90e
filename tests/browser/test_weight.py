"""The size of the page, and that nothing shifts while it loads."""

import gzip
import re
from collections.abc import Callable

import msgspec
import pytest
from playwright.sync_api import BrowserContext, Page, Response, expect

from infra.page import build_page
from spaces_protocol.rest_bodies import FileRules
from tests.browser.support.admin_api_stub import AdminApiStub
from tests.browser.support.bodies import space, space_without_worker
from tests.browser.support.gateway_stub import Answer, GatewayStub

pytestmark = pytest.mark.browser

MOST_BYTES = 100_000
MOST_SHIFT = 0.1  # what Core Web Vitals calls good
SHIFTS = """
    window.shift = 0;
    new PerformanceObserver((list) => {
        const own = list.getEntries().filter((entry) => !entry.hadRecentInput);
        for (const { value } of own) window.shift += value;
    }).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize(
    "address", ["/", "/space.html?space=echo", "/result.html?space=echo&request=x"]
)
def test_first_load_is_light(
    fresh_page: Page,
    gateway: GatewayStub,
    address: str,
    record_property: Callable[[str, object], None],
) -> None:
    gateway.spaces = [space()]

    weight = weigh(fresh_page, address)

    record_property("first_load", weight)
    assert weight["bytes"] <= MOST_BYTES


def test_first_load_of_a_conversation_is_light(
    fresh_page: Page, gateway: GatewayStub, record_property: Callable[[str, object], None]
) -> None:
    gateway.spaces = [space(features=["call"], endpoints=["chat.completions"])]

    weight = weigh(fresh_page, "/space.html?space=echo")

    expect(fresh_page.get_by_role("textbox", name="Message")).to_be_visible()
    record_property("first_load", weight)
    assert weight["bytes"] <= MOST_BYTES


@pytest.mark.parametrize("address", ["/", "/space.html?space=echo"])
def test_first_load_is_as_light_for_somebody_who_is_signed_in(
    new_context: Callable[..., BrowserContext],
    stub: AdminApiStub,
    static_page_url: str,
    address: str,
) -> None:
    page = new_context(base_url=static_page_url).new_page()
    stub.sign_in(page)
    stub.answer("GET", "/me/spaces/echo", Answer(msgspec.to_builtins(space())))

    weight = weigh(page, address)

    expect(page.get_by_text("operator")).to_be_visible()
    assert weight["bytes"] <= MOST_BYTES


def weigh(page: Page, address: str) -> dict[str, int]:
    """Open a page; gives how many files it asked for, and their bytes as they travel."""
    loaded: list[Response] = []
    page.on("response", lambda response: loaded.append(response))  # noqa: PLW0108 - a bound method has no place for notes
    page.goto(address, wait_until="networkidle")
    own = [each for each in loaded if "/v1/" not in each.url and each.ok]
    return {"bytes": sum(len(gzip.compress(each.body())) for each in own), "files": len(own)}


@pytest.mark.parametrize("connected", ["yes", "no"])
@pytest.mark.parametrize("address", ["/", "/space.html?space=echo"])
def test_nothing_jumps_while_the_page_loads(
    fresh_page: Page, gateway: GatewayStub, address: str, connected: str
) -> None:
    rules = FileRules(accept=["image/*"], max_files=3, max_file_bytes=1024)
    made = space if connected == "yes" else space_without_worker
    gateway.spaces = [made(files=rules, features=["prompt", "image"])]
    fresh_page.add_init_script(SHIFTS)

    fresh_page.goto(address, wait_until="networkidle")

    assert fresh_page.evaluate("window.shift") < MOST_SHIFT


@pytest.mark.parametrize(("name", "most"), [("index", 50), ("space", 72), ("result", 86)])
def test_few_files_stand_before_a_page_that_can_be_used(name: str, most: int) -> None:
    """How long they take is a benchmark: ``python -m benchmarks.first_visit``."""
    html = (build_page() / f"{name}.html").read_text()
    (areas,) = re.findall(r'data-texts="([^"]+)"', html)

    files = re.findall(r'<link rel="(?:modulepreload|stylesheet)"|<script ', html)

    assert len(files) + len(areas.split()) <= most
