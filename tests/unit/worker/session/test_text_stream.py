"""Streamed text: put together, cut to size, repeated after a lost link."""

import json
import math

from spaces_protocol.codec import decode_worker_message, encode
from spaces_protocol.limits import MAX_CHUNK_BYTES, MAX_CHUNKS, MAX_DELTAS_BYTES, MAX_MESSAGE_BYTES
from spaces_protocol.worker_messages import Progress
from spaces_worker._session.piece import Piece
from spaces_worker._session.text_stream import GAP_SECONDS, TextStream


def taken(stream, now):
    chunks = []
    while (chunk := stream.take(now)) is not None:
        chunks.append((chunk.index, chunk.text))
    return chunks


def streamed(*texts, now=100.0):
    stream = TextStream(now)
    for text in texts:
        stream.add(Piece(text))
        now += GAP_SECONDS
        stream.take(now)
    return stream, now


def test_the_first_piece_goes_out_when_its_request_is_a_tenth_of_a_second_old():
    stream = TextStream(100.0)
    stream.add(Piece("Hel"))
    stream.add(Piece("lo"))

    assert taken(stream, 100.05) == []
    assert taken(stream, 100.1) == [(0, "Hello")]
    assert stream.due() == math.inf


def test_pieces_are_put_together_until_half_a_second_is_over():
    stream, now = streamed("Once ")
    stream.add(Piece("Hel"))
    stream.add(Piece("lo"))

    assert stream.due() == now + 0.5
    assert taken(stream, now + 0.4) == []
    assert taken(stream, now + 0.5) == [(1, "Hello")]
    assert stream.due() == math.inf


def test_an_empty_piece_is_no_news():
    stream = TextStream(100.0)
    stream.add(Piece(""))

    assert stream.due() == math.inf


def test_a_first_piece_after_long_thinking_goes_out_at_once():
    stream = TextStream(100.0)
    stream.add(Piece("Hello"))

    assert taken(stream, 107.0) == [(0, "Hello")]


def test_a_chunk_has_a_limit_and_no_character_is_cut():
    stream = TextStream(100.0)
    text = "語" * 10_000
    stream.add(Piece(text))

    first = stream.take(101.0)
    assert stream.take(101.0) is None
    rest = stream.take(101.5)

    assert MAX_CHUNK_BYTES - 3 < len(first.text.encode()) <= MAX_CHUNK_BYTES
    assert first.text + rest.text == text


def test_what_may_be_lost_with_a_connection_is_repeated_unchanged_on_the_next():
    stream, now = streamed("a", "b", "c")
    stream.add(Piece("d"))

    stream.reconnected(now + 14.2)

    assert stream.due() <= now
    assert taken(stream, now + 14.2) == [(1, "b"), (2, "c")]
    assert taken(stream, now + 14.7) == [(3, "d")]


def test_what_was_sent_long_before_the_connection_was_lost_is_not_repeated():
    stream, now = streamed("a", "b")

    stream.reconnected(now + 60)

    assert stream.due() == math.inf


def test_a_new_attempt_begins_anew_with_all_that_there_is():
    stream, now = streamed("a", "b")
    stream.add(Piece("c"))

    stream.restart()

    assert taken(stream, now + 1) == [(0, "abc")]


def test_a_very_long_text_is_not_streamed_to_its_end():
    stream = TextStream(0.0)
    now = 0.0
    for _ in range(MAX_CHUNKS):
        stream.add(Piece("x"))
        now += 1
        stream.take(now)
    stream.add(Piece("x"))

    assert stream.due() == math.inf
    assert stream.take(now + 1) is None


def said(text, **more):
    """Return a piece with its object; anything beside the text is more than that."""
    delta = {"content": text, **more}
    return Piece(text, json.dumps(delta).encode(), says_more=bool(more))


def heard(chunk):
    """Return text and objects of a chunk as the gateway reads them."""
    message = Progress(request_id="a", attempt=1, message="\x01" * 300, chunk=chunk)
    read = decode_worker_message(encode(message)).chunk
    return read.text, read.deltas


def chunks_of(*pieces):
    stream, now, found = TextStream(0.0), 0.0, []
    for piece in pieces:
        stream.add(piece)
    while stream.due() < math.inf:
        now += GAP_SECONDS
        found.append(heard(stream.take(now)))
    return found


def test_objects_that_are_nothing_but_text_travel_as_text():
    assert chunks_of(said("Hel"), said("lo")) == [("Hello", [])]


def test_a_chunk_with_an_object_has_all_its_objects_in_order():
    assert chunks_of(said("Hel"), said("", call=1), said("lo")) == [
        ("Hello", [{"content": "Hel"}, {"content": "", "call": 1}, {"content": "lo"}])
    ]


def test_text_without_an_object_shares_no_chunk_with_objects():
    assert chunks_of(Piece("a"), said("b", call=1), Piece("c")) == [
        ("a", []),
        ("b", [{"content": "b", "call": 1}]),
        ("c", []),
    ]


def test_objects_are_cut_to_size_between_two_of_them():
    pieces = [said("x", call="y" * 1000) for _ in range(100)]

    found = chunks_of(*pieces)

    assert len(found) == 2
    assert [each for _, deltas in found for each in deltas] == [
        json.loads(piece.delta) for piece in pieces
    ]
    sizes = [len(json.dumps(deltas, separators=(",", ":"))) for _, deltas in found]
    assert MAX_DELTAS_BYTES - 1100 < max(sizes) <= MAX_DELTAS_BYTES


def test_plain_text_before_an_object_that_does_not_fit_beside_it_goes_first():
    large = said("b", call="y" * (MAX_DELTAS_BYTES - 100))

    assert chunks_of(said("a" * 100), large) == [("a" * 100, []), ("b", [json.loads(large.delta)])]


def test_an_object_that_is_too_large_is_left_to_the_result_but_for_its_text():
    large = said("b", call="y" * MAX_DELTAS_BYTES)
    silent = said("", call="y" * MAX_DELTAS_BYTES)
    wordy = said("z" * (MAX_CHUNK_BYTES + 1), call=1)

    found = chunks_of(said("a", call=1), large, silent, wordy)

    assert found[0] == ("a", [{"content": "a", "call": 1}])
    assert all(deltas == [] for _, deltas in found[1:])
    assert "".join(text for text, _ in found[1:]) == "b" + wordy.text


def test_an_object_of_the_largest_size_fits_whatever_its_text_is():
    text = "\x01" * (MAX_CHUNK_BYTES // 6 - 1)
    room = MAX_DELTAS_BYTES - len(said(text, call="").delta) - 2
    piece = said(text, call="y" * room)
    stream = TextStream(0.0)
    stream.add(piece)

    message = Progress(request_id="a" * 90, attempt=1, chunk=stream.take(1.0))

    assert heard(message.chunk) == (text, [json.loads(piece.delta)])
    assert len(encode(message)) < MAX_MESSAGE_BYTES


def test_objects_are_repeated_and_begin_anew_like_text():
    stream = TextStream(0.0)
    stream.add(said("a", call=1))
    first = stream.take(1.0)
    stream.reconnected(2.0)
    again = stream.take(2.0)
    stream.restart()
    stream.add(said("b"))

    assert again is first
    assert heard(stream.take(3.0)) == (
        "ab",
        [{"content": "a", "call": 1}, {"content": "b"}],
    )
