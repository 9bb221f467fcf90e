"""The loop: load the handler, then answer one invocation after the other."""

import importlib
import os
from collections.abc import Callable, Iterator
from http.client import HTTPException
from typing import Any, NoReturn

from streaming_runtime.errors import RuntimeApiError, error_trailers, log_error
from streaming_runtime.invocation import Context, Invocation
from streaming_runtime.response import Response
from streaming_runtime.response_stream import ResponseStream, prelude_of
from streaming_runtime.runtime_api import RuntimeApi, check_status

Handler = Callable[[dict[str, Any], Context], Response]


def load(name: str) -> Handler:
    """Import a handler, named ``package.module.function``.

    If its module has a function ``prepare``, it is called: Lambda gives a starting process more
    processor time than a running one.
    """
    module_name, _, function = name.rpartition(".")
    module = importlib.import_module(module_name)
    getattr(module, "prepare", lambda: None)()
    handler: Handler = getattr(module, function)
    return handler


def run(api: RuntimeApi, handler_name: str) -> NoReturn:
    """Serve until Lambda ends this process.

    Raises:
        SystemExit: The handler cannot be loaded, or the Runtime API is gone.
    """
    try:
        handler = load(handler_name)
    except BaseException as error:  # whatever it is, Lambda must hear of it
        log_error(error)
        api.report_init_error(error)
        raise SystemExit(1) from error
    try:
        while True:
            answer(api, handler, api.next_invocation())
    except RuntimeApiError as error:
        log_error(error)
        raise SystemExit(1) from error


def answer(api: RuntimeApi, handler: Handler, invocation: Invocation) -> None:
    """Answer one invocation; an error of the handler does not end the process."""
    _set_trace(invocation.trace)
    request_id = invocation.context.aws_request_id
    try:
        response = handler(invocation.event, invocation.context)
        pieces = iter(response.body)
        start = prelude_of(response) + next(pieces, b"")
    except Exception as error:  # noqa: BLE001 - reported and logged
        log_error(error)
        api.report_error(request_id, error)
        return
    _stream(api.begin_response(request_id), start, pieces)


def _stream(stream: ResponseStream, start: bytes, pieces: Iterator[bytes]) -> None:
    try:
        stream.write(start)
        error = _write_all(stream, pieces)
        check_status(stream.end(error_trailers(error) if error else None))
    except (OSError, HTTPException) as lost:
        # Lambda takes no more of this response, for example because it is too large.
        log_error(lost)
    finally:
        stream.close()
        getattr(pieces, "close", lambda: None)()


def _write_all(stream: ResponseStream, pieces: Iterator[bytes]) -> Exception | None:
    """Send the pieces as they come; return the error that cut them short."""
    while True:
        try:
            piece = next(pieces)
        except StopIteration:
            return None
        except Exception as error:  # noqa: BLE001 - reported in the trailers, and logged
            log_error(error)
            return error
        stream.write(piece)


def _set_trace(trace: str | None) -> None:
    """Hand the trace to the X-Ray SDK, in the variable where it looks for it."""
    if trace is None:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
    else:
        os.environ["_X_AMZN_TRACE_ID"] = trace
