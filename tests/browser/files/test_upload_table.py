"""Odd uploads on the deployed system, from the page and without it; see docs/uploads.md."""

import os
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from infra.local.status import LocalSpace
from infra.project import PROJECT_FOLDER
from tests.browser.support.interrupting_proxy import CUTS, InterruptingProxy, interrupting_proxy
from tests.browser.support.upload_cases import ACCEPTED, CASES, LIMIT, MOST_FILES, UploadCase
from tests.browser.support.upload_form import PATIENCE_MS, open_form
from tests.browser.support.upload_probe import announced, cut_past_the_page, posted, short
from tests.chromium_flags import QUIET
from tests.find_chromium import chromium_path
from tests.local_cloud import DeployedCloud

pytestmark = [pytest.mark.browser, pytest.mark.local]

DOCUMENT = PROJECT_FOLDER / "docs" / "uploads.md"
HEAD = """# Odd uploads

What somebody gets who chooses such files on the page, and what a program gets that skips the \
page: the gateway's answer to the announcement, then the storage's to the posted file (for a form \
that was signed for an allowed file). The space takes PNG pictures and audio, at most 10 files of \
1 MB. Seen on the deployed system. Written by `tests/browser/files/test_upload_table.py`, which \
fails if anything differs; `UPDATE_UPLOADS=1 pytest tests/browser/files/test_upload_table.py` \
writes it again.

| upload | the page says | the gateway | the storage | its link serves |
|---|---|---|---|---|
"""
UPDATES = "UPDATE_UPLOADS" in os.environ
CUT = "connection cut at half"


@pytest.fixture(scope="module")
def space(deployed_cloud: DeployedCloud) -> LocalSpace:
    return deployed_cloud.create_space(
        title="Odd uploads",
        features=["prompt", "image", "audio"],
        accept=list(ACCEPTED),
        max_files=MOST_FILES,
        max_file_bytes=LIMIT,
    )


@pytest.fixture(scope="module")
def api(deployed_cloud: DeployedCloud) -> Iterator[httpx.Client]:
    root = deployed_cloud.api_url
    with httpx.Client(base_url=root, trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture
def form(
    new_context: Callable[..., BrowserContext], deployed_cloud: DeployedCloud, space: LocalSpace
) -> Page:
    page = new_context(base_url=deployed_cloud.page_url).new_page()
    open_form(page, space)
    return page


def choose(page: Page, case: UploadCase) -> None:
    page.locator("[data-part=file-input]").set_input_files(list(case.files))


def told(page: Page) -> str:
    """What the page says once no upload is in progress."""
    expect(page.locator(".attachment[data-phase=uploading]")).to_have_count(0, timeout=PATIENCE_MS)
    refused = page.locator(".files-problem p").all_inner_texts()
    taken = page.locator(".attachment[data-phase=ready] .attachment-name").all_inner_texts()
    kept = [f"taken: {short(taken[0])}" if len(taken) == 1 else f"{len(taken)} taken"]
    return " ".join([*(short(line) for line in refused), *(kept if taken else [])])


def cut_on_the_page(page: Page, relay: InterruptingProxy) -> str:
    """Lose the connection at half of a file: what is said, and how it goes on."""
    choose(page, CASES["the limit (1 MB)"])
    state = page.locator(".attachment-state")
    expect(state).to_have_text("Connection lost. Uploading again…", timeout=PATIENCE_MS)
    words = state.inner_text()
    expect(page.locator(".attachment[data-phase=ready]")).to_have_count(1, timeout=PATIENCE_MS)
    assert relay.cuts == CUTS
    return f"{words} Then by itself: {told(page)}"


def row(name: str, *cells: str) -> str:
    return "| " + " | ".join([name, *(cell.replace("|", "¦") for cell in cells)]) + " |"


@pytest.fixture(scope="module")
def rows() -> dict[str, str]:
    return {}


@pytest.mark.parametrize("name", CASES)
def test_odd_upload_gets_what_the_document_says(
    name: str, form: Page, api: httpx.Client, space: LocalSpace, rows: dict[str, str]
) -> None:
    case = CASES[name]
    choose(form, case)

    seen = [told(form), announced(api, space.space, case), *posted(api, space.space, case)]
    rows[name] = row(name, *seen)

    assert UPDATES or rows[name] in DOCUMENT.read_text("utf-8")


def test_cut_upload_gets_what_the_document_says(
    chromium: Browser,
    deployed_cloud: DeployedCloud,
    api: httpx.Client,
    space: LocalSpace,
    rows: dict[str, str],
) -> None:
    port = deployed_cloud.cloud.port
    with interrupting_proxy(port, cut_after=LIMIT // 2) as relay:
        rule = f"--host-resolver-rules=MAP *:{port} 127.0.0.1:{relay.port}"
        browser = chromium.browser_type.launch(executable_path=chromium_path(), args=[*QUIET, rule])
        page = browser.new_page(base_url=deployed_cloud.page_url)
        open_form(page, space)
        on_the_page = cut_on_the_page(page, relay)
        browser.close()
    after, stored = cut_past_the_page(api, space.space)
    rows[CUT] = row(CUT, on_the_page, after, stored, "-")

    assert UPDATES or rows[CUT] in DOCUMENT.read_text("utf-8")


def test_document_has_no_other_rows(rows: dict[str, str]) -> None:
    if len(rows) != len(CASES) + 1:
        pytest.skip("Only some of the uploads were tried.")
    document = HEAD + "\n".join(rows.values()) + "\n"
    if UPDATES:
        DOCUMENT.write_text(document, "utf-8")

    assert DOCUMENT.read_text("utf-8") == document
