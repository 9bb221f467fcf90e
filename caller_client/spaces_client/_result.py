"""The result of a request."""

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from spaces_client._types import FileView, Metrics, Output, StoredResult, Times, Usage

F = TypeVar("F")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(Generic[F]):
    """The answer of a model.

    Attributes:
        request_id: the request. Treat it as a secret: who knows it can read the result.
        space: its space.
        text: the text of the answer; empty if there is none.
        data: the JSON value of the answer; for a call of the OpenAI API, its whole answer object.
        files: the files of the answer.
        times: when the request was accepted, started and ended.
        confidence: 0 to 1; None if the model does not report it.
        model: the model's name; None if it does not report it.
        usage: tokens; None if the model does not report them.
        metrics: seconds of waiting and running.
        attempt: how often the request was dispatched to a worker.
        metadata: the metadata of the submit.
    """

    request_id: str
    space: str
    text: str
    data: Any
    files: list[F]
    times: Times
    confidence: float | None = None
    model: str | None = None
    usage: Usage | None = None
    metrics: Metrics | None = None
    attempt: int | None = None
    metadata: dict[str, str] = field(default_factory=dict)


def result_of(stored: StoredResult, files: list[F]) -> Result[F]:
    """Return a result with its files."""
    output = stored.output or Output()
    return Result(
        request_id=stored.request_id,
        space=stored.space,
        text=output.text or "",
        data=output.data,
        files=files,
        times=stored.times,
        confidence=stored.confidence,
        model=stored.model,
        usage=stored.usage,
        metrics=stored.metrics,
        attempt=stored.attempt,
        metadata=stored.metadata,
    )


def files_of(stored: StoredResult) -> list[FileView]:
    """Return the files of a result."""
    return stored.output.files if stored.output else []
