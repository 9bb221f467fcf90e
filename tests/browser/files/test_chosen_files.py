"""Chosen files that cannot be read, folders, and what a clipboard has beside a file."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from spaces_protocol.errors import ErrorType
from spaces_protocol.rest_bodies import FileRules
from tests.browser.support.file_form import MEGABYTE, choose, open_space, picture, run
from tests.browser.support.gateway_stub import GatewayStub, refusal

pytestmark = pytest.mark.browser

ANY = FileRules(accept=["*/*"], max_files=3, max_file_bytes=MEGABYTE)


def change(file: Path) -> None:
    file.write_text("something longer")
    os.utime(file, (1, 1))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (change, "it may have been changed after you chose it"),
        (Path.unlink, "was moved or deleted after you chose it"),
    ],
)
def test_file_that_can_no_longer_be_read_is_said_to_be_so_at_once(
    page: Page,
    gateway: GatewayStub,
    tmp_path: Path,
    spoil: Callable[[Path], None],
    words: str,
) -> None:
    gateway.storage.statuses = [403]
    open_space(page, gateway, files=ANY)
    file = tmp_path / "notes.txt"
    file.write_text("something")
    page.locator("[data-part=file-input]").set_input_files(file)
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    spoil(file)

    again.click()

    expect(page.locator(".attachment")).to_contain_text(words, timeout=2_000)
    expect(again).to_be_hidden()
    run(page)
    expect(page.get_by_role("alert")).to_contain_text("Remove it, or choose another.")


def test_lost_connection_is_still_called_so(
    page: Page, gateway: GatewayStub, tmp_path: Path
) -> None:
    gateway.storage.statuses = [None, None, None]
    open_space(page, gateway, files=ANY)
    file = tmp_path / "notes.txt"
    file.write_text("something")

    page.locator("[data-part=file-input]").set_input_files(file)

    expect(page.locator(".attachment")).to_contain_text("The connection was lost.")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


@pytest.mark.parametrize(
    ("error_type", "can_be_tried_again"),
    [
        (ErrorType.FILE_TYPE_REFUSED, "no"),
        (ErrorType.FILE_TOO_LARGE, "no"),
        (ErrorType.UNKNOWN_SPACE, "no"),
        (ErrorType.RATE_LIMITED, "yes"),
    ],
)
def test_upload_is_tried_again_only_where_that_may_help(
    page: Page, gateway: GatewayStub, error_type: ErrorType, can_be_tried_again: str
) -> None:
    gateway.uploads = [refusal(error_type)]
    open_space(page, gateway)

    choose(page, picture())

    expect(page.locator(".attachment")).to_have_attribute("data-phase", "failed")
    count = {"no": 0, "yes": 1}[can_be_tried_again]
    expect(page.get_by_role("button", name="Try again").locator("visible=true")).to_have_count(
        count
    )


def test_folder_that_was_dropped_is_called_a_folder(
    page: Page, gateway: GatewayStub, tmp_path: Path
) -> None:
    open_space(page, gateway, files=ANY)
    folder, file = tmp_path / "photos", tmp_path / "notes.txt"
    folder.mkdir()
    file.write_text("x")
    box = page.get_by_label("Prompt").bounding_box()
    assert box is not None
    at = {"x": box["x"] + 20, "y": box["y"] + 10}
    data = {"items": [], "files": [str(folder), str(file)], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)

    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, **at, "data": data})

    expect(page.get_by_role("alert")).to_contain_text("“photos” is a folder.")
    expect(page.locator(".attachment")).to_have_count(1)
    expect(page.locator(".attachment[data-phase=ready]")).to_contain_text("notes.txt")


PASTE = """([name, text, html]) => {
    const data = new DataTransfer();
    data.items.add(new File(["x"], name, { type: "image/png" }));
    if (text) data.setData("text/plain", text);
    if (html) data.setData("text/html", html);
    const options = { bubbles: true, cancelable: true, clipboardData: data };
    const prompt = document.querySelector("[data-part=prompt]");
    prompt.dispatchEvent(new ClipboardEvent("paste", options));
}"""


@pytest.mark.parametrize(
    ("name", "text", "html", "attached"),
    [
        ("cat.png", "cat.png", "", 1),
        ("my cat.png", "file:///home/me/my%20cat.png", "", 1),
        ("cat.png", "C:\\Users\\me\\cat.png", "", 1),
        ("image.png", "", "<img src=x>", 1),
        ("image.png", "Some words of a document", "<b>Some words</b>", 0),
    ],
)
def test_pasted_file_is_taken_unless_it_is_the_picture_of_a_text(
    page: Page, gateway: GatewayStub, name: str, text: str, html: str, attached: int
) -> None:
    open_space(page, gateway, files=ANY)

    page.evaluate(PASTE, [name, text, html])

    expect(page.locator(".attachment")).to_have_count(attached)
