"""Text for a reader who cannot take anything back."""

from hypothesis import given
from hypothesis import strategies as st

from spaces_client._core.joined_text import JoinedText

TEXTS = st.lists(st.text(alphabet="ab", max_size=4), max_size=6)


def test_another_attempt_with_the_same_text_is_joined():
    joined = JoinedText()

    first = [joined.add("Once "), joined.add("up")]
    joined.restart()

    assert first == ["Once ", "up"]
    assert [joined.add("Once"), joined.add(" upon"), joined.add(" a time")] == ["", "on", " a time"]


def test_one_with_other_text_is_refused():
    joined = JoinedText()
    joined.add("Once")
    joined.restart()

    assert joined.add("Never") is None


@given(TEXTS, TEXTS)
def test_the_reader_has_the_text_of_the_last_attempt_or_is_told(first, second):
    joined = JoinedText()
    read = [joined.add(text) for text in first]
    joined.restart()
    read += [joined.add(text) for text in second]

    whole = sorted(("".join(first), "".join(second)), key=len)
    contradicts = not whole[1].startswith(whole[0])
    assert (None in read) == contradicts
    if not contradicts:
        assert "".join(read) == whole[1]
