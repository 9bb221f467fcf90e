"""Somebody who opens a space for the first time, and does what its page offers."""

import os
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from infra.project import PROJECT_FOLDER

IMAGES = PROJECT_FOLDER / "docs/images"
PATIENCE_MS = 60_000
"""A model takes its time on a busy machine."""


@dataclass(frozen=True)
class NewUser:
    """A tab that shows a space with a worker."""

    page: Page

    def open(self, space: str) -> None:
        """Open a space, once its worker is there."""
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.goto(f"/space.html?space={space}")
        words = self.page.locator("[data-part=connection-words]")
        expect(words).to_contain_text("Connected to demo", timeout=PATIENCE_MS)

    def choose(self, path: Path) -> None:
        """Choose a file, and wait until it is uploaded."""
        expect(self.page.locator("[data-part=files-limits]")).not_to_be_empty()
        expect(self.page.get_by_role("button", name="Choose files")).to_be_visible()
        self.page.locator("[data-part=file-input]").set_input_files(path)
        self._expect_ready()

    def record(self, seconds: int) -> None:
        """Record what the microphone hears."""
        self.page.get_by_role("button", name="Record").click()
        self.page.get_by_role("button", name=f"Stop · {seconds} s").click()
        self._expect_ready()

    def choose_option(self, label: str, value: str) -> None:
        """Open the options and choose a value."""
        self.page.get_by_text("Options").click()
        self.page.get_by_label(label).select_option(value)

    def run(self) -> None:
        """Press Run."""
        self.page.get_by_role("button", name="Run", exact=True).click()

    def answer(self) -> Locator:
        """Return the panel of the result, once there is an answer."""
        title = self.page.locator("#result-title")
        expect(title).to_have_text("Answered", timeout=PATIENCE_MS)
        return self.page.locator("[data-part=result]")

    def expect_text(self, text: str) -> None:
        """Wait for an answer, which is to have this text."""
        expect(self.answer().locator(".prose")).to_have_text(text)

    def text(self) -> str:
        """Return the text of the answer."""
        prose = self.answer().locator(".prose")
        expect(prose).not_to_be_empty(timeout=PATIENCE_MS)
        return prose.inner_text()

    def keep_picture(self, name: str, part: Locator | None = None) -> None:
        """With UPDATE_PICTURES set, draw the page or a part of it for the documents."""
        if os.environ.get("UPDATE_PICTURES"):
            self.page.evaluate("document.fonts.ready")
            (part or self.page).screenshot(path=IMAGES / f"{name}.png", animations="disabled")

    def _expect_ready(self) -> None:
        ready = self.page.locator(".attachment[data-phase=ready]")
        expect(ready).to_have_count(1, timeout=PATIENCE_MS)
