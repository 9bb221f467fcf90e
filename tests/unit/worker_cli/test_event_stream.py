"""Events from bytes that arrive in pieces of any size."""

import itertools

import pytest

from spaces_worker import UserError
from spaces_worker._functions import output_limit
from spaces_worker._functions.output_limit import OutputLimit
from spaces_worker.adapters._event_stream import MESSAGE, STRAY, ServerEvent, events_of


async def events(pieces):
    async def arriving():
        for each in pieces:
            yield each

    return [each async for each in events_of(arriving())]


def bytes_of(content):
    return [content[at : at + 1] for at in range(len(content))]


async def test_lines_may_arrive_byte_by_byte():
    content = "\ufeffdata: é\r\ndata: b\r\rodd\n\ndata: c\r".encode()

    assert await events(bytes_of(content)) == [
        ServerEvent(MESSAGE, "é\nb"),
        ServerEvent(STRAY, "odd"),
        ServerEvent(MESSAGE, "c"),
    ]


async def test_a_line_is_not_counted_again_with_every_piece(monkeypatch):
    counted = []
    monkeypatch.setattr(OutputLimit, "add", lambda _, piece: counted.append(len(piece)))
    content = b"data: " + b"x" * 1000

    assert await events(bytes_of(content)) == [ServerEvent(MESSAGE, "x" * 1000)]
    assert sum(counted) <= 2 * len(content)


@pytest.mark.parametrize("piece", [b"data:\n", b"data"])
async def test_an_event_or_line_without_end_is_ended(monkeypatch, piece):
    monkeypatch.setattr(output_limit, "LIMIT_BYTES", 1000)

    with pytest.raises(UserError, match="too large to deliver"):
        await events(itertools.repeat(piece, 2000))


async def test_many_short_lines_are_no_long_one(monkeypatch):
    monkeypatch.setattr(output_limit, "LIMIT_BYTES", 1000)

    assert len(await events([b"data: x\n", b"\ndata"] + [b": x\n\ndata"] * 500)) == 502
