"""Text that is sent in pieces, and text that is shown on a terminal."""

import pytest

from spaces_protocol.limits import MAX_FRAME_BYTES
from spaces_worker._connection.transport import FRAME_HEADER_BYTES, MAX_PAYLOAD_BYTES
from spaces_worker._text import PieceCleaner, clean_text, printable_text, split_utf8


@pytest.mark.parametrize("character", ["x", "é", "語", "🙂"])
@pytest.mark.parametrize("shift", range(4))
def test_pieces_are_small_whole_characters_and_join_to_the_whole(character, shift):
    payload = ("x" * shift + character * 100).encode()

    pieces = list(split_utf8(payload, limit=16))

    assert b"".join(pieces) == payload
    assert max(map(len, pieces)) <= 16
    assert "".join(piece.decode() for piece in pieces) == payload.decode()


@pytest.mark.parametrize(("size", "count"), [(0, 1), (16, 1), (17, 2), (32, 2), (33, 3)])
def test_there_are_no_more_pieces_than_needed(size, count):
    assert len(list(split_utf8(b"x" * size, limit=16))) == count


def test_a_full_piece_with_its_header_is_a_frame_that_api_gateway_takes():
    assert MAX_PAYLOAD_BYTES + FRAME_HEADER_BYTES == MAX_FRAME_BYTES


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\ud800b", "a?b"),
        ("\udcff", "?"),
        ("a\ud83d\ude00b", "a😀b"),
        ("\ude00\ud83d", "??"),
        ("\ud83d\ud83d\ude00", "?😀"),
        ("é😀\0", "é😀\0"),
    ],
)
def test_text_is_made_valid_unicode(text, clean):
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    ("pieces", "clean", "held"),
    [
        (["a\ud83d", "\ude00b"], ["a", "😀b"], ""),
        (["\ud83d", "", "\ude00"], ["", "", "😀"], ""),
        (["a\ud83d", "b"], ["a", "?b"], ""),
        (["a\ud83d", "\ud83d", "\ude00"], ["a", "?", "😀"], ""),
        (["a", "\ude00"], ["a", "?"], ""),
        (["a\ud83d"], ["a"], "\ud83d"),
    ],
)
def test_a_pair_may_be_split_over_two_pieces(pieces, clean, held):
    cleaner = PieceCleaner()

    assert [cleaner.clean(piece) for piece in pieces] == clean
    assert cleaner.held == held


@pytest.mark.parametrize(("text", "clean"), [("abcd", "abcd"), ("abcde", "abc…")])
def test_text_is_cut_to_its_limit(text, clean):
    assert clean_text(text, 4) == clean


@pytest.mark.parametrize(
    ("text", "lines", "shown"),
    [
        ("plain", False, "plain"),
        ("\x1b[2J", False, r"\x1b[2J"),
        ("a\nb", False, r"a\nb"),
        ("a\nb\r", True, "a\nb\\r"),
    ],
)
def test_characters_that_control_a_terminal_are_escaped(text, lines, shown):
    assert printable_text(text, lines=lines) == shown
