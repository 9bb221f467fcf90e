"""Test your own functions with a request that does not come from a gateway."""

import mimetypes
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from os import PathLike
from pathlib import Path
from typing import Any

from spaces_protocol.gateway_messages import Input, PresignedFile, Request
from spaces_protocol.model_call import ModelCall
from spaces_worker._files.request_folder import RequestFolder
from spaces_worker._functions.context import RequestContext
from spaces_worker._session.piece import Piece
from spaces_worker._session.progress import ProgressPoint

__all__ = ["RecordedContext", "request_context"]


class RecordedContext(RequestContext):
    """The context of a request that does not come from a gateway.

    Attributes:
        told: one entry for each call of ``progress``, with ``percent``, ``step``, ``total`` and
            ``message``.
    """

    def __init__(self, request: Request, request_folder: RequestFolder) -> None:
        self.told: list[ProgressPoint] = []
        super().__init__(request, self._note, request_folder=request_folder)

    def _note(self, word: ProgressPoint | Piece) -> None:
        if isinstance(word, ProgressPoint):
            self.told.append(word)


@contextmanager
def request_context(
    prompt: str = "",
    *,
    params: object = None,
    call: ModelCall | None = None,
    files: Sequence[str | PathLike[str]] = (),
    space: str = "test",
    attempt: int = 1,
    seconds: float = 60.0,
) -> Iterator[RecordedContext]:
    """Create the context of one request; its folder is removed when the block ends.

    Set ``context.cancelled`` to see what your function does when its request is cancelled.
    ``context.streamed`` and ``context.told`` hold what it streamed and its progress.

    Args:
        prompt: what the user wrote.
        call: a call of the OpenAI API, instead of prompt and params.
        params: the value of ``context.params``: a dict, or the model that it is converted to.
        files: paths of the files that the user sent; the function gets copies.
        space: the space that the request was submitted to.
        attempt: how many times the request was dispatched, this time included.
        seconds: time until the deadline.
    """
    sent = [_sent(Path(file)) for file in files]
    request = Request(
        request_id=f"{space}.1.{'t' * 22}",
        space=space,
        attempt=attempt,
        deadline=datetime.now(UTC) + timedelta(seconds=seconds),
        input=Input(prompt=prompt, files=sent, params=_as_sent(params), call=call),
    )
    request_folder = RequestFolder(lambda file, path: _copy(Path(file.url), path))
    context = RecordedContext(request, request_folder)
    if params is not None:
        context.params = params
    try:
        yield context
    finally:
        request_folder.close()


def _as_sent(params: object) -> dict[str, Any]:
    return dict(params) if isinstance(params, Mapping) else {}


def _sent(path: Path) -> PresignedFile:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return PresignedFile(
        name=path.name, content_type=kind, size=path.stat().st_size, url=str(path.absolute())
    )


def _copy(source: Path, path: Path) -> None:
    shutil.copyfile(source, path)
