"""Answers of ``/chat/completions`` and ``/completions`` that do not stream."""

from typing import Any, Final, Literal, NamedTuple

from spaces_protocol.model_call import Endpoint

FinishReason = Literal["stop", "length", "tool_calls", "content_filter", "function_call"]

_TOKENS: Final = {
    "prompt_tokens": "input_tokens",
    "completion_tokens": "output_tokens",
    "total_tokens": "total_tokens",
}


class Named(NamedTuple):
    """What all objects of one answer have in common.

    Attributes:
        request_id: The id of the request.
        model: The space.
        created: Seconds since 1970.
    """

    endpoint: Endpoint
    request_id: str
    model: str
    created: int

    @property
    def object_id(self) -> str:
        """The id of a completion."""
        prefix = "chatcmpl" if self.endpoint == "chat.completions" else "cmpl"
        return f"{prefix}-{self.request_id}"

    @property
    def is_chat(self) -> bool:
        """Whether the answer is a message."""
        return self.endpoint == "chat.completions"


def completion(named: Named, data: Any, text: str, usage: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """Return a completion.

    Args:
        named: Its names.
        data: The object that a worker assembled; anything else is taken for no object.
        text: What to say without one.
        usage: The usage without one.
    """
    kind = "chat.completion" if named.is_chat else "text_completion"
    whole = data if has_choices(data) else {"choices": [_choice(named, text)], "usage": usage}
    return {
        **whole,
        "id": named.object_id,
        "object": kind,
        "created": named.created,
        "model": named.model,
        "usage": whole.get("usage") or usage,
    }


def usage_of(counts: dict[str, Any] | None) -> dict[str, Any]:
    """Return a usage with the names of this API. What the worker did not count is 0."""
    counts = counts or {}
    usage = {name: counts.get(ours) or 0 for name, ours in _TOKENS.items()}
    if not usage["total_tokens"]:
        usage["total_tokens"] = usage["prompt_tokens"] + usage["completion_tokens"]
    return usage


def has_choices(data: object) -> bool:
    """Tell whether this is a completion with choices that are objects."""
    choices = data.get("choices") if isinstance(data, dict) else None
    if not isinstance(choices, list) or not choices:
        return False
    return all(isinstance(choice, dict) for choice in choices)


def _choice(named: Named, text: str) -> dict[str, Any]:
    said: dict[str, Any] = {"text": text}
    if named.is_chat:
        said = {"message": {"role": "assistant", "content": text, "refusal": None}}
    return {"index": 0, **said, "logprobs": None, "finish_reason": "stop"}
