"""Draws the administration for the documents: ``python -m tests.screens.documents``.

The other pictures come from real workers: ``UPDATE_PICTURES=1 pytest tests/models``.
"""

from contextlib import closing
from typing import Final, Literal, NamedTuple

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from infra.page import build_page
from infra.page_policy import CONTENT_SECURITY_POLICY
from infra.project import PROJECT_FOLDER
from tests.browser.support.admin_screens import shown_view
from tests.browser.support.page_server import PageServer, serve_page
from tests.chromium_flags import QUIET
from tests.find_chromium import chromium_path


class Picture(NamedTuple):
    """A picture of a view."""

    name: str
    view: str
    size: ViewportSize
    theme: Literal["light", "dark"] = "light"


DESKTOP: Final[ViewportSize] = {"width": 1280, "height": 800}
PICTURES: Final = (
    Picture("administration-activity", "activity", DESKTOP),
    Picture("administration-workers", "workers", DESKTOP),
    Picture("administration-phone", "spaces", {"width": 375, "height": 800}, "dark"),
)


def main() -> None:
    """Draw all pictures into docs/images."""
    with (
        sync_playwright() as playwright,
        serve_page(build_page(), CONTENT_SECURITY_POLICY) as server,
        closing(playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)) as browser,
    ):
        for picture in PICTURES:
            _draw(browser, server, picture)


def _draw(browser: Browser, server: PageServer, picture: Picture) -> None:
    page = browser.new_page(
        base_url=server.url,
        locale="en-GB",
        viewport=picture.size,
        color_scheme=picture.theme,
        reduced_motion="reduce",
    )
    with closing(page), shown_view(server, picture.view, page):
        page.wait_for_load_state("networkidle")
        file = PROJECT_FOLDER / f"docs/images/{picture.name}.png"
        page.screenshot(path=file, full_page=True)


if __name__ == "__main__":
    main()
