"""Signing in and out: the code flow, where tokens stay, and what happens when they end."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.support.admin_api_stub import AUTHORITY, CLIENT, AdminApiStub, id_token, session
from tests.browser.support.bodies import space
from tests.browser.support.gateway_stub import Answer
from tests.browser.support.own_modules import own_module
from tests.chromium_flags import QUIET
from tests.find_chromium import Machine

pytestmark = pytest.mark.browser

OWN_SPACES = "/me/spaces"
TOKEN = "/sign-in/token"


def granted(**changes: Any) -> Answer:
    usual = {
        "access_token": "fresh",
        "refresh_token": "refresh",
        "id_token": id_token(),
        "token_type": "Bearer",
        "expires_in": 900,
    }
    return Answer(usual | changes)


def begin(page: Page, stub: AdminApiStub) -> dict[str, str]:
    """Press the button; gives the values that the sign-in page is asked with."""
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/sign-in/authorization**")
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def test_sign_in_uses_the_code_flow_with_pkce_and_comes_back_to_where_one_was(
    signed_out_page: Page, stub: AdminApiStub
) -> None:
    stub.answer("POST", TOKEN, granted())
    signed_out_page.goto("/?q=echo")

    asked = begin(signed_out_page, stub)
    signed_out_page.goto(f"/signed-in.html?code=c0de&state={asked['state']}")

    signed_out_page.wait_for_url("**/?q=echo")
    expect(signed_out_page.get_by_text("operator")).to_be_visible()
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert "openid" in asked["scope"].split()
    assert urlsplit(asked["redirect_uri"]).path == "/signed-in.html"
    exchange = parse_qs(stub.calls_to("POST", TOKEN)[0].body)
    assert exchange["code"] == ["c0de"]
    assert "code_verifier" in exchange


def test_tokens_stay_in_the_session_storage_of_the_tab(
    signed_out_page: Page, stub: AdminApiStub
) -> None:
    stub.answer("POST", TOKEN, granted())
    signed_out_page.goto("/")
    signed_out_page.goto(f"/signed-in.html?code=c0de&state={begin(signed_out_page, stub)['state']}")
    signed_out_page.wait_for_url("**/")
    expect(signed_out_page.get_by_text("operator")).to_be_visible()

    assert "fresh" not in signed_out_page.evaluate("JSON.stringify(localStorage)")
    assert "fresh" in signed_out_page.evaluate("JSON.stringify(sessionStorage)")
    assert signed_out_page.context.cookies() == []
    other = signed_out_page.context.new_page()
    other.goto("/")
    expect(other.get_by_role("button", name="Sign in")).to_be_visible()


def test_sign_in_that_was_begun_elsewhere_is_not_finished(signed_out_page: Page) -> None:
    signed_out_page.goto("/signed-in.html?code=c0de&state=forged")

    expect(signed_out_page.get_by_role("heading", name="Sign-in failed")).to_be_focused()
    assert signed_out_page.evaluate("JSON.stringify(sessionStorage)") == "{}"


def test_turning_back_on_the_sign_in_page_is_told(
    signed_out_page: Page, stub: AdminApiStub
) -> None:
    signed_out_page.goto("/")

    signed_out_page.goto(
        f"/signed-in.html?error=access_denied&state={begin(signed_out_page, stub)['state']}"
    )

    expect(signed_out_page.get_by_role("heading", name="You were not signed in")).to_be_visible()
    signed_out_page.get_by_role("button", name="Try again").click()
    signed_out_page.wait_for_url("**/sign-in/authorization**")


def test_calls_of_somebody_who_is_signed_in_use_own_paths_with_the_token(
    admin_page: Page, stub: AdminApiStub
) -> None:
    admin_page.goto("/")

    expect(admin_page.get_by_role("heading", name="No spaces yet")).to_be_visible()
    assert {call.headers.get("authorization") for call in stub.calls_to("GET", OWN_SPACES)} == {
        "Bearer access"
    }
    assert stub.calls_to("GET", "/spaces") == []


@pytest.mark.parametrize("step", ["", "/upload-1/parts", "/upload-1/complete", "/upload-1/abort"])
def test_uploads_of_somebody_who_is_signed_in_use_own_paths_with_the_token(
    admin_page: Page, step: str
) -> None:
    admin_page.goto("/")

    script = f"async (path) => ({own_module('api/gateway_call.js')}).authorize(path)"
    made = admin_page.evaluate(script, f"/v1/uploads{step}")

    assert made["path"] == f"/v1/me/uploads{step}"
    assert made["headers"]["Authorization"].startswith("Bearer ")


def test_status_of_one_request_carries_no_token(admin_page: Page, stub: AdminApiStub) -> None:
    known = msgspec.to_builtins(space())
    stub.answer("GET", f"{OWN_SPACES}/echo", Answer(known))

    admin_page.goto("/space.html?space=echo&request=echo.7.AAAAAAAAAAAAAAAAAAAAAA")

    path = "/spaces/echo/requests/echo.7.AAAAAAAAAAAAAAAAAAAAAA/status"
    expect(admin_page.get_by_role("heading", name="Request not found")).to_be_visible()
    assert "authorization" not in stub.calls_to("GET", path)[0].headers


def test_token_near_its_end_is_renewed_before_it_is_used(
    signed_out_page: Page, stub: AdminApiStub
) -> None:
    stub.sign_in(signed_out_page, expires_in=30)
    stub.answer("POST", TOKEN, granted(refresh_token=None))
    signed_out_page.goto("/")

    expect(signed_out_page.get_by_role("heading", name="No spaces yet")).to_be_visible()
    assert len(stub.calls_to("POST", TOKEN)) == 1
    assert "grant_type=refresh_token" in stub.calls_to("POST", TOKEN)[0].body
    assert stub.calls_to("GET", OWN_SPACES)[0].headers["authorization"] == "Bearer fresh"


def test_token_that_is_refused_is_renewed_once_and_the_call_repeated(
    admin_page: Page, stub: AdminApiStub
) -> None:
    stub.answer("POST", TOKEN, granted())
    stub.answer("GET", OWN_SPACES, Answer({"message": "Unauthorized"}, 401), Answer({"spaces": []}))

    admin_page.goto("/")

    expect(admin_page.get_by_role("heading", name="No spaces yet")).to_be_visible()
    tokens = [call.headers["authorization"] for call in stub.calls_to("GET", OWN_SPACES)]
    assert tokens[:2] == ["Bearer access", "Bearer fresh"]


def test_session_that_ended_elsewhere_is_told_and_what_is_public_goes_on(
    signed_out_page: Page, stub: AdminApiStub
) -> None:
    stub.sign_in(signed_out_page, expires_in=10)
    stub.answer("POST", TOKEN, Answer({"error": "invalid_grant"}, 400))
    signed_out_page.goto("/?q=x")

    notice = signed_out_page.get_by_role("status").filter(has_text="You are signed out")
    expect(notice).to_contain_text("operator's session has expired")
    expect(signed_out_page.get_by_role("heading", name="No spaces yet")).to_be_visible()
    assert stub.calls_to("GET", "/spaces")
    signed_out_page.get_by_role("button", name="Sign in again").click()
    signed_out_page.wait_for_url("**/sign-in/authorization**")


def test_lost_network_during_a_renewal_does_not_sign_out(
    signed_out_page: Page, stub: AdminApiStub
) -> None:
    stub.sign_in(signed_out_page, expires_in=10)
    stub.answer("POST", TOKEN, Answer(status=None), granted())
    signed_out_page.goto("/")

    expect(
        signed_out_page.get_by_role("main").get_by_text("The gateway cannot be reached")
    ).to_be_visible()
    expect(signed_out_page.get_by_role("heading", name="No spaces yet")).to_be_visible()
    expect(signed_out_page.get_by_text("You are signed out")).to_be_hidden()


@pytest.mark.parametrize("revocation", [Answer({}), Answer({}, 400), Answer(status=None)])
def test_sign_out_revokes_forgets_and_ends_the_session_of_the_sign_in_page_too(
    admin_page: Page, stub: AdminApiStub, revocation: Answer
) -> None:
    stub.answer("POST", "/sign-in/revocation", revocation)
    admin_page.goto("/")
    admin_page.get_by_text("operator").click()

    admin_page.get_by_role("button", name="Sign out").click()
    admin_page.wait_for_url("**/sign-in/logout**")

    asked = parse_qs(urlsplit(admin_page.url).query)
    assert asked["client_id"] == [CLIENT]
    assert urlsplit(asked["logout_uri"][0]).path == "/"
    assert "token=refresh" in stub.calls_to("POST", "/sign-in/revocation")[0].body
    admin_page.goto("/")
    assert "access" not in admin_page.evaluate("JSON.stringify(sessionStorage)")


def test_sign_out_in_one_tab_signs_the_others_out(admin_page: Page, stub: AdminApiStub) -> None:
    one, other = admin_page, admin_page.context.new_page()
    stub.sign_in(other)
    one.goto("/")
    other.goto("/")
    expect(other.get_by_text("operator")).to_be_visible()

    one.get_by_text("operator").click()
    one.get_by_role("button", name="Sign out").click()

    expect(other.get_by_role("button", name="Sign in")).to_be_visible()


def test_account_menu_works_by_keyboard(admin_page: Page) -> None:
    admin_page.goto("/")
    summary = admin_page.locator("details.account summary")
    summary.press("Enter")
    expect(admin_page.get_by_role("link", name="Administration")).to_be_visible()

    admin_page.keyboard.press("Tab")
    admin_page.keyboard.press("Escape")

    expect(admin_page.get_by_role("link", name="Administration")).to_be_hidden()
    expect(summary).to_be_focused()


def test_gateway_without_sign_in_offers_none(signed_out_page: Page, stub: AdminApiStub) -> None:
    stub.with_sign_in = False
    signed_out_page.goto("/")

    expect(signed_out_page.get_by_role("heading", name="No spaces yet")).to_be_visible()
    expect(signed_out_page.get_by_role("button", name=re.compile("Sign in"))).to_have_count(0)


def test_space_that_is_not_shown_offers_to_sign_in_and_to_come_back(
    signed_out_page: Page,
) -> None:
    signed_out_page.goto("/space.html?space=club")

    expect(signed_out_page.get_by_role("heading", name="Space not available")).to_be_focused()
    said = "may have been renamed or deleted, or be open only to people who sign in"
    expect(signed_out_page.get_by_text(said)).to_be_visible()
    signed_out_page.get_by_role("main").get_by_role("button", name="Sign in").click()
    signed_out_page.wait_for_url("**/sign-in/authorization**")
    kept = signed_out_page.evaluate("fetch('/').then(() => JSON.stringify(sessionStorage))")
    assert "/space.html?space=club" in kept


def test_space_that_is_not_shown_to_somebody_who_signed_in_offers_no_second_sign_in(
    admin_page: Page,
) -> None:
    admin_page.goto("/space.html?space=club")

    expect(admin_page.get_by_text("or be open only to its members")).to_be_visible()
    expect(admin_page.get_by_role("button", name="Sign in")).to_have_count(0)


def test_sign_out_that_is_pressed_twice_revokes_once(admin_page: Page, stub: AdminApiStub) -> None:
    held: list[Route] = []
    admin_page.route("**/sign-in/revocation", lambda route: held.append(route))  # noqa: PLW0108
    admin_page.goto("/")
    admin_page.get_by_text("operator").click()
    with admin_page.expect_request("**/sign-in/revocation"):
        admin_page.get_by_role("button", name="Sign out").click()

    admin_page.get_by_role("button", name="Sign out").click()
    held[0].fulfill(json={})
    admin_page.wait_for_url("**/sign-in/logout**")

    assert len(held) == 1


@pytest.fixture
def keeping(chromium: Browser) -> Iterator[Browser]:
    """A Chromium that keeps pages for the way back, which a headless shell cannot."""
    program = Machine().find_whole()
    if program is None:
        pytest.skip("a headless shell keeps no pages for the way back: needs a whole Chromium")
    browser = chromium.browser_type.launch(
        executable_path=program,
        args=QUIET,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


def test_page_that_back_shows_again_knows_who_signed_in_meanwhile(
    keeping: Browser, stub: AdminApiStub, static_page_url: str
) -> None:
    context = keeping.new_context(base_url=static_page_url)
    page = context.new_page()
    page.goto("/")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.evaluate("window.kept = true")
    page.goto("/result.html")
    stored = [f"spaces.sign_in.user:{AUTHORITY}:{CLIENT}", json.dumps(session())]
    page.evaluate("stored => sessionStorage.setItem(...stored)", stored)

    page.evaluate("history.back()")

    expect(page.get_by_text("operator")).to_be_visible()
    assert page.evaluate("window.kept")
