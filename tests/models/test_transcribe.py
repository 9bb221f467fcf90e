"""Speech to text: numbers spoken by espeak-ng, and a recorded sentence; uploaded and recorded."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from infra.local.demos import Example
from infra.project import PROJECT_FOLDER
from tests.local_cloud import DeployedCloud
from tests.models.conftest import speaking, with_silence
from tests.models.new_user import NewUser

pytestmark = [pytest.mark.models, pytest.mark.browser, pytest.mark.local]

NUMBERS = Path(__file__).with_name("one_two_three.wav")
"""Made by ``espeak-ng -v en-us -s 130 -w one_two_three.wav "one two three"``."""
SENTENCE = PROJECT_FOLDER / "worker_client" / "examples" / "go_forward.wav"
"""A person's voice."""


def shown_confidence(user: NewUser) -> float:
    """Return the confidence that the answer shows, 0 to 1."""
    metadata = user.answer().locator("[data-part=metadata]")
    expect(metadata).to_contain_text("Confidence")
    user.answer().get_by_text("Details", exact=True).click()
    found = re.search(r"Confidence\s*(\d+)", metadata.inner_text())
    assert found
    return int(found[1]) / 100


def test_spoken_numbers_are_written_down(visit: Callable[[Example], NewUser]) -> None:
    user = visit(Example.TRANSCRIBE)
    user.choose(NUMBERS)
    user.choose_option("Listen for", "numbers")

    user.run()

    user.expect_text("one two three")
    assert shown_confidence(user) > 0.7


def test_recorded_sentence_is_written_down(visit: Callable[[Example], NewUser]) -> None:
    user = visit(Example.TRANSCRIBE)
    user.choose(SENTENCE)

    user.run()

    user.expect_text("go forward ten meters")
    assert shown_confidence(user) > 0.7
    user.keep_picture("example-transcribe", user.answer())


@pytest.mark.parametrize(
    ("recording", "listen_for", "expected"),
    [(NUMBERS, "numbers", "one two three"), (SENTENCE, "speech", "go forward ten meters")],
)
def test_what_is_said_into_the_microphone_is_written_down(
    linked: Callable[[Example], str],
    chromium: Browser,
    deployed_cloud: DeployedCloud,
    tmp_path: Path,
    recording: Path,
    listen_for: str,
    expected: str,
) -> None:
    space = linked(Example.TRANSCRIBE)
    seconds = with_silence(recording, tmp_path / "heard.wav")
    with speaking(chromium, tmp_path / "heard.wav", deployed_cloud.page_url) as user:
        user.open(space)
        user.choose_option("Listen for", listen_for)

        # It is heard over and over: twice its length has it once as a whole.
        user.record(round(2 * seconds) + 1)
        user.run()

        phrase = user.answer().get_by_text(expected, exact=True)
        expect(phrase.first).to_be_visible()
