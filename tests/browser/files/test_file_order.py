"""Several files go in the order that the user puts them into: by dragging, or with buttons."""

import pytest
from playwright.sync_api import Locator, Page, expect

from spaces_protocol.rest_bodies import FileRules
from tests.browser.support.axe import PHONE, expect_accessible
from tests.browser.support.file_form import MEGABYTE, REQUESTS, choose, open_space, picture, run
from tests.browser.support.gateway_stub import GatewayStub

pytestmark = pytest.mark.browser

NAMES = ["a.png", "b.png", "c.png"]


@pytest.fixture
def three_files(page: Page, gateway: GatewayStub) -> Page:
    open_space(page, gateway)
    choose(page, *(picture(name) for name in NAMES))
    expect(page.locator(".attachment[data-phase=ready]")).to_have_count(3)
    return page


def names(page: Page) -> Locator:
    return page.locator(".attachment-name")


def item(page: Page, name: str) -> Locator:
    return page.locator(".attachment-details", has_text=name)


def test_dragged_file_takes_its_new_place_in_the_request(
    three_files: Page, gateway: GatewayStub
) -> None:
    item(three_files, "c.png").drag_to(
        item(three_files, "a.png"), target_position={"x": 20, "y": 2}
    )
    expect(names(three_files)).to_have_text(["c.png", "a.png", "b.png"])

    three_files.get_by_label("Prompt").fill("Which?")
    run(three_files)
    expect(three_files.locator("#result-title")).to_have_text("Next in line")
    sent = gateway.calls_to("POST", REQUESTS)[0].body["input"]["files"]
    ids = gateway.upload_ids()
    assert sent == [{"upload_id": ids[name]} for name in ("c.png", "a.png", "b.png")]


def test_drag_that_is_given_up_changes_nothing(three_files: Page) -> None:
    three_files.get_by_role("button", name="Remove c.png").scroll_into_view_if_needed()
    item(three_files, "a.png").hover()
    goal = item(three_files, "c.png").bounding_box()
    assert goal
    three_files.mouse.down()
    for _ in range(2):  # the first one begins the drag
        three_files.mouse.move(goal["x"] + 10, goal["y"] + goal["height"])
    expect(names(three_files)).to_have_text(["b.png", "c.png", "a.png"])
    three_files.mouse.move(5, 5)
    three_files.mouse.up()

    expect(names(three_files)).to_have_text(NAMES)
    expect(three_files.locator("[data-dragged]")).to_have_count(0)


def test_buttons_move_a_file_and_keep_the_focus(three_files: Page) -> None:
    up = three_files.get_by_role("button", name="Move c.png up")
    up.focus()
    up.press("Enter")
    expect(names(three_files)).to_have_text(["a.png", "c.png", "b.png"])
    expect(up).to_be_focused()
    expect(three_files.locator("[data-part=announcement]")).to_have_text(
        "“c.png” is now file 2 of 3."
    )

    up.press("Enter")
    up.press("Enter")  # it is the first one now
    expect(names(three_files)).to_have_text(["c.png", "a.png", "b.png"])
    expect(up).to_have_attribute("aria-disabled", "true")


def test_order_survives_a_reload(three_files: Page) -> None:
    three_files.get_by_role("button", name="Move a.png down").click()
    three_files.reload()

    expect(names(three_files)).to_have_text(["b.png", "a.png", "c.png"])


def test_one_file_has_no_order(page: Page, gateway: GatewayStub) -> None:
    open_space(
        page, gateway, files=FileRules(accept=["image/*"], max_files=1, max_file_bytes=MEGABYTE)
    )
    choose(page, picture())
    expect(page.locator(".attachment[data-phase=ready]")).to_have_count(1)

    expect(page.get_by_role("button", name="Remove cat.png")).to_be_visible()
    expect(page.get_by_role("button", name="Move cat.png up")).to_have_count(0)
    expect(page.locator("[draggable=true]")).to_have_count(0)


def test_ordered_files_are_accessible(three_files: Page) -> None:
    expect_accessible(three_files, PHONE)
