"""How soon the page shows the answer of an instant model: ``python -m benchmarks.first_answer``.

From the click on Run until the frame that has the answer, next to the round trip of an echo behind
the same emulator in the same run.
"""

import argparse
from secrets import token_hex
from statistics import median
from typing import Final

from playwright.sync_api import Page, expect

from benchmarks.echo import echo
from benchmarks.page_of_a_space import PATIENCE_MS, line_of, page_of_space, run
from infra.local.cloud import local_cloud

REQUESTS: Final = 30
WARM_UP: Final = 3
NOTE_ANSWER: Final = """
    window.shown = {};
    addEventListener("click", ({ target }) => {
        if (target.closest("[data-part=run]")) window.clicked = performance.now();
    }, { capture: true });
    addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
        const answer = document.querySelector("[data-part=answer] .prose");
        const [prompt] = answer?.textContent.match(/quick\\w+/) ?? [];
        if (!prompt || prompt in window.shown) return;
        window.shown[prompt] = null;
        requestAnimationFrame(() => { window.shown[prompt] = performance.now() - window.clicked; });
    }).observe(document, { childList: true, characterData: true, subtree: true }));
"""


def main() -> None:
    """Print how long the answer took, and the echo."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=4566)
    cloud = local_cloud(parser.parse_args().port)
    answers: list[float] = []
    echoes: list[float] = []
    name = f"first-answer-{token_hex(3)}"
    with page_of_space(cloud, name, _repeat, NOTE_ANSWER) as (page, _), echo(cloud) as call:
        for number in range(WARM_UP + REQUESTS):
            seconds, round_trip = _seconds_until_shown(page), call()
            if number >= WARM_UP:
                answers.append(seconds)
                echoes.append(round_trip)
    print(line_of("answer", answers))
    print(line_of("echo", echoes))
    print(f"an answer takes as long as {median(answers) / median(echoes):.1f} echoes")


def _repeat(prompt: str) -> str:
    return prompt


def _seconds_until_shown(page: Page) -> float:
    prompt = f"quick{token_hex(3)}"
    run(page, prompt)
    shown = page.wait_for_function("prompt => window.shown[prompt]", arg=prompt).json_value()
    expect(page.locator("#result-title")).to_have_text("Answered", timeout=PATIENCE_MS)
    return float(shown) / 1000


if __name__ == "__main__":
    main()
