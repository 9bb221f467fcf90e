"""What a function can read about its request, and how it reports text and progress."""

import dataclasses
import math
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from spaces_protocol.gateway_messages import Input, InputBody, Request
from spaces_protocol.limits import MAX_COUNT, MAX_PROGRESS_MESSAGE_CHARS
from spaces_protocol.model_call import ModelCall
from spaces_worker._files.input_files import InputFile
from spaces_worker._files.request_folder import RequestFolder
from spaces_worker._functions.call_input import messages_of, params_of, prompt_of
from spaces_worker._functions.output_limit import OutputLimit
from spaces_worker._session.piece import Piece
from spaces_worker._session.progress import ProgressPoint
from spaces_worker._text import PieceCleaner, clean_text


class RequestContext:
    """One request, as its function sees it; safe to use from any thread.

    Attributes:
        prompt: what the user wrote, in a call the last of it; empty if the user only sent files.
        params: options that the user set: a dict, or the declared model.
        call: the call, if the request is one of the OpenAI API: its ``endpoint`` and ``body``.
        files: files that the user sent; each is downloaded on first use.
        request_id: id of the request; anyone who knows it can read the answer.
        space: the space that the request was submitted to.
        attempt: how many times the request was dispatched to a worker; 1 is the first time. More
            than 1 means that a function may have run for it before.
        deadline: when the gateway gives up on the request.
        metadata: notes that the caller sent with the request.
        traceparent: where the request belongs in the caller's trace (W3C Trace Context); None if
            the caller sent none. Pass it on to services that you call.
        cancelled: set as soon as the answer is no longer wanted.
    """

    def __init__(
        self,
        request: Request,
        report: Callable[[ProgressPoint | Piece], object],
        *,
        request_folder: RequestFolder | None = None,
        deadline: datetime | None = None,
        cancelled: threading.Event | None = None,
    ) -> None:
        self.prompt: str = ""
        self.params: Any = {}
        self.call: ModelCall | None = None
        self.take_input(request.input)
        self.request_id: str = request.request_id
        self.metadata: dict[str, str] = request.metadata
        self.traceparent: str | None = request.traceparent
        self.space: str = request.space
        self.attempt: int = request.attempt
        self.deadline: datetime = request.deadline if deadline is None else deadline
        self.cancelled = threading.Event() if cancelled is None else cancelled
        self._request_folder = RequestFolder() if request_folder is None else request_folder
        self.files: tuple[InputFile, ...] = self._request_folder.input_files(request)
        self._report = report
        self._streaming = threading.Lock()
        self._streamed: list[str] = []
        self._cleaner = PieceCleaner()
        self._limit = OutputLimit()

    def take_input(self, sent: Input | InputBody) -> None:
        """Set prompt, params and call; what is too large for the socket arrives later."""
        self.call = sent.call
        self.prompt = sent.prompt or "" if sent.call is None else prompt_of(sent.call)
        self.params = sent.params if sent.call is None else params_of(sent.call)

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The conversation, as the OpenAI API has it; a prompt is one message of the user."""
        return messages_of(self.call, self.prompt)

    @property
    def folder(self) -> Path:
        """A private temporary folder, removed once the result and its files have been sent off."""
        return self._request_folder.path

    @property
    def streamed(self) -> str | None:
        """The text streamed so far; None if there is none."""
        rest = clean_text(self._cleaner.held)
        return "".join((*self._streamed, rest)) if self._streamed or rest else None

    def stream(self, text: str) -> None:
        """Show the user the next piece of text at once, as a generator does by yielding it.

        The joined pieces are the text of the answer, unless the function returns another text.

        Raises:
            TypeError: ``text`` is not a str.
            UserError: the pieces together are too large to deliver.
        """
        if not isinstance(text, str):
            raise TypeError(f"Only a str can be streamed, not {type(text).__name__}.")
        self.stream_piece(Piece(text))

    def stream_piece(self, piece: Piece) -> None:
        """Show the next piece, of which only the text belongs to the text of the answer."""
        with self._streaming:
            clean = self._cleaner.clean(piece.text)
            self._limit.add(clean)
            if piece.text or not piece.delta:
                self._streamed.append(clean)
            self._report(dataclasses.replace(piece, text=clean))

    def progress(
        self,
        percent: float | None = None,
        *,
        step: int | None = None,
        total: int | None = None,
        message: str | None = None,
    ) -> None:
        """Show the user the progress. Call it as often as you like; it is sent once a second.

        Args:
            percent: 0 to 100.
            step: number of completed steps.
            total: total number of steps.
            message: a short line.
        """
        point = ProgressPoint(
            percent=_percent(percent),
            step=_count(step),
            total=_count(total),
            message=None if message is None else clean_text(message, MAX_PROGRESS_MESSAGE_CHARS),
        )
        self._report(point)


def _count(value: float | None) -> int | None:
    if value is None or math.isnan(value):
        return None
    return int(min(MAX_COUNT, max(0, value)))


def _percent(value: float | None) -> float | None:
    if value is None or math.isnan(value):
        return None
    return min(100.0, max(0.0, float(value)))
