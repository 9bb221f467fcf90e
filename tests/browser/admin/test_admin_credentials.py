"""Worker tokens and API keys on the page."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from spaces_protocol.limits import KEY_LIMITS
from tests.browser.support.admin_api_stub import AdminApiStub
from tests.browser.support.admin_responses import key, settings, token, worker
from tests.browser.support.gateway_stub import Answer

pytestmark = pytest.mark.browser

NO_SPACE = re.compile("Choose at least one space.")
MADE = Answer(token(token="wst_new", command="spaces-worker run --token wst_new"), 201)


@pytest.fixture
def credentials_page(admin_page: Page, stub: AdminApiStub) -> Page:
    stub.spaces = [settings(), settings("speech")]
    stub.tokens = [token(), token("tok2", label="old laptop", state="revoked")]
    stub.keys = [key()]
    admin_page.goto("/admin.html?view=access")
    expect(admin_page.get_by_role("row", name="GPU machine")).to_be_visible()
    return admin_page


def test_token_is_made_for_chosen_spaces_and_shown_once(
    credentials_page: Page, stub: AdminApiStub
) -> None:
    stub.answer("POST", "/admin/tokens", MADE)
    credentials_page.get_by_role("button", name="New token").click()
    dialog = credentials_page.get_by_role("dialog")
    dialog.get_by_label("Label").fill("cluster")
    dialog.get_by_label("Speech (speech)").check()
    dialog.get_by_label("Expires").select_option("30")

    dialog.get_by_role("button", name="Create token").click()

    shown = credentials_page.get_by_role("dialog", name="Your new worker token")
    expect(shown).to_contain_text("spaces-worker run --token wst_new")
    assert stub.calls_to("POST", "/admin/tokens")[0].body == {
        "spaces": ["speech"],
        "label": "cluster",
        "expires_in_days": 30,
    }
    shown.get_by_role("button", name="I have saved it").click()
    expect(credentials_page.locator("dialog")).to_have_count(0)
    assert "wst_new" not in credentials_page.content()


def test_token_without_label_or_space_is_not_made(
    credentials_page: Page, stub: AdminApiStub
) -> None:
    credentials_page.get_by_role("button", name="New token").click()
    dialog = credentials_page.get_by_role("dialog")

    dialog.get_by_role("button", name="Create token").click()
    label = dialog.get_by_label("Label")
    expect(label).to_have_accessible_description(re.compile("Enter a label"))
    expect(label).to_be_focused()
    expect(dialog.get_by_label("Echo (echo)")).to_have_accessible_description(NO_SPACE)
    label.fill("cluster")
    dialog.get_by_role("button", name="Create token").click()

    expect(label).not_to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_label("Echo (echo)")).to_be_focused()
    expect(dialog.get_by_role("alert")).to_have_count(0)
    assert stub.calls_to("POST", "/admin/tokens") == []


def test_what_the_gateway_says_of_a_field_stands_at_the_field(
    credentials_page: Page, stub: AdminApiStub
) -> None:
    detail = "label must have at most 200 characters."
    refused = Answer({"error_type": "invalid_input", "detail": detail}, 422)
    stub.answer("POST", "/admin/tokens", refused, MADE)
    credentials_page.get_by_role("button", name="New token").click()
    dialog = credentials_page.get_by_role("dialog")
    dialog.get_by_label("Label").fill("cluster")
    dialog.get_by_label("Echo (echo)").check()

    dialog.get_by_role("button", name="Create token").click()

    label = dialog.get_by_label("Label")
    expect(label).to_have_accessible_description(re.compile(detail))
    expect(label).to_be_focused()
    expect(dialog.get_by_role("alert")).to_have_count(0)


def test_limit_out_of_range_is_told_at_its_field(
    credentials_page: Page, stub: AdminApiStub
) -> None:
    credentials_page.get_by_role("button", name="New key").click()
    dialog = credentials_page.get_by_role("dialog")
    dialog.get_by_label("Label").fill("nightly")
    dialog.get_by_label("Echo (echo)").check()
    limit = dialog.get_by_label("Requests", exact=True)
    limit.fill("0")

    dialog.get_by_role("button", name="Create key").click()

    expect(limit).to_have_accessible_description(re.compile("Enter a number from 1 to"))
    expect(limit).to_be_focused()
    assert stub.calls_to("POST", "/admin/keys") == []


def test_key_is_made_with_its_limits(credentials_page: Page, stub: AdminApiStub) -> None:
    stub.answer("POST", "/admin/keys", Answer(key(key="wsk_new"), 201))
    credentials_page.get_by_role("button", name="New key").click()
    dialog = credentials_page.get_by_role("dialog")
    dialog.get_by_label("Label").fill("nightly")
    dialog.get_by_label("Echo (echo)").check()
    usual = dialog.get_by_label("Requests", exact=True)
    expect(usual).to_have_value(str(KEY_LIMITS.requests_per_minute))
    usual.fill("5")
    dialog.get_by_label("Uploads per day").fill("")

    dialog.get_by_role("button", name="Create key").click()

    expect(credentials_page.get_by_role("dialog")).to_contain_text("wsk_new")
    limits = stub.calls_to("POST", "/admin/keys")[0].body["limits"]
    assert limits == {
        "requests_per_minute": 5,
        "max_waiting": KEY_LIMITS.max_waiting,
        "upload_bytes_per_day": None,
    }


def test_token_is_replaced_with_an_overlap(credentials_page: Page, stub: AdminApiStub) -> None:
    stub.answer("POST", "/admin/tokens/tok1/rotate", MADE)
    credentials_page.get_by_role("button", name="Replace GPU machine in room 4").click()
    dialog = credentials_page.get_by_role("dialog")
    dialog.get_by_label("Keep the old one working").select_option("1")

    dialog.get_by_role("button", name="Replace", exact=True).click()

    shown = credentials_page.get_by_role("dialog", name="Your new worker token")
    expect(shown).to_contain_text("The old one works until")
    assert stub.calls_to("POST", "/admin/tokens/tok1/rotate")[0].body == {"overlap_hours": 1}


def test_links_that_could_not_be_closed_are_told_with_the_new_token(
    credentials_page: Page, stub: AdminApiStub
) -> None:
    made = Answer({**MADE.body, "open_connections": 1}, 201)
    stub.answer("POST", "/admin/tokens/tok1/rotate", made)
    credentials_page.get_by_role("button", name="Replace GPU machine in room 4").click()
    dialog = credentials_page.get_by_role("dialog")
    dialog.get_by_label("Keep the old one working").select_option("0")

    dialog.get_by_role("button", name="Replace", exact=True).click()

    shown = credentials_page.get_by_role("dialog", name="Your new worker token")
    expect(shown).to_contain_text("1 connection made with it could not be closed")
    expect(shown).to_contain_text("wst_")


def test_revocation_names_the_workers_that_it_disconnects(
    credentials_page: Page, stub: AdminApiStub
) -> None:
    stub.workers = [worker(), worker("lab-gpu-2"), worker("other", token_id="tok9")]
    stub.answer("DELETE", "/admin/tokens/tok1", Answer({"closed_connections": 2}))
    credentials_page.get_by_role("button", name="Revoke GPU machine in room 4").click()
    dialog = credentials_page.get_by_role("dialog")
    expect(dialog).to_contain_text(
        "2 workers use it and will be disconnected immediately: lab-gpu-1 and "
    )

    dialog.get_by_role("button", name="Revoke token").click()

    announcement = credentials_page.locator("[data-part=announcement]")
    expect(announcement).to_have_text("Revoked. 2 connections were closed.")


def test_turning_back_revokes_nothing(credentials_page: Page, stub: AdminApiStub) -> None:
    credentials_page.get_by_role("button", name="Revoke nightly transcripts").click()

    credentials_page.get_by_role("dialog").get_by_role("button", name="Go back").click()

    expect(credentials_page.get_by_role("dialog")).to_have_count(0)
    assert [call for call in stub.calls if call.method == "DELETE"] == []


def test_refused_revocation_says_why_and_stays_open(
    credentials_page: Page, stub: AdminApiStub
) -> None:
    stub.answer("DELETE", "/admin/keys/key1", Answer({"detail": "No such key."}, 404))
    credentials_page.get_by_role("button", name="Revoke nightly transcripts").click()
    dialog = credentials_page.get_by_role("dialog")

    dialog.get_by_role("button", name="Revoke key").click()

    expect(dialog.get_by_role("alert")).to_contain_text("No such key.")


def test_what_was_revoked_can_only_be_read(credentials_page: Page) -> None:
    row = credentials_page.get_by_role("row", name="old laptop")

    expect(row).to_contain_text("Revoked")
    expect(row.get_by_role("button")).to_have_count(0)


@pytest.fixture
def making(credentials_page: Page) -> Locator:
    """The dialog for a new token, filled in."""
    credentials_page.get_by_role("button", name="New token").click()
    dialog = credentials_page.get_by_role("dialog", name="New token")
    dialog.get_by_label("Label").fill("cluster")
    dialog.get_by_label("Speech (speech)").check()
    return dialog


def test_secret_outlives_every_escape_and_a_reload_asks(
    credentials_page: Page, making: Locator, stub: AdminApiStub
) -> None:
    stub.answer("POST", "/admin/tokens", MADE)
    making.get_by_role("button", name="Create token").click()
    shown = credentials_page.get_by_role("dialog", name="Your new worker token")
    expect(shown).to_be_visible()

    for _ in range(3):
        credentials_page.keyboard.press("Escape")
    with credentials_page.expect_event("dialog") as asked:
        credentials_page.evaluate("setTimeout(() => location.reload())")
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()

    expect(shown).to_contain_text("wst_new")


def test_token_that_is_being_made_is_not_lost_by_turning_back(
    credentials_page: Page, making: Locator
) -> None:
    held: list[Route] = []
    credentials_page.route(
        "**/v1/admin/tokens",
        lambda route: held.append(route) if route.request.method == "POST" else route.fallback(),
    )
    with credentials_page.expect_request("**/v1/admin/tokens"):
        making.get_by_role("button", name="Create token").click()

    credentials_page.keyboard.press("Escape")
    credentials_page.keyboard.press("Escape")
    making.get_by_role("button", name="Go back").click(force=True)
    held[0].fulfill(status=201, json=MADE.body)

    shown = credentials_page.get_by_role("dialog", name="Your new worker token")
    expect(shown).to_contain_text("wst_new")


@pytest.mark.parametrize(("button", "call"), [("New token", "spaces"), ("Revoke", "workers")])
def test_button_that_is_pressed_twice_asks_once(
    credentials_page: Page, stub: AdminApiStub, button: str, call: str
) -> None:
    before = len(stub.calls_to("GET", f"/admin/{call}"))

    credentials_page.get_by_role("button", name=button).first.dblclick()

    expect(credentials_page.get_by_role("dialog")).to_be_visible()
    assert len(stub.calls_to("GET", f"/admin/{call}")) == before + 1
    expect(credentials_page.locator("dialog")).to_have_count(1)
