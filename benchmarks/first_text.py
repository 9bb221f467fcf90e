"""How soon the page shows text that a worker writes: ``python -m benchmarks.first_text``.

The worker and the browser share this machine's clock. The worker's first words are the time at
which it yielded them; the page notes when they are in the document.
"""

import argparse
import asyncio
import random
import time
from collections.abc import AsyncIterator
from secrets import token_hex
from typing import Final

from playwright.sync_api import Page, expect

from benchmarks.page_of_a_space import PATIENCE_MS, line_of, page_of_space, run
from infra.local.cloud import local_cloud
from infra.local.status import LocalSpace

REQUESTS: Final = 20
"""Of each kind, in turn."""
THINKING_SECONDS: Final = (0.5, 2.0)
"""How long the model thinks before its first words, at random so that no poll fits it."""
WRITING_SECONDS: Final = 2.0
"""How long it writes: longer than the time between two polls."""
STREAMED: Final = "streamed"
POLLED: Final = "polled"
NOTE_FIRST_TEXT: Final = """
    window.first = {};
    addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
        const answer = document.querySelector("[data-part=answer] .prose");
        const [, prompt, yielded] = answer?.textContent.match(/(\\w+): yielded at (\\d+)/) ?? [];
        if (prompt) window.first[prompt] ??= [Number(yielded), Date.now()];
    }).observe(document, { childList: true, characterData: true, subtree: true }));
"""
"""By prompt: the previous answer is still in the document when the next request begins."""
_KNOWN: Final = "spaces => localStorage.setItem('spaces.streaming', JSON.stringify(spaces))"


def main() -> None:
    """Print how late the first text was, streamed and polled in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=4566)
    cloud = local_cloud(parser.parse_args().port)
    late: dict[str, list[float]] = {STREAMED: [], POLLED: []}
    name = f"first-text-{token_hex(3)}"
    with page_of_space(cloud, name, _write, NOTE_FIRST_TEXT) as (page, space):
        for kind in (STREAMED, POLLED):
            _seconds_late(page, space, kind)  # cold functions
        for _ in range(REQUESTS):
            for kind, times in late.items():
                times.append(_seconds_late(page, space, kind))
    for kind, times in late.items():
        print(line_of(kind, times))


async def _write(prompt: str) -> AsyncIterator[str]:
    await asyncio.sleep(random.uniform(*THINKING_SECONDS))  # noqa: S311 - no secret
    yield f"{prompt}: yielded at {time.time_ns() // 1_000_000} "
    await asyncio.sleep(WRITING_SECONDS)
    yield "and no more"


def _seconds_late(page: Page, space: LocalSpace, kind: str) -> float:
    """Submit a request; a browser polls the first text of a space that it does not know."""
    page.evaluate(_KNOWN, [space.space] if kind == STREAMED else [])
    prompt = f"{kind}{token_hex(3)}"
    run(page, prompt)
    yielded, seen = page.wait_for_function(
        "prompt => window.first[prompt]", arg=prompt
    ).json_value()
    title = page.locator("#result-title")
    expect(title).to_have_text("Answered", timeout=PATIENCE_MS)
    return (int(seen) - int(yielded)) / 1000


if __name__ == "__main__":
    main()
