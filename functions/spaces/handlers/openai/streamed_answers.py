"""Answers that stream, as server-sent events in the form that clients of the OpenAI API expect."""

import time
from collections.abc import Iterator
from itertools import chain

from spaces.bootstrap import gateway
from spaces.domain.errors import SpaceError
from spaces.domain.openai.completions import Named
from spaces.domain.openai.errors import ApiError, error_of
from spaces.handlers.openai.responses import (
    DONE,
    error_response,
    event_of,
    request_id_header,
)
from spaces.handlers.overload import overload_as_busy
from spaces.handlers.streams.end_of_stream import end_of_stream
from spaces.handlers.streams.responses import event_stream
from spaces.observability import logger
from spaces.services.openai.answer_call import Wanted
from spaces.services.openai.stream_call import Chunk, stream_call
from streaming_runtime.invocation import Context
from streaming_runtime.response import Response

Pieces = Iterator[Chunk | ApiError]


def streamed_answer(
    wanted: Wanted, named: Named, context: Context, *, include_usage: bool | None
) -> Response:
    """Return the answer of a request as a stream; what fails before its first piece, as an error.

    Whether the caller still listens cannot be noticed: Lambda takes the response in any case.
    """
    until = end_of_stream(context)
    pieces = stream_call(
        gateway(),
        wanted,
        named,
        include_usage=include_usage,
        sleep=time.sleep,
        until=until,
        guard=overload_as_busy,
    )
    headers = request_id_header(wanted.request_id)
    first = next(pieces, None)
    if isinstance(first, ApiError):
        return error_response(first, headers)
    begun = pieces if first is None else chain([first], pieces)
    return event_stream(_events(begun, str(wanted.request_id)), headers)


def _events(pieces: Pieces, request_id: str) -> Iterator[bytes]:
    try:
        for piece in pieces:
            if isinstance(piece, ApiError):
                yield event_of(piece.body)
                return
            yield event_of(piece)
    except SpaceError as error:
        yield event_of(error_of(error).body)
    except Exception:  # noqa: BLE001 - the handler's edge
        logger.exception("stream_broken", extra={"request_id": request_id})
        detail = f"An internal error occurred. Quote {request_id} when you report it."
        yield event_of(ApiError(500, "server_error", detail, code="internal_error").body)
    else:
        yield DONE
