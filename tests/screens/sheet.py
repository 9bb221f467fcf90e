"""All pictures of one way to look, side by side on one sheet."""

from base64 import b64encode
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Browser, ViewportSize

COLUMN_PX = 320


class Picture(Protocol):
    """A picture with a title."""

    @property
    def screen(self) -> str: ...

    @property
    def file(self) -> Path: ...


def write_sheet(
    browser: Browser, file: Path, size: ViewportSize, pictures: Iterable[Picture]
) -> None:
    """Write a sheet as a PNG."""
    columns = 6 if size["width"] > size["height"] else 8
    width = COLUMN_PX if columns == 6 else COLUMN_PX * 3 // 4
    figures = "".join(
        f"<figure><img src='data:image/png;base64,{b64encode(each.file.read_bytes()).decode()}'>"
        f"<figcaption>{escape(each.screen)}</figcaption></figure>"
        for each in pictures
    )
    style = (
        f"body{{display:grid;grid-template-columns:repeat({columns},{width}px);gap:8px}}"
        "figure{margin:0}img{width:100%;border:1px solid #888}"
    )
    page = browser.new_page(viewport={"width": columns * (width + 8) + 16, "height": 800})
    page.set_content(f"<style>{style}</style>{figures}")
    page.screenshot(path=file, full_page=True)
    page.close()
