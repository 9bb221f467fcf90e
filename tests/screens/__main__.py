"""Pictures of every screen in every combination, and what is cut off: ``python -m tests.screens``.

Each screen is looked at on a desktop and a phone, light and dark, in both languages; at 200 % zoom,
and in forced colours. Look at the sheets: only people see what is ugly.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import groupby, product
from pathlib import Path
from typing import Final, Literal, NamedTuple

from playwright.sync_api import Browser, Error, Page, ViewportSize, sync_playwright

from infra.page import build_page
from infra.page_policy import CONTENT_SECURITY_POLICY
from infra.project import BUILD_FOLDER
from tests.browser.support.admin_screens import VIEWS, shown_view
from tests.browser.support.gateway_stub import GatewayStub
from tests.browser.support.page_server import EMPTY_PAGE, PageServer, serve_page
from tests.browser.support.screens import SCREENS, open_screen
from tests.chromium_flags import QUIET
from tests.find_chromium import chromium_path
from tests.screens.more_screens import CHATS, open_chat
from tests.screens.sheet import write_sheet

CUT_OFF: Final = Path(__file__).with_name("cut_off.js")
LANGUAGES: Final = {"en": "en-GB", "zh": "zh-CN"}
Theme = Literal["light", "dark"]


class Look(NamedTuple):
    """A way to look at a screen."""

    name: str
    size: ViewportSize
    theme: Theme = "light"
    forced: bool = False


DESKTOP: Final[ViewportSize] = {"width": 1280, "height": 800}
PHONE: Final[ViewportSize] = {"width": 375, "height": 667}
THEMES: Final[tuple[Theme, ...]] = ("light", "dark")
LOOKS: Final = (
    *(Look(f"desktop-{theme}", DESKTOP, theme) for theme in THEMES),
    *(Look(f"phone-{theme}", PHONE, theme) for theme in THEMES),
    Look("forced-colours", PHONE, "dark", forced=True),
    Look("zoom-200", {"width": 640, "height": 400}),
)
Opened = Callable[[Page], AbstractContextManager[None]]


class Shown(NamedTuple):
    """A picture of a screen."""

    screen: str
    look: str
    language: str
    file: Path


def main(arguments: list[str]) -> int:
    """Return 1 if something is cut off, else 0."""
    folder = Path(arguments[0]) if arguments else BUILD_FOLDER / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    shown: list[Shown] = []
    faults: list[str] = []
    with (
        sync_playwright() as playwright,
        serve_page(build_page(), CONTENT_SECURITY_POLICY) as server,
    ):
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)
        for language, (screen, opened) in product(LANGUAGES, _openings(server)):
            for size, looks in groupby(LOOKS, lambda look: look.size):
                with _tab(browser, server.url, LANGUAGES[language], size) as page, opened(page):
                    shown += _look(page, folder, screen, language, [*looks], faults)
            _say(f"{screen}, {language}")
        for look, language in product(LOOKS, LANGUAGES):
            some = [each for each in shown if (each.look, each.language) == (look.name, language)]
            write_sheet(browser, folder / f"{look.name}-{language}.png", look.size, some)
        browser.close()
    _say(f"{len(shown)} pictures in {folder}")
    for fault in faults:
        _say(f"cut off: {fault}")
    return 1 if faults else 0


def _openings(server: PageServer) -> Iterator[tuple[str, Opened]]:
    for name, screen in SCREENS.items():
        yield name, partial(_public, server, partial(open_screen, screen=screen))
    for name in CHATS:
        yield f"chat, {name}", partial(_public, server, partial(open_chat, name=name))
    for view in VIEWS:
        yield f"admin, {view}", partial(shown_view, server, view)


@contextmanager
def _public(server: PageServer, opening: Callable[..., None], page: Page) -> Iterator[None]:
    with server.answering(GatewayStub()) as stub:
        opening(page, stub)
        yield


@contextmanager
def _tab(browser: Browser, url: str, locale: str, size: ViewportSize) -> Iterator[Page]:
    context = browser.new_context(
        base_url=url, locale=locale, viewport=size, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(EMPTY_PAGE)
    yield page
    context.close()


def _look(
    page: Page, folder: Path, screen: str, language: str, looks: list[Look], faults: list[str]
) -> Iterator[Shown]:
    page.wait_for_load_state("networkidle")
    for look in looks:
        page.emulate_media(
            color_scheme=look.theme, forced_colors="active" if look.forced else "none"
        )
        page.wait_for_timeout(120)
        name = f"{screen}-{look.name}-{language}".replace(", ", "-").replace(" ", "-")
        file = folder / f"{name.translate(str.maketrans('&=?/', '----'))}.png"
        try:
            page.screenshot(path=file)
        except Error as error:
            faults.append(f"{screen}, {look.name}, {language}: no picture: {error}")
            continue
        found: list[str] = page.evaluate(CUT_OFF.read_text("utf-8"))
        faults += [f"{screen}, {look.name}, {language}: {each}" for each in found]
        yield Shown(screen, look.name, language, file)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
