"""A language model answers while one reads."""

import logging
import re
from collections.abc import Callable
from time import perf_counter

import pytest
from playwright.sync_api import Locator, expect

from infra.local.demos import Example
from tests.models.new_user import PATIENCE_MS, NewUser

_logger = logging.getLogger(__name__)  # seen with pytest --log-cli-level=INFO
pytestmark = [pytest.mark.models, pytest.mark.browser, pytest.mark.local]


def letters(text: str) -> str:
    """Return a text without what Markdown may still be half of."""
    return re.sub(r"\W", "", text)


def say(user: NewUser, words: str) -> Locator:
    """Send a message; gives the turn of its answer."""
    user.page.get_by_role("textbox", name="Message").fill(words)
    user.page.keyboard.press("Enter")
    return user.page.locator(".chat-turn[data-role=assistant]").last


def whole_text(turn: Locator) -> str:
    expect(turn.get_by_role("button", name="Regenerate")).to_be_visible(timeout=PATIENCE_MS)
    return turn.locator(".prose").inner_text()


def test_first_words_are_read_before_the_answer_ends(visit: Callable[[Example], NewUser]) -> None:
    user = visit(Example.CHAT)

    turn = say(user, "Tell me a long story about a fox and a river.")
    asked = perf_counter()
    writing = user.page.locator("[data-writing] .prose")
    expect(writing).not_to_be_empty(timeout=PATIENCE_MS)
    first, first_after = writing.inner_text(), perf_counter() - asked
    whole, whole_after = whole_text(turn), perf_counter() - asked

    _logger.info("First text after %.2f s, the end after %.2f s.", first_after, whole_after)
    assert first_after < whole_after
    assert len(first) < len(whole)
    assert letters(whole).startswith(letters(first)[:20])
    user.page.set_viewport_size({"width": 600, "height": 620})
    user.keep_picture("example-chat")


def test_model_is_told_what_was_said_before_and_how_long_to_answer(
    visit: Callable[[Example], NewUser],
) -> None:
    user = visit(Example.CHAT)
    user.page.get_by_role("button", name="Options").click()
    user.page.get_by_label("Max tokens").fill("5")

    first = whole_text(say(user, "Tell me a long story about a fox and a river."))
    second = whole_text(say(user, "Go on."))

    assert 1 <= len(first.split()) <= 5
    assert 1 <= len(second.split()) <= 5
