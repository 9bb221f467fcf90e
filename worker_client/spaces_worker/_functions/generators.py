"""Streams what generator functions yield and collects their answer."""

from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator

from spaces_worker._functions.context import RequestContext
from spaces_worker._functions.result import Result
from spaces_worker._session.piece import Piece


def drive(pieces: Iterator[object], context: RequestContext) -> object:
    """Stream what a generator yields until it ends or its request is cancelled."""
    answer: object = Result(text=None)
    try:
        while not context.cancelled.is_set():
            try:
                piece = next(pieces)
            except StopIteration as end:
                return _final(answer if end.value is None else end.value, context)
            answer = _take(piece, answer, context)
    finally:
        if isinstance(pieces, Generator):
            pieces.close()
    return _final(answer, context)


async def drive_async(pieces: AsyncIterator[object], context: RequestContext) -> object:
    """Stream what an async generator yields until it ends."""
    answer: object = Result(text=None)
    try:
        async for piece in pieces:
            answer = _take(piece, answer, context)
    finally:
        if isinstance(pieces, AsyncGenerator):
            await pieces.aclose()
    return _final(answer, context)


def _take(piece: object, answer: object, context: RequestContext) -> object:
    """Stream a text; return a `Result`, the last of which holds everything but the text."""
    if isinstance(piece, Result):
        return piece
    if isinstance(piece, Piece):
        context.stream_piece(piece)
        return answer
    if not isinstance(piece, str):
        raise TypeError(
            f"A generator must yield str or Result, not {type(piece).__name__}; put data and files "
            "in a Result."
        )
    context.stream(piece)
    return answer


def _final(answer: object, context: RequestContext) -> object:
    """Return the answer of a generator; one that yielded nothing answers with an empty text."""
    empty = isinstance(answer, Result) and answer.is_empty and context.streamed is None
    return Result(text="") if empty else answer
