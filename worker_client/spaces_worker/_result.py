"""What a function may return to say more than a text."""

from dataclasses import dataclass
from typing import Any

from spaces_protocol.worker_messages import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The answer of a function.

    Attributes:
        text: Markdown or plain text.
        data: anything that JSON can carry.
        confidence: how sure the model is, 0 to 1.
        model: name of the model.
        usage: token counts; a missing total is added up.
        inference_time: seconds that the model worked; measured if not given.
    """

    text: str | None = None
    data: Any = None
    confidence: float | None = None
    model: str | None = None
    usage: Usage | None = None
    inference_time: float | None = None
