"""One tab that all tests of a process use in turn: a new one costs three times as much."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, NoReturn

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Keyboard,
    Mouse,
    Page,
    ViewportSize,
)

from tests.browser.support.page_server import EMPTY_PAGE
from tests.complaints import note_complaints

USUAL_SIZE: Final[ViewportSize] = {"width": 1280, "height": 720}
USUAL_TIMEOUT_MS: Final = 30_000
OFF_THE_PAGE: Final = (-1, -1)
LASTING: Final = (
    "expose_binding",
    "expose_function",
    "set_extra_http_headers",
    "set_geolocation",
    "set_storage_state",
)
"""What a context cannot take back; neither can it take back its clock."""
CLOCK: Final = ("install", "pause_at", "set_fixed_time", "set_system_time")
REMEDY: Final = "cannot be undone in the tab that tests share: take the fixture fresh_page"
FORGET: Final = """async () => {
    localStorage.clear();
    sessionStorage.clear();
    window.name = "";
    for (const key of await caches.keys()) await caches.delete(key);
    for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
}"""


class SharedTab:
    """A tab that a test gets as if it were new, on an empty document of the page's origin.

    What a test changed is undone after it: storage, scripts, routes, listeners, permissions, size,
    media, other tabs, keys and buttons that are still down. A test that does what cannot be undone
    fails where it does so. The browser closes the tab with itself.
    """

    def __init__(self, browser: Browser, url: str, locale: str = "en-GB") -> None:
        self._browser = browser
        self._options: dict[str, Any] = {"base_url": url, "locale": locale}
        self._complaints: list[str] = []
        self._page: Page | None = None
        self._undo: list[Callable[[], Any]] = []
        self._release: list[Callable[[], None]] = []

    def begin(self) -> Page:
        """Return the tab."""
        self._page = self._page or self._open()
        return self._page

    def end(self) -> list[str]:
        """Undo what a test did, and return what the browser complained about."""
        page, self._page = self._page, None
        assert page is not None
        if page.is_closed():
            page.context.close()
        else:
            try:
                self._reset(page)
            except Error:
                page.context.close()
                raise
            self._page = page
        complaints = self._complaints.copy()
        self._complaints.clear()
        return complaints

    def _open(self) -> Page:
        context = self._browser.new_context(**self._options)
        note_complaints(context, self._complaints)
        page = context.new_page()
        page.goto(EMPTY_PAGE)
        for owner in (page, context):
            self._note_what_lasts(owner)
            for name in LASTING:
                _refuse(owner, name)
        for name in CLOCK:
            _refuse(context.clock, name)
        _note_what_is_down(page.keyboard, self._release)
        _note_what_is_down(page.mouse, self._release)
        return page

    def _note_what_lasts(self, owner: Page | BrowserContext) -> None:
        """Remember how to take back scripts and listeners."""
        add_script, on, once = owner.add_init_script, owner.on, owner.once

        def add_and_note(*arguments: Any, **named: Any) -> Any:
            script = add_script(*arguments, **named)
            self._undo.append(script.close)
            return script

        def listen(adding: Callable[..., None]) -> Callable[..., None]:
            def add(event: Any, listener: Any) -> None:
                adding(event, listener)
                self._undo.append(lambda: owner.remove_listener(event, listener))

            return add

        for name, noting in (
            ("add_init_script", add_and_note),
            ("on", listen(on)),
            ("once", listen(once)),
        ):
            setattr(owner, name, noting)

    def _reset(self, page: Page) -> None:
        context = page.context
        while self._undo:
            with suppress(KeyError):  # a listener for one event has heard it
                self._undo.pop()()
        context.set_offline(offline=False)
        others = [other for other in context.pages if other is not page]
        for other in others:
            other.close()
        if others:
            page.bring_to_front()
        page.goto(EMPTY_PAGE)
        while self._release:  # a key that is still down would repeat in the next test
            self._release.pop()()
        page.unroute_all(behavior="ignoreErrors")  # lets calls go on that were held
        context.unroute_all(behavior="ignoreErrors")
        page.evaluate(FORGET)
        context.clear_cookies()
        context.clear_permissions()
        page.mouse.move(*OFF_THE_PAGE)
        page.set_default_timeout(USUAL_TIMEOUT_MS)
        page.emulate_media(
            media="null", color_scheme="null", reduced_motion="null", forced_colors="null"
        )
        if page.viewport_size != USUAL_SIZE:
            page.set_viewport_size(USUAL_SIZE)


def _note_what_is_down(device: Keyboard | Mouse, release: list[Callable[[], None]]) -> None:
    press = device.down

    def press_and_note(*arguments: Any, **named: Any) -> None:
        press(*arguments, **named)
        release.append(lambda: device.up(*arguments, **named))

    device.down = press_and_note  # type: ignore[method-assign]


def _refuse(owner: Any, name: str) -> None:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        pytest.fail(f"{name} {REMEDY}")

    setattr(owner, name, refuse)
