"""Answers of the endpoints whose answers are not completions."""

from typing import Any, Final

from spaces.domain.openai.errors import UnusableField
from spaces.domain.space import Definition
from spaces.domain.timing import SECOND

OWNER: Final = "spaces"
PLAIN_FORMATS: Final = frozenset({"text", "srt", "vtt"})
"""Formats of a transcription that are not JSON."""
FORMATS_OF_TEXT: Final = ("json", "text")
"""Formats that the gateway makes of the text of a space without calls."""
IMAGE_FORMATS: Final = ("url", "b64_json")


def model_object(definition: Definition) -> dict[str, Any]:
    """Return a space as a model."""
    return {
        "id": definition.space_id,
        "object": "model",
        "created": definition.created_at // SECOND,
        "owned_by": OWNER,
    }


def transcription(response_format: str | None, data: Any, text: str) -> str | dict[str, Any]:  # noqa: ANN401 - any JSON
    """Return a transcription: a text for the plain formats, otherwise an object.

    Args:
        response_format: The format that was asked for.
        data: What the worker answered in that format, if it did.
        text: The text of the answer.
    """
    if response_format in PLAIN_FORMATS:
        said = data.get("text") if isinstance(data, dict) else data
        return said if isinstance(said, str) else text
    return data if isinstance(data, dict) else {"text": text}


def embeddings(model: str, data: object, usage: dict[str, Any]) -> dict[str, Any]:
    """Return a list of embeddings under the name of the space."""
    whole = data if isinstance(data, dict) else {"object": "list", "data": []}
    kept = {name: usage[name] for name in ("prompt_tokens", "total_tokens")}
    return {**whole, "model": model, "usage": whole.get("usage") or kept}


def check_choice(name: str, value: str | None, allowed: tuple[str, ...]) -> None:
    """Raise unless a field has one of the values that can be done.

    Raises:
        UnusableField: It has another value.
    """
    if value is not None and value not in allowed:
        raise UnusableField(
            f"{name} must be one of {', '.join(allowed)}, not {value[:40]!r}.", param=name
        )
