"""A language model answers while one reads."""

import logging
import re
from collections.abc import Callable
from time import perf_counter

import pytest
from playwright.sync_api import expect

from infra.local.demos import Example
from tests.models.new_user import PATIENCE_MS, NewUser

_logger = logging.getLogger(__name__)  # seen with pytest --log-cli-level=INFO
pytestmark = [pytest.mark.models, pytest.mark.browser, pytest.mark.local]


def letters(text: str) -> str:
    """Return a text without what Markdown may still be half of."""
    return re.sub(r"\W", "", text)


def test_first_words_are_read_before_the_answer_ends(visit: Callable[[Example], NewUser]) -> None:
    user = visit(Example.CHAT)
    user.page.get_by_label("Prompt").fill("Tell me a long story about a fox and a river.")

    user.run()
    asked = perf_counter()
    writing = user.page.locator("[data-writing] .prose")
    expect(writing).not_to_be_empty(timeout=PATIENCE_MS)
    first, first_after = writing.inner_text(), perf_counter() - asked
    whole, whole_after = user.text(), perf_counter() - asked

    _logger.info("First text after %.2f s, the end after %.2f s.", first_after, whole_after)
    assert first_after < whole_after
    assert len(first) < len(whole)
    assert letters(whole).startswith(letters(first)[:20])
    expect(user.answer().locator("[data-part=metadata]")).to_contain_text("SmolLM2-135M-Instruct")


def test_options_of_the_model_are_on_the_page(visit: Callable[[Example], NewUser]) -> None:
    user = visit(Example.CHAT)
    user.page.get_by_label("Prompt").fill("Tell me a long story about a fox and a river.")
    user.page.get_by_text("Options").click()
    user.page.get_by_label("Longest answer").fill("5")

    user.run()

    assert 1 <= len(user.text().split()) <= 5
