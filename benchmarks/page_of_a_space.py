"""A space with a worker in this process, and its page in a browser."""

import asyncio
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.first_visit import QUIET
from infra.local.cloud import LocalCloud
from infra.local.lifecycle import running_status
from infra.local.spaces import create_space
from infra.local.status import LocalSpace
from spaces_worker import Worker
from tests.find_chromium import chromium_path

PATIENCE_MS: Final = 30_000


@contextmanager
def page_of_space(
    cloud: LocalCloud, name: str, model: Callable[..., Any], script: str
) -> Iterator[tuple[Page, LocalSpace]]:
    """Create a space with a worker, and open its page, in which ``script`` runs first."""
    space = create_space(cloud, name, title="A benchmark")
    status = running_status(cloud)
    with _worker(status.socket_url, space, model), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.add_init_script(script)
        page.goto(f"{status.page_url}space.html?space={space.space}")
        words = page.locator("[data-part=connection-words]")
        expect(words).to_contain_text("Connected", timeout=PATIENCE_MS)
        yield page, space
        browser.close()


def run(page: Page, prompt: str) -> None:
    """Submit a prompt."""
    page.get_by_label("Prompt").fill(prompt)
    page.get_by_role("button", name="Run", exact=True).click()


def line_of(name: str, times: list[float]) -> str:
    """Return the percentiles of what took these seconds, and each."""
    each = " ".join(f"{seconds:.2f}" for seconds in sorted(times))
    p95 = quantiles(times, n=20, method="inclusive")[-1]
    return f"{name:8} p50 {median(times):.2f} s, p95 {p95:.2f} s  ({each})"


@contextmanager
def _worker(url: str, space: LocalSpace, model: Callable[..., Any]) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        worker = Worker(url=url, token=space.worker_token, state_dir=Path(folder))
        worker.space(space.space)(model)
        thread = threading.Thread(target=lambda: asyncio.run(worker.serve()))
        thread.start()
        try:
            yield
        finally:
            worker.stop()
            thread.join()
