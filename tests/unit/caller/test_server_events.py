"""Server-sent events, however their bytes are cut."""

import pytest

from spaces_client import UnexpectedAnswer
from spaces_client._core import server_events
from spaces_client._core.server_events import EventReader, ServerEvent

STREAM = (
    "\ufeffevent: text\nid: 1.1\ndata: käse\n\n:\n\nretry: 5\r\n"
    "data:two\r\ndata: lines \u2028 here\r\n\r\nevent: done\n\ndata: last\rid: 1.2\r\r"
)
EVENTS = [
    ServerEvent("text", "käse", "1.1"),
    ServerEvent("message", "two\nlines \u2028 here", "1.1"),
    ServerEvent("message", "last", "1.2"),
]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_events_do_not_depend_on_where_bytes_are_cut(size):
    encoded, reader = STREAM.encode(), EventReader()

    pieces = [encoded[start : start + size] for start in range(0, len(encoded), size)]
    read = [event for piece in [*pieces, b"\n"] for event in reader.feed(piece)]

    assert read == EVENTS


def test_what_never_ends_is_refused(monkeypatch):
    monkeypatch.setattr(server_events, "_MAX_EVENT_CHARS", 1_000)
    reader = EventReader()
    assert not [event for _ in range(100) for event in reader.feed(b"0123456789")]

    with pytest.raises(UnexpectedAnswer):
        list(reader.feed(b"0"))


def test_a_long_stream_of_short_events_is_not(monkeypatch):
    monkeypatch.setattr(server_events, "_MAX_EVENT_CHARS", 1_000)
    reader = EventReader()

    assert sum(len(list(reader.feed(b"data: 0123456789\n\n"))) for _ in range(500)) == 500
