import pytest

from spaces.domain.openai.joined_deltas import Diverged
from spaces.domain.openai.repeated_text import RepeatedText
from spaces_protocol.rest_bodies import ChunkView


def said(*texts):
    return [ChunkView(text=text) for text in texts]


def thought(text=""):
    return [ChunkView(text=text, deltas=[{"choices": []}])]


@pytest.fixture
def text():
    text = RepeatedText()
    assert text.new_of(said("Once", " upon")) == said("Once", " upon")
    assert not text.is_repeated
    text.repeat()
    return text


def test_only_what_goes_beyond_is_new(text):
    assert text.new_of(said("On", "ce upon")) == []
    assert text.new_of(said(" a", " time")) == said(" a time")
    assert text.new_of(said(".")) == said(".")
    assert text.is_repeated


@pytest.mark.parametrize("pieces", [["Twice"], ["Once", "!"], ["Once up", "!"]])
def test_another_text_is_noticed_at_its_first_letter(text, pieces):
    *alike, other = pieces
    assert text.new_of(said(*alike)) == []

    with pytest.raises(Diverged):
        text.new_of(said(other))


def test_a_third_attempt_is_compared_with_all_that_was_passed_on(text):
    text.new_of(said("Once upon a"))
    text.repeat()

    assert text.new_of(said("Once upon")) == []
    assert text.new_of(said(" a time")) == said(" time")


def test_more_than_text_waits_for_the_whole_answer():
    text = RepeatedText()
    assert text.new_of(thought("Once")) == thought("Once")
    text.repeat()

    assert text.new_of(said("Once upon")) == []
    text.repeat()
    with pytest.raises(Diverged):
        text.new_of(said("Twice"))


def test_later_thoughts_wait_too(text):
    assert text.new_of(thought("Once upon a time")) == []
