"""Uploads over connections that break or stall, on the deployed system."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_bytes

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from infra.local.status import LocalSpace
from spaces_protocol.limits import MIN_PART_BYTES, PARTS_ABOVE_BYTES
from tests.browser.support.interrupting_proxy import CUTS, InterruptingProxy, interrupting_proxy
from tests.browser.support.upload_form import PATIENCE_MS, open_form
from tests.chromium_flags import QUIET
from tests.find_chromium import chromium_path
from tests.local.support.connections import dial
from tests.local.support.files import checksum, hear
from tests.local_cloud import DeployedCloud

pytestmark = [pytest.mark.browser, pytest.mark.local]

LARGE = token_bytes(5 * MIN_PART_BYTES)
SMALL = token_bytes(PARTS_ABOVE_BYTES - 1)
WITHIN_THE_SECOND_PART = MIN_PART_BYTES * 3 // 2
SILENT_MS = 30_000
OVERHEAD = 256 * 1024
"""More than the page itself, its calls and the heads of all requests need."""


@pytest.fixture
def space(deployed_cloud: DeployedCloud) -> LocalSpace:
    return deployed_cloud.create_space(title="Bad lines", features=["audio"])


@contextmanager
def form_behind(
    relay: InterruptingProxy, chromium: Browser, cloud: DeployedCloud
) -> Iterator[Page]:
    rule = f"--host-resolver-rules=MAP *:{cloud.cloud.port} 127.0.0.1:{relay.port}"
    browser = chromium.browser_type.launch(executable_path=chromium_path(), args=[*QUIET, rule])
    yield browser.new_page(base_url=cloud.page_url)
    browser.close()


def choose(page: Page, folder: Path, content: bytes) -> None:
    path = folder / "long.wav"
    path.write_bytes(content)
    page.locator("[data-part=file-input]").set_input_files(path)


def what_a_worker_gets(page: Page, cloud: DeployedCloud, space: LocalSpace) -> bytes:
    with dial(cloud, space) as link, httpx.Client(trust_env=False, timeout=60) as http:
        link.register(space.space)
        page.get_by_role("button", name="Run", exact=True).click()
        (given,) = hear(link, "request")["input"]["files"]
        return http.get(given["url"]).content


def test_of_a_large_file_only_the_part_that_was_cut_is_sent_again(
    chromium: Browser, deployed_cloud: DeployedCloud, space: LocalSpace, tmp_path: Path
) -> None:
    port = deployed_cloud.cloud.port
    with (
        interrupting_proxy(port, cut_after=WITHIN_THE_SECOND_PART) as relay,
        form_behind(relay, chromium, deployed_cloud) as page,
    ):
        open_form(page, space)
        choose(page, tmp_path, LARGE)
        ready = page.locator(".attachment[data-phase=ready]")
        expect(ready).to_have_count(1, timeout=2 * PATIENCE_MS)
        taken = relay.taken
        content = what_a_worker_gets(page, deployed_cloud, space)

    assert checksum(content) == checksum(LARGE)
    assert relay.cuts == CUTS
    # Each of the cut connections had sent half a part in vain.
    assert 0 < taken - len(LARGE) < CUTS * MIN_PART_BYTES // 2 + OVERHEAD


def test_upload_on_a_line_that_falls_silent_is_begun_again(
    chromium: Browser, deployed_cloud: DeployedCloud, space: LocalSpace, tmp_path: Path
) -> None:
    port = deployed_cloud.cloud.port
    with (
        interrupting_proxy(port, cut_after=2 * 1024**2, silent=True) as relay,
        form_behind(relay, chromium, deployed_cloud) as page,
    ):
        page.clock.install()
        open_form(page, space)
        choose(page, tmp_path, SMALL)
        state = page.locator(".attachment-state")
        for cuts in range(1, CUTS + 1):
            expect(state).to_have_text(re.compile(r"^[1-9]\d?% of"), timeout=PATIENCE_MS)
            wait_for_cuts(page, relay, cuts)
            page.clock.run_for(SILENT_MS)
        ready = page.locator(".attachment[data-phase=ready]")
        expect(ready).to_have_count(1, timeout=PATIENCE_MS)
        content = what_a_worker_gets(page, deployed_cloud, space)

    assert checksum(content) == checksum(SMALL)


def wait_for_cuts(page: Page, relay: InterruptingProxy, number: int) -> None:
    for _ in range(200):
        if relay.cuts >= number:
            page.wait_for_timeout(300)  # let the page report what the system still buffers
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"only {relay.cuts} of {number} connections fell silent")
