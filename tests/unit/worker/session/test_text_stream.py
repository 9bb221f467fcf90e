"""Streamed text: put together, cut to size, repeated after a lost link."""

import math

from spaces_protocol.limits import MAX_CHUNK_BYTES, MAX_CHUNKS
from spaces_worker._session.text_stream import GAP_SECONDS, TextStream


def taken(stream, now):
    chunks = []
    while (chunk := stream.take(now)) is not None:
        chunks.append((chunk.index, chunk.text))
    return chunks


def streamed(*texts, now=100.0):
    stream = TextStream(now)
    for text in texts:
        stream.add(text)
        now += GAP_SECONDS
        stream.take(now)
    return stream, now


def test_pieces_are_put_together_until_half_a_second_is_over():
    stream = TextStream(100.0)
    stream.add("Hel")
    stream.add("lo")

    assert stream.due() == 100.5
    assert taken(stream, 100.4) == []
    assert taken(stream, 100.5) == [(0, "Hello")]
    assert stream.due() == math.inf


def test_an_empty_piece_is_no_news():
    stream = TextStream(100.0)
    stream.add("")

    assert stream.due() == math.inf


def test_a_first_piece_after_long_thinking_goes_out_at_once():
    stream = TextStream(100.0)
    stream.add("Hello")

    assert taken(stream, 107.0) == [(0, "Hello")]


def test_a_chunk_has_a_limit_and_no_character_is_cut():
    stream = TextStream(100.0)
    text = "語" * 10_000
    stream.add(text)

    first = stream.take(101.0)
    assert stream.take(101.0) is None
    rest = stream.take(101.5)

    assert MAX_CHUNK_BYTES - 3 < len(first.text.encode()) <= MAX_CHUNK_BYTES
    assert first.text + rest.text == text


def test_what_may_be_lost_with_a_connection_is_repeated_unchanged_on_the_next():
    stream, now = streamed("a", "b", "c")
    stream.add("d")

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
    stream.add("c")

    stream.restart()

    assert taken(stream, now + 1) == [(0, "abc")]


def test_a_very_long_text_is_not_streamed_to_its_end():
    stream = TextStream(0.0)
    now = 0.0
    for _ in range(MAX_CHUNKS):
        stream.add("x")
        now += 1
        stream.take(now)
    stream.add("x")

    assert stream.due() == math.inf
    assert stream.take(now + 1) is None
