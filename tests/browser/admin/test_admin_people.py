"""People on the page: who has an account, invitations, and rights."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.support.admin_api_stub import AdminApiStub
from tests.browser.support.admin_responses import person
from tests.browser.support.gateway_stub import NO_CONTENT, Answer

pytestmark = pytest.mark.browser

ACTIONS = "/admin/people/actions"


@pytest.fixture
def people_page(admin_page: Page, stub: AdminApiStub) -> Page:
    stub.people = [
        person("operator", administrator=True),
        person("ada", administrator=True),
        person("visitor"),
        person("guest", state="invited"),
        person("gone", state="invited", disabled=True),
    ]
    stub.answer("POST", ACTIONS, Answer(status=NO_CONTENT))
    admin_page.goto("/admin.html?view=people")
    expect(row(admin_page, "ada")).to_be_visible()
    return admin_page


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has_text=f"{name}@example.org")


def announced(page: Page) -> Locator:
    return page.locator("[data-part=announcement]")


def fill(page: Page, user: str, email: str) -> Locator:
    page.get_by_role("button", name="Invite…", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("User name").fill(user)
    dialog.get_by_label("E-mail").fill(email)
    return dialog


def test_everybody_is_shown_with_rights_and_state(people_page: Page) -> None:
    expect(row(people_page, "operator")).to_contain_text("(you)")
    expect(row(people_page, "ada").get_by_role("cell")).to_contain_text(
        ["ada", "Administrator", "Active"]
    )
    expect(row(people_page, "guest").get_by_role("cell")).to_contain_text(
        ["guest", "User", "Invited"]
    )
    expect(row(people_page, "gone").get_by_role("cell")).to_contain_text(
        ["gone", "User", "Disabled"]
    )


def test_nobody_is_offered_to_change_themselves(people_page: Page) -> None:
    expect(row(people_page, "operator").get_by_role("button")).to_have_count(0)


def test_person_is_invited(people_page: Page, stub: AdminApiStub) -> None:
    stub.answer("POST", "/admin/people", Answer(person("bo", state="invited"), 201))
    dialog = fill(people_page, "bo", "bo@example.org")
    dialog.get_by_label("Administrator").check()

    dialog.get_by_role("button", name="Send invitation").click()

    expect(row(people_page, "bo")).to_contain_text("Invited")
    expect(announced(people_page)).to_have_text("bo has been invited.")
    assert stub.calls_to("POST", "/admin/people")[0].body == {
        "user": "bo",
        "email": "bo@example.org",
        "administrator": True,
    }


@pytest.mark.parametrize(
    ("user", "email", "wrong", "says"),
    [
        ("", "bo@example.org", "User name", "This field is required."),
        ("bo@example.org", "bo@example.org", "User name", "no spaces and no @"),
        ("b o", "bo@example.org", "User name", "no spaces and no @"),
        ("bo", "", "E-mail", "This field is required."),
        ("bo", "bo@example", "E-mail", "such as ada@example.org"),
    ],
)
def test_what_cannot_be_sent_is_told_at_its_field(
    people_page: Page, stub: AdminApiStub, user: str, email: str, wrong: str, says: str
) -> None:
    dialog = fill(people_page, user, email)

    dialog.get_by_role("button", name="Send invitation").click()

    expect(dialog.get_by_label(wrong)).to_have_accessible_description(re.compile(says))
    expect(dialog.get_by_label(wrong)).to_be_focused()
    assert stub.calls_to("POST", "/admin/people") == []


@pytest.mark.parametrize(
    ("error", "detail", "status", "wrong", "says"),
    [
        ("user_exists", "user is taken.", 409, "User name", "This user name is taken"),
        ("email_taken", "email is taken.", 409, "E-mail", "belongs to another account"),
        ("invalid_input", "email: not sent to this.", 422, "E-mail", "email: not sent to this."),
    ],
)
def test_what_the_gateway_refuses_is_told_at_its_field(
    people_page: Page,
    stub: AdminApiStub,
    error: str,
    detail: str,
    status: int,
    wrong: str,
    says: str,
) -> None:
    refused = Answer({"error_type": error, "detail": detail}, status)
    stub.answer("POST", "/admin/people", refused)
    dialog = fill(people_page, "bo", "bo@example.org")

    dialog.get_by_role("button", name="Send invitation").click()

    expect(dialog.get_by_label(wrong)).to_have_accessible_description(re.compile(says))
    expect(dialog.get_by_role("alert")).to_have_count(0)


QUESTIONS = {
    "make_administrator": ("Make administrator: visitor", "Make administrator"),
    "remove_administrator": ("Remove rights: ada", "Remove rights"),
    "disable_user": ("Disable visitor", "Disable"),
    "enable_user": ("Enable gone", "Enable"),
    "invite_again": ("Invite again: guest", "Send invitation"),
}


@pytest.mark.parametrize(
    ("action", "name", "shows"),
    [
        ("make_administrator", "visitor", "Administrator"),
        ("remove_administrator", "ada", "User"),
        ("disable_user", "visitor", "Disabled"),
        ("enable_user", "gone", "Invited"),
        ("invite_again", "guest", "Invited"),
    ],
)
def test_change_is_made_after_a_question_and_shown(
    people_page: Page, stub: AdminApiStub, action: str, name: str, shows: str
) -> None:
    button, agree = QUESTIONS[action]
    people_page.get_by_role("button", name=button).click()
    dialog = people_page.get_by_role("dialog")
    expect(dialog).to_contain_text(name)
    assert stub.calls_to("POST", ACTIONS) == []

    dialog.get_by_role("button", name=agree, exact=True).click()

    expect(dialog).to_have_count(0)
    expect(row(people_page, name)).to_contain_text(shows)
    expect(announced(people_page)).to_contain_text(name)
    assert stub.calls_to("POST", ACTIONS)[0].body == {"user": name, "action": action}


def test_turning_back_changes_nothing(people_page: Page, stub: AdminApiStub) -> None:
    opener = people_page.get_by_role("button", name="Disable visitor")
    opener.click()

    people_page.keyboard.press("Escape")

    expect(opener).to_be_focused()
    assert stub.calls_to("POST", ACTIONS) == []


def test_last_administrator_stays_and_the_dialog_says_why(
    people_page: Page, stub: AdminApiStub
) -> None:
    refused = Answer({"error_type": "last_administrator", "detail": "ada is the last."}, 409)
    stub.answer("POST", ACTIONS, refused)
    people_page.get_by_role("button", name="Disable ada").click()

    people_page.get_by_role("dialog").get_by_role("button", name="Disable").click()

    expect(people_page.get_by_role("alert")).to_contain_text("This is the last administrator.")
    expect(row(people_page, "ada")).to_contain_text("Active")


def test_further_people_are_shown_on_demand(people_page: Page, stub: AdminApiStub) -> None:
    first = {"people": [person("operator", administrator=True)], "next_cursor": "c1"}
    second = {"people": [person("zoe")], "next_cursor": None}
    stub.answer("GET", "/admin/people", Answer(first), Answer(second))
    people_page.reload()

    people_page.get_by_role("button", name="Show more").click()

    expect(row(people_page, "zoe")).to_be_focused()
    expect(people_page.get_by_role("button", name="Show more")).to_be_hidden()
    assert stub.calls_to("GET", "/admin/people")[-1].path.endswith("?cursor=c1")
