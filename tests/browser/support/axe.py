"""What axe finds on a page, on devices of several sizes."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[3] / "node_modules/axe-core/axe.min.js"
DEVICES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "phone": {"viewport": {"width": 375, "height": 667}, "color_scheme": "dark"},
}


def violations(page: Page) -> list[str]:
    # Playwright's own world: the page's policy stays as strict as in production.
    page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = page.evaluate("axe.run().then(({violations}) => violations)")
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]
