"""Streaming text generation with transformers, stopped when the request is cancelled."""

import threading
from collections.abc import Generator, Mapping
from typing import Any, Final

from spaces_protocol.worker_messages import Usage
from spaces_worker._functions.call_input import plain_messages
from spaces_worker._functions.context import RequestContext

JOIN_SECONDS: Final = 60.0
"""How long a stopped generation may take to finish its current token."""


def generate(
    transformers: Any,  # noqa: ANN401 - a package that may be missing has no types
    pipeline: Any,  # noqa: ANN401
    context: RequestContext,
    params: Mapping[str, Any],
) -> Generator[str, None, Usage]:
    """Yield the pieces of a text and return the token counts.

    A model with a chat template gets the conversation; others get the prompt unchanged.

    Args:
        transformers: the package.
        pipeline: one for ``text-generation``.
        context: the request; cancelling it ends the generation at the next token.
        params: arguments of ``generate``.
    """
    generation = _Generation(transformers, pipeline, context.cancelled)
    thread = threading.Thread(
        target=generation.run, args=(context, params), name="spaces-worker-writing", daemon=True
    )
    thread.start()
    try:
        yield from filter(None, generation.streamer)
    finally:
        generation.stop.set()
        thread.join(JOIN_SECONDS)
    if generation.error is not None:
        raise generation.error
    return generation.usage()


class _Generation:
    """One call of the pipeline, in a separate thread from the one that reads its text."""

    def __init__(self, transformers: Any, pipeline: Any, cancelled: threading.Event) -> None:  # noqa: ANN401
        self._transformers = transformers
        self._pipeline = pipeline
        self._cancelled = cancelled
        self._lengths: list[int] = []
        self.stop = threading.Event()
        self.error: Exception | None = None
        self.streamer = transformers.TextIteratorStreamer(
            pipeline.tokenizer, skip_prompt=True, skip_special_tokens=True
        )

    def run(self, context: RequestContext, params: Mapping[str, Any]) -> None:
        """Generate; the streamer is ended in every case."""
        chat = getattr(self._pipeline.tokenizer, "chat_template", None)
        text = plain_messages(context.messages) if chat else context.prompt
        criteria = self._transformers.StoppingCriteriaList([self._look])
        try:
            self._pipeline(text, streamer=self.streamer, stopping_criteria=criteria, **dict(params))
        except Exception as error:  # noqa: BLE001 - raised again where the text is read
            self.error = error
            self.streamer.on_finalized_text("", stream_end=True)

    def usage(self) -> Usage:
        """Return the token counts."""
        if not self._lengths:
            return Usage()
        read = self._lengths[0] - 1
        return Usage(input_tokens=read, output_tokens=self._lengths[-1] - read)

    def _look(self, input_ids: Any, _scores: Any, **_: object) -> Any:  # noqa: ANN401 - tensors
        """Record the length after each token, and return whether to stop."""
        self._lengths = [*self._lengths[:1], int(input_ids.shape[-1])]
        ends = self._cancelled.is_set() or self.stop.is_set()
        return input_ids.new_full((input_ids.shape[0],), ends).bool()
