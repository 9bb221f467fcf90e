"""What a function that knows prompts or messages gets of a call of the OpenAI API."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from spaces_protocol.model_call import Endpoint, ModelCall

FUNCTION_ENDPOINTS: Final[tuple[Endpoint, ...]] = ("chat.completions", "completions")
"""The endpoints that any function can serve."""

_PROMPTS: Final[Mapping[Endpoint, str]] = {
    "completions": "prompt",
    "embeddings": "input",
    "audio.transcriptions": "prompt",
    "images.generations": "prompt",
}
"""The field that is closest to a prompt."""
_NOT_PARAMS: Final = frozenset({"messages", "prompt", "input", "model", "stream", "stream_options"})


def prompt_of(call: ModelCall) -> str:
    """Return the last text of the user; empty if there is none."""
    if call.endpoint == "chat.completions":
        return next((_text_of(each) for each in reversed(_messages(call)) if _is_user(each)), "")
    given = call.body.get(_PROMPTS[call.endpoint])
    if isinstance(given, list) and len(given) == 1:  # a client that sends several at once
        given = given[0]
    return given if isinstance(given, str) else ""


def messages_of(call: ModelCall | None, prompt: str) -> list[dict[str, Any]]:
    """Return the conversation; a prompt is one message of the user."""
    if call is not None and call.endpoint == "chat.completions":
        return _messages(call)
    return [{"role": "user", "content": prompt}]


def plain_messages(messages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return messages whose contents are texts, for models that read nothing else."""
    return [{**each, "content": _text_of(each)} for each in messages]


def length_of(call: ModelCall) -> int | None:
    """Return how many tokens the answer to a call may have; None if it does not say so."""
    named = (call.body.get(name) for name in ("max_completion_tokens", "max_tokens"))
    return next((count for count in named if isinstance(count, int) and count > 0), None)


def params_of(call: ModelCall) -> dict[str, Any]:
    """Return the options of a call; null stands for the default, as in the OpenAI API."""
    return {
        name: value
        for name, value in call.body.items()
        if name not in _NOT_PARAMS and value is not None
    }


def _messages(call: ModelCall) -> list[dict[str, Any]]:
    messages = call.body.get("messages")
    if not isinstance(messages, list):
        return []
    return [each for each in messages if isinstance(each, dict)]


def _is_user(message: Mapping[str, Any]) -> bool:
    return message.get("role") == "user"


def _text_of(message: Mapping[str, Any]) -> str:
    content = message.get("content")
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = [each.get("text") for each in parts if isinstance(each, dict)]
    return "\n".join(each for each in texts if isinstance(each, str))
