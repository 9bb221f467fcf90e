"""Stream of a chat completions server; see "Streaming events" in the OpenAI API reference."""

import msgspec
from msgspec import Struct

from spaces_protocol.worker_messages import Usage
from spaces_worker._functions.result import Result


class Delta(Struct):
    """Text that a chunk adds."""

    content: str | None = None


class Choice(Struct):
    """One of several alternatives; requests here ask for one."""

    delta: Delta = msgspec.field(default_factory=Delta)
    finish_reason: str | None = None


class Counts(Struct):
    """Token counts."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None


class Failure(Struct):
    """Error of the server."""

    message: str = ""
    type: str | None = None
    code: str | int | None = None


class Chunk(Struct):
    """One event of the stream, or the body of an error response."""

    choices: list[Choice] = msgspec.field(default_factory=list)
    usage: Counts | None = None
    error: Failure | None = None


class Answer:
    """Collects the model name, token counts and finish reason of one answer."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._usage: Usage | None = None
        self._finish: str | None = None

    def take(self, chunk: Chunk) -> str:
        """Collect the fields of a chunk and return its text."""
        if chunk.usage is not None:
            counts = chunk.usage
            self._usage = Usage(
                input_tokens=counts.prompt_tokens,
                output_tokens=counts.completion_tokens,
                total_tokens=counts.total_tokens,
            )
        for choice in chunk.choices:
            self._finish = choice.finish_reason or self._finish
        return "".join(choice.delta.content or "" for choice in chunk.choices)

    def result(self) -> Result:
        """Return everything but the text; the finish reason is included unless it is ``stop``."""
        finish = self._finish if self._finish not in {None, "stop"} else None
        data = None if finish is None else {"finish_reason": finish}
        return Result(model=self._model, usage=self._usage, data=data)
