"""What a person reads of an input, for lists."""

from collections.abc import Iterator
from typing import Any, Final

EXCERPT_CHARS: Final = 200


def excerpt_of_input(stored: dict[str, Any]) -> str:
    """Return the beginning of the prompt of a stored input, or of what a call says last."""
    found = stored.get("excerpt") or stored.get("prompt") or _words_of_call(stored.get("call"))
    return found[:EXCERPT_CHARS] if isinstance(found, str) else ""


def _words_of_call(call: Any) -> str:  # noqa: ANN401 - the caller's own JSON
    """Return the last text of the user, or the prompt or input of a call without messages."""
    body = call["body"] if call else {}
    messages = body.get("messages")
    for message in reversed(messages if isinstance(messages, list) else []):
        if isinstance(message, dict) and message.get("role") == "user":
            return " ".join(_texts(message.get("content")))
    return " ".join(_texts(body.get("prompt") or body.get("input")))


def _texts(content: Any) -> Iterator[str]:  # noqa: ANN401 - the caller's own JSON
    for part in content if isinstance(content, list) else [content]:
        text = part.get("text") if isinstance(part, dict) else part
        if isinstance(text, str):
            yield text
