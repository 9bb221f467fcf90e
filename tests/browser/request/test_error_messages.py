"""Every error that a visitor can meet has its own text, in both languages."""

import pytest
from playwright.sync_api import Page, expect

from spaces_protocol.errors import ErrorType
from spaces_protocol.rest_bodies import RequestState
from spaces_worker._functions.result_message import NEUTRAL, NOT_TRANSFERRED
from spaces_worker._session.request_tracker import _NOT_ACCEPTED
from tests.browser.support.bodies import REQUEST_ID, result, space, space_without_worker, status
from tests.browser.support.file_form import RULES
from tests.browser.support.gateway_stub import Answer, GatewayStub, refusal
from tests.browser.support.page_texts import Text, texts_of

pytestmark = pytest.mark.browser

REFUSALS = (ErrorType.QUEUE_FULL, ErrorType.INVALID_INPUT, ErrorType.BUSY, ErrorType.NO_WORKER)
"""One of each kind; tests/unit/page/describe.test.mjs holds the words of all of them."""
ENGLISH = "English words of the gateway."
LANGUAGES = {"en": texts_of("en"), "zh": texts_of("zh")}


def words(language: str, key: str) -> str:
    text: Text = LANGUAGES[language][key]
    assert isinstance(text, str)
    return text.replace("{detail}", ENGLISH)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("error", REFUSALS)
def test_refusal_is_told_in_the_language_of_the_page(
    fresh_page: Page, gateway: GatewayStub, error: ErrorType, language: str
) -> None:
    made = space_without_worker if error is ErrorType.NO_WORKER else space
    gateway.spaces = [made(files=RULES, features=["prompt", "image"])]
    gateway.submits = [refusal(error, ENGLISH)]
    fresh_page.clock.install()

    fresh_page.goto(f"/space.html?space=echo&lang={language}")
    fresh_page.locator("[data-part=prompt]").fill("Hello")
    fresh_page.locator("[data-part=run]").click()
    for _ in range(4):  # a submit is retried several times before its error is shown
        fresh_page.clock.run_for(10_000)

    name = "system" if error in {ErrorType.BUSY, ErrorType.INTERNAL} else error
    main = fresh_page.locator("main")
    expect(main.get_by_text(words(language, f"refused.{name}_words"))).to_be_visible()
    shown = main.inner_text()
    assert (ENGLISH in shown) is (error is ErrorType.INVALID_INPUT)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        (NEUTRAL, "result.worker_error"),
        (NOT_TRANSFERRED, "result.not_transferred"),
        (_NOT_ACCEPTED, "result.not_delivered"),
    ],
)
def test_neutral_words_of_the_worker_client_become_those_of_the_page(
    page: Page, gateway: GatewayStub, sentence: str, key: str, language: str
) -> None:
    failed(page, gateway, sentence, "worker_error", language)

    expect(page.locator("main").get_by_text(words(language, key))).to_be_visible()
    assert sentence not in page.locator("main").inner_text()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("error_type", ["user_error", "worker_error", "too_dark"])
def test_words_of_a_model_are_shown_as_they_are(
    page: Page, gateway: GatewayStub, error_type: str, language: str
) -> None:
    failed(page, gateway, "The picture is too dark.", error_type, language)

    expect(page.locator("main").get_by_text("The picture is too dark.", exact=True)).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("error_type", ["worker_lost", "internal_error"])
def test_fault_of_the_system_is_told_in_the_language_of_the_page(
    page: Page, gateway: GatewayStub, error_type: str, language: str
) -> None:
    failed(page, gateway, ENGLISH, error_type, language)

    expect(page.locator("#result-title")).to_have_text(words(language, "result.failed_system"))
    assert ENGLISH not in page.locator("main").inner_text()


def failed(page: Page, gateway: GatewayStub, error: str, error_type: str, language: str) -> None:
    gateway.spaces = [space()]
    gateway.statuses = [Answer(status(RequestState.FAILED))]
    gateway.results = [Answer(result(RequestState.FAILED, error=error, error_type=error_type))]
    page.goto(f"/space.html?space=echo&request={REQUEST_ID}&lang={language}")
    expect(page.locator(".result[data-tone=bad]")).to_be_visible()
