"""Creating, editing and deleting spaces."""

import json
import re
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from spaces_protocol.admin_bodies import SpaceSettings
from tests.browser.support.admin_api_stub import AdminApiStub
from tests.browser.support.admin_responses import settings, token, worker
from tests.browser.support.gateway_stub import Answer

pytestmark = pytest.mark.browser

MADE = Answer(token(token="wst_secret"), 201)


def open_space(page: Page, stub: AdminApiStub, **changes: Any) -> None:
    stub.spaces = [settings(**changes)]
    page.goto("/admin.html?view=space&space=echo")
    expect(page.get_by_label("Title", exact=True)).to_have_value("Echo")


def fill_new_space(page: Page, name: str = "poems") -> None:
    page.goto("/admin.html")
    page.get_by_role("link", name="New space").click()
    page.get_by_label("Name", exact=True).fill(name)


def test_space_is_created_with_advanced_settings(admin_page: Page, stub: AdminApiStub) -> None:
    stub.answer("POST", "/admin/spaces", Answer(settings("poems", title="Poems", version=1), 201))
    stub.answer("POST", "/admin/tokens", MADE)
    fill_new_space(admin_page)
    admin_page.get_by_text("Advanced settings").click()
    admin_page.get_by_label("Title", exact=True).fill("Poems")
    admin_page.get_by_label("Maximum running time").fill("90")

    with admin_page.expect_response("**/admin/tokens"):
        admin_page.get_by_role("button", name="Create space").click()

    sent = stub.calls_to("POST", "/admin/spaces")[0].body
    assert (sent["space"], sent["timeout_seconds"], sent["features"]) == ("poems", 90, ["prompt"])
    assert "version" not in sent
    assert stub.calls_to("POST", "/admin/tokens")[0].body["spaces"] == ["poems"]


def test_a_new_space_starts_with_the_gateways_own_defaults(
    admin_page: Page, stub: AdminApiStub
) -> None:
    stub.answer("POST", "/admin/spaces", Answer(settings("poems", title="Poems", version=1), 201))
    fill_new_space(admin_page)

    with admin_page.expect_response("**/admin/tokens"):
        admin_page.get_by_role("button", name="Create space").click()

    usual = msgspec.to_builtins(SpaceSettings(space="poems"))
    told_by_the_gateway = ("version", "cover_url", "created_at", "updated_at", "deleting")
    sent = stub.calls_to("POST", "/admin/spaces")[0].body
    assert sent == {name: usual[name] for name in usual if name not in told_by_the_gateway}


@pytest.mark.parametrize(
    ("template", "features"),
    [
        ("Chat", ["prompt", "call"]),
        ("Image", ["prompt", "image"]),
        ("Speech", ["audio"]),
        ("Anything", ["prompt", "image", "audio", "video", "file"]),
    ],
)
def test_template_says_what_a_new_space_takes(
    admin_page: Page, stub: AdminApiStub, template: str, features: list[str]
) -> None:
    stub.answer("POST", "/admin/spaces", Answer(settings("poems", version=1), 201))
    fill_new_space(admin_page)

    admin_page.get_by_role("radio", name=template).check()
    with admin_page.expect_response("**/admin/tokens"):
        admin_page.get_by_role("button", name="Create space").click()

    assert stub.calls_to("POST", "/admin/spaces")[0].body["features"] == features


def test_template_follows_what_is_chosen_under_advanced(admin_page: Page) -> None:
    admin_page.goto("/admin.html?view=space")
    expect(admin_page.get_by_role("radio", name="Text")).to_be_checked()
    admin_page.get_by_text("Advanced settings").click()

    admin_page.get_by_label("image", exact=True).check()
    expect(admin_page.get_by_role("radio", name="Image")).to_be_checked()
    admin_page.get_by_label("video", exact=True).check()

    expect(admin_page.locator("[data-kind=radio] input[value=text]")).not_to_be_checked()
    expect(admin_page.get_by_role("radio", name="Image")).not_to_be_checked()


@pytest.mark.parametrize(
    ("label", "value", "problem"),
    [
        ("Name", "", "This field is required."),
        ("Name", "No Spaces!", "Use only lowercase letters, digits and hyphens"),
        ("Maximum running time", "0", "Enter a number from 1 to 3600."),
        ("Maximum running time", "", "Enter a number from 1 to 3600."),
        ("Origins", "https://a.example/path", "is not an origin"),
        ("Links", "https://a.example", "“https://a.example” is not a link"),
        ("Links", "http://a.example Paper", "is not a link"),
    ],
)
def test_wrong_value_is_told_beside_its_field_and_nothing_is_sent(
    admin_page: Page, stub: AdminApiStub, label: str, value: str, problem: str
) -> None:
    admin_page.goto("/admin.html?view=space")
    admin_page.get_by_label("Name", exact=True).fill("poems")
    field = admin_page.get_by_label(label, exact=True)
    if field.is_hidden():
        admin_page.get_by_text("Advanced settings").click()
    field.fill(value)
    admin_page.locator(".form-advanced").evaluate("details => { details.open = false; }")

    admin_page.get_by_role("button", name="Create space").click()

    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(pattern(problem))
    assert stub.calls_to("POST", "/admin/spaces") == []


def test_what_people_read_is_shown_and_saved(admin_page: Page, stub: AdminApiStub) -> None:
    link = {"title": "The paper", "url": "https://a.example/paper"}
    open_space(admin_page, stub, about="# Echo", links=[link], examples=[{"prompt": "Hello"}])
    stub.answer("PUT", "/admin/spaces/echo", Answer(settings(version=4)))
    links = admin_page.get_by_label("Links", exact=True)
    example = admin_page.get_by_role("group", name="Example 1")
    expect(links).to_have_value("https://a.example/paper The paper")
    expect(example.get_by_label("Prompt")).to_have_value("Hello")

    links.fill("https://a.example/paper The paper\nhttps://b.example  Code\n")
    example.get_by_label("Label").fill("Short")
    example.get_by_label("Prompt").fill("Hi")
    example.get_by_label("Options").fill("loud: true\nvoice: b\nseed: 6687881544318117707")
    admin_page.get_by_label("Licence", exact=True).fill("MIT")
    admin_page.get_by_role("button", name="Save", exact=True).click()
    expect(admin_page.get_by_text("Saved", exact=True).first).to_be_visible()

    sent = stub.calls_to("PUT", "/admin/spaces/echo")[0].body
    assert sent["links"] == [link, {"title": "Code", "url": "https://b.example"}]
    params = {"loud": True, "voice": "b", "seed": 6687881544318117707}
    assert sent["examples"] == [{"title": "Short", "prompt": "Hi", "params": params}]
    assert (sent["about"], sent["licence"]) == ("# Echo", "MIT")


def test_no_examples_of_their_own_are_null_not_an_empty_list(
    admin_page: Page, stub: AdminApiStub
) -> None:
    open_space(admin_page, stub, examples=[{"prompt": "Hello"}])
    stub.answer("PUT", "/admin/spaces/echo", Answer(settings(version=4)))

    admin_page.get_by_label("Those that the worker declares").check()
    expect(admin_page.get_by_role("group", name="Example 1")).to_be_hidden()
    admin_page.get_by_role("button", name="Save", exact=True).click()
    expect(admin_page.get_by_text("Saved", exact=True).first).to_be_visible()

    assert stub.calls_to("PUT", "/admin/spaces/echo")[0].body["examples"] is None


def test_examples_are_added_moved_and_removed(admin_page: Page, stub: AdminApiStub) -> None:
    talk = {"messages": [{"role": "user", "content": "Hello"}]}
    open_space(admin_page, stub, examples=[{"prompt": "One"}, {"prompt": "Two"}, talk])
    stub.answer("PUT", "/admin/spaces/echo", Answer(settings(version=4)))
    admin_page.get_by_role("button", name="Move example 1 down").click()
    expect(admin_page.get_by_role("button", name="Move example 2 down")).to_be_focused()
    admin_page.get_by_role("button", name="Remove example 1").click()
    expect(admin_page.get_by_role("group", name="Example 1").get_by_label("Label")).to_be_focused()

    admin_page.get_by_role("button", name="Add an example").click()
    new = admin_page.get_by_role("group", name="Example 3")
    expect(new.get_by_label("Label")).to_be_focused()
    new.get_by_label("Prompt").fill("Three")
    admin_page.get_by_role("button", name="Save", exact=True).click()
    expect(admin_page.get_by_text("Saved", exact=True).first).to_be_visible()

    sent = stub.calls_to("PUT", "/admin/spaces/echo")[0].body
    assert sent["examples"] == [{"prompt": "One"}, talk, {"prompt": "Three"}]


@pytest.mark.parametrize(
    ("options", "says", "focused"),
    [("", "Enter a prompt or options.", "Prompt"), ("loud", "“loud” is not an option", "Options")],
)
def test_wrong_example_is_told_in_its_row(
    admin_page: Page, stub: AdminApiStub, options: str, says: str, focused: str
) -> None:
    open_space(admin_page, stub, examples=[{"prompt": "One"}, {"prompt": "Two"}])
    row = admin_page.get_by_role("group", name="Example 2")
    row.get_by_label("Prompt").fill("")
    row.get_by_label("Options").fill(options)

    admin_page.get_by_role("button", name="Save", exact=True).click()

    expect(row).to_contain_text(says)
    expect(row.get_by_label(focused)).to_be_focused()
    assert stub.calls_to("PUT", "/admin/spaces/echo") == []


def test_name_that_exists_is_told_beside_the_name(admin_page: Page, stub: AdminApiStub) -> None:
    stub.answer("POST", "/admin/spaces", Answer({"error_type": "space_exists"}, 409))
    admin_page.goto("/admin.html?view=space")
    admin_page.get_by_label("Name", exact=True).fill("poems")

    admin_page.get_by_role("button", name="Create space").click()

    name = admin_page.get_by_label("Name", exact=True)
    expect(name).to_be_focused()
    expect(name).to_have_accessible_description(pattern("already exists"))


def test_only_settings_that_matter_are_shown(admin_page: Page) -> None:
    admin_page.goto("/admin.html?view=space")
    admin_page.get_by_text("Advanced settings").click()
    expect(admin_page.get_by_label("Maximum file size")).to_be_hidden()
    expect(admin_page.get_by_label("People", exact=True)).to_be_hidden()

    admin_page.get_by_label("audio", exact=True).check()
    admin_page.get_by_label("Private").check()

    expect(admin_page.get_by_label("Maximum file size")).to_be_visible()
    expect(admin_page.get_by_label("People", exact=True)).to_be_visible()
    expect(admin_page.get_by_text("Per network address, not signed in")).to_be_hidden()


def test_edit_sends_all_settings_with_the_version(admin_page: Page, stub: AdminApiStub) -> None:
    open_space(admin_page, stub)
    stub.answer("PUT", "/admin/spaces/echo", Answer(settings(title="Echo 2", version=4)))
    admin_page.get_by_label("Title", exact=True).fill("Echo 2")
    expect(admin_page.get_by_text("Not saved yet")).to_be_visible()

    admin_page.get_by_role("button", name="Save").click()

    expect(admin_page.get_by_text("Saved", exact=True).first).to_be_visible()
    sent = stub.calls_to("PUT", "/admin/spaces/echo")[0].body
    assert sent["version"] == 3
    assert sent == stub.spaces[0] | {"title": "Echo 2"}


def test_changes_that_are_not_saved_are_not_left_without_asking(
    admin_page: Page, stub: AdminApiStub
) -> None:
    open_space(admin_page, stub)
    admin_page.get_by_label("Title", exact=True).fill("Echo 2")
    admin_page.once("dialog", lambda dialog: dialog.dismiss())

    admin_page.get_by_role("link", name="All spaces").click()

    expect(admin_page.get_by_label("Title", exact=True)).to_have_value("Echo 2")


def test_two_edits_that_do_not_touch_are_joined(admin_page: Page, stub: AdminApiStub) -> None:
    open_space(admin_page, stub)
    theirs = settings(description="New words.", version=4)
    conflict = Answer({"error_type": "edit_conflict", "current": theirs}, 409)
    stub.answer("PUT", "/admin/spaces/echo", conflict, Answer(theirs | {"version": 5}))
    admin_page.get_by_label("Title", exact=True).fill("Mine")
    admin_page.get_by_role("button", name="Save").click()
    dialog = admin_page.get_by_role("dialog")
    expect(dialog).to_contain_text("Description: New words.")

    dialog.get_by_role("button", name="Save these settings").click()
    expect(admin_page.get_by_text("Saved", exact=True).first).to_be_visible()

    sent = stub.calls_to("PUT", "/admin/spaces/echo")[1].body
    assert (sent["title"], sent["description"], sent["version"]) == ("Mine", "New words.", 4)


@pytest.mark.parametrize(("choice", "kept"), [("Yours", "Mine"), ("Theirs", "Their title")])
def test_setting_that_both_changed_is_chosen(
    admin_page: Page, stub: AdminApiStub, choice: str, kept: str
) -> None:
    open_space(admin_page, stub)
    theirs = settings(title="Their title", version=4)
    conflict = Answer({"error_type": "edit_conflict", "current": theirs}, 409)
    stub.answer("PUT", "/admin/spaces/echo", conflict, Answer(theirs | {"version": 5}))
    admin_page.get_by_label("Title", exact=True).fill("Mine")
    admin_page.get_by_role("button", name="Save").click()
    dialog = admin_page.get_by_role("dialog")

    dialog.get_by_role("group", name="Title").get_by_label(choice).check()
    dialog.get_by_role("button", name="Save these settings").click()
    expect(admin_page.get_by_text("Saved", exact=True).first).to_be_visible()

    assert stub.calls_to("PUT", "/admin/spaces/echo")[1].body["title"] == kept


def test_turning_back_from_a_conflict_keeps_what_was_written(
    admin_page: Page, stub: AdminApiStub
) -> None:
    open_space(admin_page, stub)
    conflict = Answer(
        {"error_type": "edit_conflict", "current": settings(title="T", version=4)}, 409
    )
    stub.answer("PUT", "/admin/spaces/echo", conflict)
    admin_page.get_by_label("Title", exact=True).fill("Mine")
    admin_page.get_by_role("button", name="Save").click()

    admin_page.get_by_role("dialog").get_by_role("button", name="Go back").click()

    expect(admin_page.get_by_label("Title", exact=True)).to_have_value("Mine")
    assert len(stub.calls_to("PUT", "/admin/spaces/echo")) == 1


def test_deletion_names_what_it_ends_and_asks_for_the_name(
    admin_page: Page, stub: AdminApiStub
) -> None:
    open_space(admin_page, stub)
    stub.workers = [worker()]
    stub.answer("POST", "/admin/spaces/echo/purge", Answer({"count": 3}))
    left = Answer({"cancelled": 2, "left": 1})
    stub.answer("DELETE", "/admin/spaces/echo", left, Answer({"cancelled": 1, "left": 0}))
    admin_page.get_by_role("button", name="Delete this space…").click()
    dialog = admin_page.get_by_role("dialog", name="Delete “Echo”?")
    expect(dialog).to_contain_text("3 requests are waiting or running. They will be cancelled.")
    expect(dialog).to_contain_text(
        "1 worker is connected to it and will be asked to stop: lab-gpu-1."
    )
    action = dialog.get_by_role("button", name="Delete and cancel 3 requests")

    action.click()
    name = dialog.get_by_label("Type echo to confirm")
    expect(name).to_have_accessible_description(re.compile("Nothing was deleted"))
    assert stub.calls_to("DELETE", "/admin/spaces/echo") == []
    name.fill("echo")
    action.click()

    expect(admin_page.get_by_role("heading", name="Spaces", exact=True)).to_be_visible()
    expect(admin_page.locator("[data-part=announcement]")).to_contain_text("3 requests were")
    assert [call.path for call in stub.calls_to("DELETE", "/admin/spaces/echo")] == [
        "/admin/spaces/echo?version=3"
    ] * 2


def test_cover_is_uploaded_to_its_bucket_and_named(admin_page: Page, stub: AdminApiStub) -> None:
    open_space(admin_page, stub)
    upload = {"upload_id": "u1", "url": "/sign-in/bucket", "fields": {"key": "covers/echo/x"}}
    stub.answer("POST", "/admin/spaces/echo/cover", Answer(upload, 201))
    stub.answer("POST", "/sign-in/bucket", Answer(None, 204))
    stored = settings(version=4, cover_url="/favicon.svg")
    stub.answer("PUT", "/admin/spaces/echo/cover", Answer(stored))
    stub.answer("PUT", "/admin/spaces/echo", Answer(stored | {"version": 5}))
    admin_page.get_by_label("Title", exact=True).fill("Echo 2")

    admin_page.get_by_label("Choose an image").last.set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": b"png"}
    )

    expect(admin_page.get_by_role("img", name="The cover image of this space")).to_be_visible()
    asked = stub.calls_to("POST", "/admin/spaces/echo/cover")[0].body
    assert asked == {"content_type": "image/png", "size": 3}
    assert stub.calls_to("PUT", "/admin/spaces/echo/cover")[0].body == {"upload_id": "u1"}
    with admin_page.expect_response(lambda answer: answer.url.endswith("/admin/spaces/echo")):
        admin_page.get_by_role("button", name="Save").click()
    expect(admin_page.get_by_role("dialog")).to_have_count(0)
    sent = stub.calls_to("PUT", "/admin/spaces/echo")[0].body
    assert (sent["title"], sent["version"]) == ("Echo 2", 4)


def test_cover_of_a_wrong_type_is_refused_before_it_is_sent(
    admin_page: Page, stub: AdminApiStub
) -> None:
    open_space(admin_page, stub)

    admin_page.get_by_label("Choose an image").last.set_input_files(
        {"name": "a.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    )

    expect(admin_page.get_by_role("alert")).to_contain_text("Choose a PNG, JPEG or WebP image.")
    assert stub.calls_to("POST", "/admin/spaces/echo/cover") == []


def test_title_with_markup_is_shown_as_text(admin_page: Page, stub: AdminApiStub) -> None:
    stub.spaces = [settings(title="<img src=x onerror='window.owned=1'>")]

    admin_page.goto("/admin.html?view=spaces")

    expect(admin_page.get_by_role("link", name="<img src=x").first).to_be_visible()
    assert admin_page.evaluate("window.owned") is None


def pattern(words: str) -> re.Pattern[str]:
    return re.compile(re.escape(words))


def test_space_that_is_being_deleted_says_so_and_can_only_be_deleted_again(
    admin_page: Page, stub: AdminApiStub
) -> None:
    stub.spaces = [settings(deleting=True, disabled=True)]
    admin_page.goto("/admin.html?view=spaces")
    expect(admin_page.get_by_text("Deleting")).to_be_visible()

    admin_page.get_by_role("link", name="Echo", exact=True).click()

    expect(admin_page.get_by_text("can no longer be edited")).to_be_visible()
    expect(admin_page.get_by_role("button", name="Delete this space…")).to_be_visible()
    expect(admin_page.get_by_role("button", name="Save")).to_have_count(0)
    expect(admin_page.get_by_label("Title", exact=True)).to_have_count(0)


def test_what_is_written_during_a_save_is_kept(admin_page: Page, stub: AdminApiStub) -> None:
    open_space(admin_page, stub)
    held: list[Route] = []
    admin_page.route(
        "**/v1/admin/spaces/echo",
        lambda route: held.append(route) if route.request.method == "PUT" else route.fallback(),
    )
    admin_page.get_by_label("Title", exact=True).fill("Echo 2")
    with admin_page.expect_request("**/v1/admin/spaces/echo"):
        admin_page.get_by_role("button", name="Save").click()
    description = admin_page.get_by_label("Description")
    description.press("End")
    description.press_sequentially(" Still ")

    held[0].fulfill(json=settings(title="Echo 2", version=4))
    expect(admin_page.get_by_text("Your latest edits are not saved yet")).to_be_visible()
    admin_page.keyboard.type("typed.")

    expect(description).to_have_value("Says what it hears. Still typed.")
    with admin_page.expect_request("**/v1/admin/spaces/echo") as again:
        admin_page.get_by_role("button", name="Save").click()
    sent = json.loads(again.value.post_data or "")
    assert (sent["title"], sent["version"]) == ("Echo 2", 4)
    assert sent["description"] == "Says what it hears. Still typed."


def test_one_cover_is_uploaded_at_a_time(admin_page: Page, stub: AdminApiStub) -> None:
    open_space(admin_page, stub)
    held: list[Route] = []
    admin_page.route("**/v1/admin/spaces/echo/cover", lambda route: held.append(route))  # noqa: PLW0108
    chosen = admin_page.locator("input[type=file]")
    with admin_page.expect_request("**/cover"):
        chosen.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"png"})

    chosen.set_input_files({"name": "b.png", "mimeType": "image/png", "buffer": b"png"})
    choose = admin_page.locator("button", has_text="Choose an image")
    expect(choose).to_have_attribute("aria-disabled", "true")
    refused = {"error_type": "rate_limited", "detail": "Too many."}
    held[0].fulfill(status=429, json=refused)

    expect(admin_page.get_by_role("alert")).to_be_visible()
    expect(choose).not_to_have_attribute("aria-disabled", "true")
    assert len(held) == 1


def test_back_asks_before_it_leaves_changes_behind(admin_page: Page, stub: AdminApiStub) -> None:
    stub.spaces = [settings()]
    admin_page.goto("/admin.html?view=spaces")
    admin_page.get_by_role("link", name="Echo", exact=True).click()
    admin_page.get_by_role("link", name="Settings", exact=True).click()
    title = admin_page.get_by_label("Title", exact=True)
    title.fill("Echo 2")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    admin_page.once("dialog", stay)

    admin_page.go_back()

    expect(title).to_have_value("Echo 2")
    expect(admin_page).to_have_url(re.compile("view=space&space=echo"))
    assert asked == ["confirm"]
    admin_page.once("dialog", lambda dialog: dialog.accept())
    admin_page.go_back()
    expect(admin_page).to_have_url(re.compile("tab=overview"))
    expect(admin_page.get_by_role("figure").first).to_be_visible()


def test_skip_link_keeps_what_is_written(admin_page: Page, stub: AdminApiStub) -> None:
    open_space(admin_page, stub)
    title = admin_page.get_by_label("Title", exact=True)
    title.fill("Echo 2")

    admin_page.get_by_role("link", name="Skip to content").press("Enter")

    expect(admin_page).to_have_url(re.compile("#main$"))
    expect(admin_page.locator("main")).to_be_focused()
    expect(title).to_have_value("Echo 2")
