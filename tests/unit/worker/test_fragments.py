"""Cutting messages into frames."""

import pytest

from spaces_protocol.limits import MAX_FRAME_BYTES
from spaces_worker._fragments import FRAME_HEADER_BYTES, MAX_PAYLOAD_BYTES, fragments


@pytest.mark.parametrize("character", ["x", "é", "語", "🙂"])
@pytest.mark.parametrize("shift", range(4))
def test_pieces_are_small_whole_characters_and_join_to_the_whole(character, shift):
    payload = ("x" * shift + character * 100).encode()

    pieces = list(fragments(payload, limit=16))

    assert b"".join(pieces) == payload
    assert max(map(len, pieces)) <= 16
    assert "".join(piece.decode() for piece in pieces) == payload.decode()


@pytest.mark.parametrize(("size", "count"), [(0, 1), (16, 1), (17, 2), (32, 2), (33, 3)])
def test_there_are_no_more_pieces_than_needed(size, count):
    assert len(list(fragments(b"x" * size, limit=16))) == count


def test_a_full_piece_with_its_header_is_a_frame_that_api_gateway_takes():
    assert MAX_PAYLOAD_BYTES + FRAME_HEADER_BYTES == MAX_FRAME_BYTES
