"""A drawn picture of text is read, and comes back with the lines marked."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import expect

from infra.local.demos import Example
from tests.models.new_user import NewUser

pytestmark = [pytest.mark.models, pytest.mark.browser, pytest.mark.local]

LINES = ("Platform 7", "Night train to Lisbon", "Departs 21:45")
MARK = (214, 51, 108)


def drawn(path: Path) -> Path:
    """Draw the lines."""
    picture = Image.new("RGB", (900, 320), "white")
    pen = ImageDraw.Draw(picture)
    for row, line in enumerate(LINES):
        pen.text((40, 40 + 90 * row), line, fill="black", font=ImageFont.load_default(44))
    picture.save(path)
    return path


def test_text_of_a_picture_is_read_and_marked(
    visit: Callable[[Example], NewUser], tmp_path: Path
) -> None:
    user = visit(Example.READ_IMAGE)
    user.choose(drawn(tmp_path / "sign.png"))

    user.run()

    expect(user.answer().locator(".prose p")).to_have_text(LINES)
    shown = user.page.get_by_role("img", name="Image: marked.png")
    expect(shown).to_have_js_property("naturalWidth", 900)
    marked = user.page.request.get(shown.get_attribute("src") or "").body()
    user.keep_picture("example-read-image", user.answer())
    assert MARK in {color for _, color in Image.open(BytesIO(marked)).getcolors(100_000)}


def test_picture_without_text_is_said_to_have_none(
    visit: Callable[[Example], NewUser], tmp_path: Path
) -> None:
    Image.new("RGB", (300, 200), "white").save(tmp_path / "empty.png")
    user = visit(Example.READ_IMAGE)
    user.choose(tmp_path / "empty.png")

    user.run()

    user.expect_text("I found no text in this picture.")
