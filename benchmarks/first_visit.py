"""How long until a visitor can use the page: ``python -m benchmarks.first_visit``."""

import argparse
from dataclasses import dataclass
from secrets import token_hex
from statistics import median
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from infra.local.cloud import local_cloud
from infra.local.lifecycle import running_status
from infra.local.spaces import create_space
from tests.find_chromium import chromium_path

VISITS: Final = 5
QUIET: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
SPACE_USABLE: Final = (
    "!document.querySelector('[data-part=run]').disabled"
    " && document.querySelector('[data-part=title]').textContent === 'First visit'"
)
LIST_USABLE: Final = "document.querySelector('[data-part=cards] a') !== null"
_NOTE_WHEN: Final = """
    const look = () => {{
        if (document.readyState !== "loading" && {condition}) {{
            const files = performance.getEntriesByType("resource").length + 1;
            window.usable = [performance.now(), files];
        }} else requestAnimationFrame(look);
    }};
    requestAnimationFrame(look);
"""


@dataclass(frozen=True)
class Visit:
    """What one visit took until the page was usable."""

    seconds: float
    files: int


def main() -> None:
    """Print the medians of the cold and warm visits to the list and to a space."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=4566)
    cloud = local_cloud(parser.parse_args().port)
    space = create_space(cloud, f"first-visit-{token_hex(3)}", title="First visit").space
    root = running_status(cloud).page_url
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)
        _measure(browser, "list", root, LIST_USABLE)
        _measure(browser, "space", f"{root}space.html?space={space}", SPACE_USABLE)
        browser.close()


def _measure(browser: Browser, name: str, address: str, condition: str) -> None:
    pairs = [_cold_and_warm(browser, address, condition) for _ in range(VISITS)]
    for kind, visits in zip(("cold", "warm"), zip(*pairs, strict=True), strict=True):
        times = sorted(visit.seconds for visit in visits)
        files = round(median(visit.files for visit in visits))
        each = " ".join(f"{seconds:.2f}" for seconds in times)
        print(f"{name:6} {kind}: {median(times):.2f} s, {files} files  ({each})")


def _cold_and_warm(browser: Browser, address: str, condition: str) -> tuple[Visit, Visit]:
    context = browser.new_context()
    context.add_init_script(_NOTE_WHEN.format(condition=condition))
    page = context.new_page()
    cold = _visit(page, address)
    warm = _visit(page, address)
    context.close()
    return cold, warm


def _visit(page: Page, address: str) -> Visit:
    page.goto(address, wait_until="networkidle")
    milliseconds, files = page.wait_for_function("window.usable").json_value()
    return Visit(milliseconds / 1000, files)


if __name__ == "__main__":
    main()
