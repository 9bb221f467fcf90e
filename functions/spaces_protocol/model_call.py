"""A call of a model as the OpenAI API takes it."""

from typing import Any, Final, Literal, get_args

from msgspec import Struct

Endpoint = Literal[
    "chat.completions", "completions", "embeddings", "audio.transcriptions", "images.generations"
]
ENDPOINTS: Final[tuple[Endpoint, ...]] = get_args(Endpoint)


class ModelCall(Struct, frozen=True, kw_only=True):
    """One call of an endpoint.

    Attributes:
        endpoint: the path of the OpenAI API, with ``.`` for ``/``.
        body: the JSON body as that endpoint takes it; the worker chooses its ``model``.
    """

    endpoint: Endpoint
    body: dict[str, Any]
