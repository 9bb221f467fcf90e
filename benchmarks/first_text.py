"""How soon the page shows text that a worker writes: ``python -m benchmarks.first_text``.

The worker and the browser share this machine's clock. The worker's first words are the time at
which it yielded them; the page notes when they are in the document.
"""

import argparse
import asyncio
import random
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from statistics import median, quantiles
from typing import Final

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.first_visit import QUIET
from infra.local.cloud import local_cloud
from infra.local.lifecycle import running_status
from infra.local.spaces import create_space
from infra.local.status import LocalSpace
from spaces_worker import Worker
from tests.find_chromium import chromium_path

REQUESTS: Final = 20
"""Of each kind, in turn."""
PATIENCE_MS: Final = 30_000
THINKING_SECONDS: Final = (0.5, 2.0)
"""How long the model thinks before its first words, at random so that no poll fits it."""
WRITING_SECONDS: Final = 2.0
"""How long it writes: longer than the time between two polls."""
STREAMED: Final = "streamed"
POLLED: Final = "polled"
_NOTE_FIRST_TEXT: Final = """
    addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
        const answer = document.querySelector("[data-part=answer] .prose");
        const [, yielded] = answer?.textContent.match(/yielded at (\\d+)/) ?? [];
        if (yielded && window.first?.[0] !== yielded) window.first = [yielded, Date.now()];
    }).observe(document, { childList: true, characterData: true, subtree: true }));
"""
_KNOWN: Final = "spaces => localStorage.setItem('spaces.streaming', JSON.stringify(spaces))"


def main() -> None:
    """Print how late the first text was, streamed and polled in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=4566)
    cloud = local_cloud(parser.parse_args().port)
    space = create_space(cloud, f"first-text-{token_hex(3)}", title="First text")
    status = running_status(cloud)
    late: dict[str, list[float]] = {STREAMED: [], POLLED: []}
    with _worker(status.socket_url, space), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)
        page = _open(browser.new_page(), f"{status.page_url}space.html?space={space.space}")
        for kind in (STREAMED, POLLED):
            _seconds_late(page, space, kind)  # cold functions
        for _ in range(REQUESTS):
            for kind, times in late.items():
                times.append(_seconds_late(page, space, kind))
        browser.close()
    for kind, times in late.items():
        each = " ".join(f"{seconds:.2f}" for seconds in sorted(times))
        p95 = quantiles(times, n=20)[-1]
        print(f"{kind:8} p50 {median(times):.2f} s, p95 {p95:.2f} s  ({each})")


async def _write(prompt: str) -> AsyncIterator[str]:
    await asyncio.sleep(random.uniform(*THINKING_SECONDS))  # noqa: S311 - no secret
    yield f"{prompt}: yielded at {time.time_ns() // 1_000_000} "
    await asyncio.sleep(WRITING_SECONDS)
    yield "and no more"


@contextmanager
def _worker(url: str, space: LocalSpace) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        worker = Worker(url=url, token=space.worker_token, state_dir=Path(folder))
        worker.space(space.space)(_write)
        thread = threading.Thread(target=lambda: asyncio.run(worker.serve()))
        thread.start()
        try:
            yield
        finally:
            worker.stop()
            thread.join()


def _open(page: Page, address: str) -> Page:
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(_NOTE_FIRST_TEXT)
    page.goto(address)
    words = page.locator("[data-part=connection-words]")
    expect(words).to_contain_text("Connected", timeout=PATIENCE_MS)
    return page


def _seconds_late(page: Page, space: LocalSpace, kind: str) -> float:
    """Submit a request; a browser polls the first text of a space that it does not know."""
    page.evaluate(_KNOWN, [space.space] if kind == STREAMED else [])
    page.get_by_label("Prompt").fill(f"{kind} {token_hex(3)}")
    page.evaluate("window.first = null")
    page.get_by_role("button", name="Run", exact=True).click()
    yielded, seen = page.wait_for_function("() => window.first").json_value()
    title = page.locator("#result-title")
    expect(title).to_have_text("Answered", timeout=PATIENCE_MS)
    return (int(seen) - int(yielded)) / 1000


if __name__ == "__main__":
    main()
