"""Administrator, worker and user on the deployed system: from sign-in to a revoked token."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import pytest
from playwright.sync_api import Page, expect

from infra.local.people import create_person
from tests.browser.support.deployed_page import MODEL, PATIENCE_MS, STOP_SECONDS, SignIn, sign_in
from tests.local_cloud import DeployedCloud

pytestmark = [pytest.mark.browser, pytest.mark.local]
__all__ = ["sign_in"]

BIN = Path(__file__).resolve().parents[3] / ".venv" / "bin"


@contextmanager
def started(command: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Start the command as a person would paste it, but for the name of their own program."""
    mine = command.replace("my_model.py:answer", f"{MODEL} --worker-id lab")
    environment = {
        **os.environ,
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "SPACES_STATE_DIR": str(folder),
    }
    with subprocess.Popen(
        ["/bin/sh", "-c", f"exec env {mine}"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as worker:
        try:
            yield worker
        finally:
            worker.terminate()
            worker.wait(STOP_SECONDS)


def expect_line(worker: subprocess.Popen[str], words: str) -> None:
    """Read what the worker says until it says this."""
    assert worker.stdout is not None
    assert any(words in line for line in worker.stdout), words


def command_of(page: Page) -> str:
    shown = page.get_by_role("dialog", name="Your new worker token")
    command = shown.get_by_role("textbox", name="Start a worker with it").inner_text()
    shown.get_by_role("button", name="I have saved it").click()
    return command


def create_space(page: Page, name: str, way: str = "Function") -> str:
    """Go through the onboarding up to the command of a way to link the model."""
    page.get_by_role("link", name="New space").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Members").check()
    page.get_by_role("button", name="Create space").click()
    expect(page.get_by_text("Waiting for your worker…")).to_be_visible()
    page.get_by_role("tab", name=way).click()
    return page.get_by_role("textbox", name="Command", exact=True).inner_text()


def open_view(page: Page, name: str) -> None:
    tabs = page.get_by_role("navigation", name="Administration sections")
    tabs.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def test_from_signing_in_to_a_revoked_token(
    sign_in: SignIn, deployed_cloud: DeployedCloud, tmp_path: Path
) -> None:
    name = f"flow-{token_hex(3)}"
    administrator = create_person(deployed_cloud.cloud, f"{name}-admin", administrator=True)
    user = create_person(deployed_cloud.cloud, f"{name}-user")
    admin = sign_in("/admin.html", administrator)

    command = create_space(admin, name)

    with started(command, tmp_path) as worker:
        expect(admin.get_by_text("Connected: lab").first).to_be_visible(timeout=PATIENCE_MS)
        shared = admin.get_by_role("link", name="Open the space").get_attribute("href")
        assert shared == f"./space.html?space={name}"
        visitor = sign_in("/", user)
        visitor.get_by_role("link", name=name.replace("-", " ").capitalize()).click()
        expect(visitor.get_by_text("Connected to lab").first).to_be_visible(timeout=PATIENCE_MS)
        visitor.get_by_label("Prompt").fill("Good morning")
        visitor.get_by_role("button", name="Run", exact=True).click()
        answer = visitor.get_by_text("You said: Good morning")
        expect(answer).to_be_visible(timeout=PATIENCE_MS)

        open_view(admin, "Workers")
        expect(admin.get_by_role("heading", name="lab", exact=True)).to_be_visible()
        open_view(admin, "Requests")
        admin.get_by_label("Space").select_option(name)
        row = admin.get_by_role("row", name=f"{name}.1")
        expect(row).to_contain_text("Answered", timeout=PATIENCE_MS)
        expect(row).to_contain_text(user.name)

        open_view(admin, "Tokens and keys")
        mine = admin.get_by_role("row", name=f"First worker of {name}")
        mine.get_by_role("button", name=re.compile("Replace")).click()
        admin.get_by_role("button", name="Replace", exact=True).click()
        newer = command_of(admin)
        assert newer != command
        expect(mine).to_contain_text("Being replaced", timeout=PATIENCE_MS)

        mine.get_by_role("button", name=re.compile("Revoke")).click()
        dialog = admin.get_by_role("dialog")
        expect(dialog).to_contain_text(
            "1 worker uses it and will be disconnected immediately: lab."
        )
        dialog.get_by_role("button", name="Revoke token").click()
        expect(mine).to_contain_text("Revoked", timeout=PATIENCE_MS)
        expect_line(worker, "The gateway rejected the token of lab (403)")

    with started(newer, tmp_path) as refused:
        expect_line(refused, "The gateway rejected the token of lab (403)")
    open_view(admin, "Audit log")
    for words in ("created token", "replaced token", "revoked token", "created space"):
        expect(admin.get_by_text(words).first).to_be_visible()
    assert "wst_" not in admin.content()


def test_what_runs_is_watched_paused_cancelled_sent_again_and_deleted(
    sign_in: SignIn, deployed_cloud: DeployedCloud, tmp_path: Path
) -> None:
    name = f"acts-{token_hex(3)}"
    person = create_person(deployed_cloud.cloud, f"{name}-admin", administrator=True)
    admin = sign_in("/admin.html", person)
    command = create_space(admin, name)
    with started(command, tmp_path) as worker:
        open_view(admin, "Workers")
        card = admin.locator(".worker-card").filter(has_text=name)
        expect(card).to_contain_text("Ready", timeout=PATIENCE_MS)
        card.get_by_role("button", name="Message the operator of lab").click()
        admin.get_by_label("Message", exact=True).fill("Please update.")
        admin.get_by_role("button", name="Send").click()
        expect_line(worker, "Please update.")
        card.get_by_role("button", name="Pause lab").click()
        admin.get_by_role("dialog").get_by_role("button", name="Pause").click()
        expect(card).to_contain_text("Paused", timeout=PATIENCE_MS)

        visitor = sign_in(f"/space.html?space={name}", person)
        visitor.get_by_label("Prompt").fill("slowly, please")
        visitor.get_by_role("button", name="Run", exact=True).click()
        title = visitor.locator("#result-title")
        expect(title).not_to_have_text("Your result will appear here", timeout=PATIENCE_MS)
        expect(title).not_to_contain_text("Running")

        card.get_by_role("button", name="Resume lab").click()
        admin.get_by_role("dialog").get_by_role("button", name="Resume").click()
        expect(title).to_contain_text("Running", timeout=PATIENCE_MS)

        open_view(admin, "Requests")
        admin.get_by_label("Space").select_option(name)
        admin.get_by_role("button", name=f"Cancel request {name}.1").click()
        admin.get_by_role("button", name="Cancel request", exact=True).click()
        expect(title).to_have_text("Cancelled", timeout=PATIENCE_MS)
        open_view(admin, "Workers")  # paused, it leaves the next request waiting
        card.get_by_role("button", name="Pause lab").click()
        admin.get_by_role("dialog").get_by_role("button", name="Pause").click()
        expect(card).to_contain_text("Paused", timeout=PATIENCE_MS)
        open_view(admin, "Requests")
        admin.get_by_label("Space").select_option(name)
        admin.get_by_role("button", name=f"Retry request {name}.1").click()
        admin.get_by_role("button", name="Retry request", exact=True).click()
        expect(admin.get_by_role("row", name=f"{name}.2")).to_be_visible(timeout=PATIENCE_MS)

        open_view(admin, "Spaces")
        admin.get_by_role("row", name=name).get_by_role("link").first.click()
        admin.get_by_role("link", name="Settings", exact=True).click()
        admin.get_by_role("button", name="Delete this space…").click()
        dialog = admin.get_by_role("dialog")
        expect(dialog).to_contain_text("1 request is waiting or running. It will be cancelled.")
        dialog.get_by_label(f"Type {name} to confirm").fill(name)
        dialog.get_by_role("button", name="Delete and cancel 1 request").click()
        expect(admin.get_by_role("link", name="New space")).to_be_visible(timeout=PATIENCE_MS)
        expect(admin.get_by_role("row", name=name)).to_have_count(0)


def test_cover_is_taken_and_shown(sign_in: SignIn, deployed_cloud: DeployedCloud) -> None:
    space = deployed_cloud.create_space()
    person = create_person(deployed_cloud.cloud, f"{space.space}-admin", administrator=True)
    admin = sign_in(f"/admin.html?view=space&space={space.space}", person)
    picture = admin.screenshot(clip={"x": 0, "y": 0, "width": 200, "height": 100})

    admin.get_by_label("Choose an image").last.set_input_files(
        {"name": "cover.png", "mimeType": "image/png", "buffer": picture}
    )

    expect(admin.get_by_text("Saved. Others will see it within a minute.").first).to_be_visible()
    admin.reload()
    shown = admin.get_by_role("img", name="The cover image of this space")
    expect(shown).to_be_visible(timeout=PATIENCE_MS)
    assert admin.evaluate("e => e.decode().then(() => e.naturalWidth)", shown.element_handle())


def test_signed_out_the_session_is_over_on_the_sign_in_page_too(
    sign_in: SignIn, deployed_cloud: DeployedCloud
) -> None:
    page = sign_in("/", create_person(deployed_cloud.cloud, f"leaves-{token_hex(3)}"))
    page.locator("details.account summary").click()

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile(r"cloudfront\.localhost:\d+/$"))
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_label("Password")).to_be_visible()
    assert page.evaluate("Object.keys(sessionStorage)") == []


def test_user_is_no_administrator(sign_in: SignIn, deployed_cloud: DeployedCloud) -> None:
    page = sign_in("/admin.html", create_person(deployed_cloud.cloud, f"user-{token_hex(3)}"))

    expect(page.get_by_role("heading", name="You are not an administrator")).to_be_visible()
