"""What axe finds on a page, on devices of several sizes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[3] / "node_modules/axe-core/axe.min.js"
RUN = """axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations)"""
"""Without the details of what passed, which take most of the time."""

END_ANIMATIONS = """() => {
    const lasts = (animation) => animation.effect.getComputedTiming().endTime === Infinity;
    document.getAnimations().filter((each) => !lasts(each)).forEach((each) => each.finish());
}"""


@dataclass(frozen=True)
class Device:
    """A screen, and the theme that the page has on it."""

    width: int
    height: int
    theme: Literal["light", "dark"]


DESKTOP = Device(1280, 800, "light")
PHONE = Device(375, 667, "dark")
ZOOMED = Device(640, 400, "light")
WIDE = Device(1920, 1080, "dark")


def look_at(page: Page, device: Device) -> None:
    """Show the page as the device does, without animations."""
    page.set_viewport_size({"width": device.width, "height": device.height})
    page.emulate_media(color_scheme=device.theme, reduced_motion="reduce")


def expect_accessible(page: Page, *devices: Device) -> None:
    """Check that axe finds nothing on these devices, and that nothing is cut off sideways."""
    for device in devices:
        look_at(page, device)
        assert violations(page) == [], device
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), device


def violations(page: Page) -> list[str]:
    page.evaluate(END_ANIMATIONS)  # colours of what still fades in have no contrast
    # Playwright's own world: the page's policy stays as strict as in production.
    page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = page.evaluate(RUN)
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]
