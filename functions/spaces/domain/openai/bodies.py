"""Bodies of the calls, as far as the gateway reads them; all other fields are kept beside."""

import re
from typing import Annotated, Any, Final, NamedTuple, TypeVar

from msgspec import Meta, Struct, ValidationError, convert

from spaces.domain.files.attachment import Attachment
from spaces.domain.openai.errors import UnusableField
from spaces_protocol.model_call import Endpoint
from spaces_protocol.nesting import is_too_deep, too_deep
from spaces_protocol.wrong_fields import describe_fault

T = TypeVar("T")

ModelName = Annotated[str, Meta(min_length=1)]


class StreamOptions(Struct, frozen=True):
    """How a stream ends.

    Attributes:
        include_usage: Whether a last chunk without choices tells the usage.
    """

    include_usage: bool | None = None


class Message(Struct, frozen=True):
    """A message of a conversation, as far as a space without calls can use it."""

    role: str
    content: str | list[dict[str, Any]] | None = None


class ChatBody(Struct, frozen=True):
    """Body of ``POST /chat/completions``."""

    model: ModelName
    messages: Annotated[list[Message], Meta(min_length=1)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None


class CompletionBody(Struct, frozen=True):
    """Body of ``POST /completions``."""

    model: ModelName
    prompt: str | list[Any]
    stream: bool | None = None
    stream_options: StreamOptions | None = None


class EmbeddingBody(Struct, frozen=True):
    """Body of ``POST /embeddings``."""

    model: ModelName
    input: str | list[Any]
    encoding_format: str | None = None


class ImageBody(Struct, frozen=True):
    """Body of ``POST /images/generations``."""

    model: ModelName
    prompt: str
    stream: bool | None = None
    response_format: str | None = None


class TranscriptionBody(Struct, frozen=True):
    """Fields of ``POST /audio/transcriptions`` beside its file."""

    model: ModelName
    prompt: str | None = None
    response_format: str | None = None
    stream: bool | None = None


Body = ChatBody | CompletionBody | EmbeddingBody | ImageBody | TranscriptionBody

KINDS: Final[dict[Endpoint, type[Body]]] = {
    "chat.completions": ChatBody,
    "completions": CompletionBody,
    "embeddings": EmbeddingBody,
    "images.generations": ImageBody,
    "audio.transcriptions": TranscriptionBody,
}


class Call(NamedTuple):
    """A call of an endpoint.

    Attributes:
        fields: The whole body as it came.
        read: The fields that the gateway reads.
        file: The file of a form.
    """

    endpoint: Endpoint
    fields: dict[str, Any]
    read: Body
    file: Attachment | None = None

    @property
    def model(self) -> str:
        """The space."""
        return self.read.model

    @property
    def streams(self) -> bool:
        """Whether the caller wants the answer while it is written."""
        return bool(self.fields.get("stream"))

    @property
    def include_usage(self) -> bool | None:
        """Whether a last chunk without choices tells the usage; None if the caller did not say."""
        options = getattr(self.read, "stream_options", None)
        return options.include_usage if options else None

    @property
    def response_format(self) -> str | None:
        """The format of an answer that is no completion."""
        return getattr(self.read, "response_format", None)


def read_call(endpoint: Endpoint, fields: object) -> Call:
    """Check the body of a call.

    Raises:
        UnusableField: A field that the gateway reads has the wrong type or is missing.
    """
    if not isinstance(fields, dict):
        raise UnusableField("The body must be a JSON object.", param=None, code="invalid_type")
    if is_too_deep(fields):
        raise UnusableField(too_deep("The body"), param=None)
    kind = KINDS[endpoint]
    try:
        return Call(endpoint, fields, convert(fields, kind))
    except ValidationError as error:
        raise _fault(error, kind) from error


def _fault(error: ValidationError, kind: type[Body]) -> UnusableField:
    path = re.search(r"`\$\.?([^`]*)`$", str(error))
    missing = re.match(r"Object missing required field `([^`]+)`", str(error))
    place = path[1] if path else ""
    if missing:
        param = f"{place}.{missing[1]}" if place else missing[1]
        return UnusableField(
            f"{describe_fault(error, kind)}.", param=param, code="missing_required_parameter"
        )
    return UnusableField(
        f"{describe_fault(error, kind)}.", param=place or None, code="invalid_type"
    )
