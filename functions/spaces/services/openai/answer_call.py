"""Turns the result of a request into the answer of the endpoint that was called."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from msgspec import json, to_builtins

from spaces.domain.errors import RequestExpired
from spaces.domain.openai.completions import Named, completion, usage_of
from spaces.domain.openai.errors import UnusableField
from spaces.domain.openai.plain_answers import embeddings, transcription
from spaces.services.files.output_keys import output_keys
from spaces.services.ports.file_store import NoLongerStored
from spaces.services.ports.gateway import Gateway
from spaces_protocol.model_call import Endpoint
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import OutputView, RequestResult

MAX_INLINE_BYTES: Final = 32 * 1024**2
"""Largest images that are sent in Base64; the function has to hold them in memory."""
_NOTHING: Final = OutputView()


class Wanted(NamedTuple):
    """What a caller wants to have of a request.

    Attributes:
        response_format: The format of a transcription, or of images.
    """

    endpoint: Endpoint
    request_id: RequestId
    response_format: str | None = None


def answer_of(gateway: Gateway, wanted: Wanted, result: RequestResult) -> dict[str, Any] | str:
    """Return the answer of a completed request: an object, or a text for plain formats."""
    return _ANSWERS[wanted.endpoint](gateway, wanted, result)


def names_of(wanted: Wanted, result: RequestResult) -> Named:
    """Return what all objects of an answer have in common."""
    created = int(result.times.created_at.timestamp())
    return Named(wanted.endpoint, result.request_id, result.space, created)


def _completion(_: Gateway, wanted: Wanted, result: RequestResult) -> dict[str, Any]:
    output = result.output or _NOTHING
    return completion(names_of(wanted, result), output.data, _text(output), _usage(result))


def _embeddings(_: Gateway, __: Wanted, result: RequestResult) -> dict[str, Any]:
    return embeddings(result.space, (result.output or _NOTHING).data, _usage(result))


def _transcription(_: Gateway, wanted: Wanted, result: RequestResult) -> dict[str, Any] | str:
    output = result.output or _NOTHING
    return transcription(wanted.response_format, output.data, output.text or "")


def _images(gateway: Gateway, wanted: Wanted, result: RequestResult) -> dict[str, Any]:
    output = result.output or _NOTHING
    data = output.data if isinstance(output.data, dict) else {}
    listed = data.get("data")
    entries = (
        listed if isinstance(listed, list) else [{"file": n} for n in range(len(output.files))]
    )
    named = [(_file_of(entry, output), entry) for entry in entries if isinstance(entry, dict)]
    numbers = [number for number, _ in named if number is not None]
    if wanted.response_format == "b64_json":
        shown = {"b64_json": _contents(gateway, wanted, output, numbers)}
    else:
        shown = {"url": {number: output.files[number].url for number in numbers}}
    images = [_image(entry, number, shown) for number, entry in named]
    created = int(result.times.created_at.timestamp())
    return {"created": created, **data, "data": images}


def _file_of(entry: dict[str, Any], output: OutputView) -> int | None:
    """Return the number of the file that an entry names; None if there is none."""
    number = entry.get("file")
    return number if isinstance(number, int) and 0 <= number < len(output.files) else None


def _image(
    entry: dict[str, Any], number: int | None, shown: dict[str, dict[int, str]]
) -> dict[str, Any]:
    """Return an image as the caller wants it, with what the worker says beside it."""
    beside = {name: value for name, value in entry.items() if name != "file"}
    image = {name: of[number] for name, of in shown.items()} if number is not None else {}
    return beside | image


def _contents(
    gateway: Gateway, wanted: Wanted, output: OutputView, numbers: list[int]
) -> dict[int, str]:
    """Return files by number, in Base64; each is read once, however often it is named.

    Raises:
        UnusableField: They are too large to be sent inside an answer.
        RequestExpired: One is no longer stored.
    """
    size = sum(output.files[number].size for number in numbers)
    if size > MAX_INLINE_BYTES:
        raise UnusableField(
            f"The images have {size:,} bytes; b64_json can have {MAX_INLINE_BYTES:,}. Use url.",
            param="response_format",
        )
    keys = output_keys(gateway, wanted.request_id)
    try:
        return {n: b64encode(gateway.files.read(keys[n])).decode() for n in set(numbers)}
    except (NoLongerStored, IndexError) as error:
        raise RequestExpired("The images are no longer stored. Send the request again.") from error


def _text(output: OutputView) -> str:
    """Return what to read of an answer: its text, or the URLs of its files, or its data."""
    if output.text is not None:
        return output.text
    if output.files:
        return "\n".join(
            f"{'!' if each.inline else ''}[{each.name}]({each.url})" for each in output.files
        )
    return "" if output.data is None else json.encode(output.data).decode()


def _usage(result: RequestResult) -> dict[str, Any]:
    return usage_of(to_builtins(result.usage) if result.usage else None)


_ANSWERS: Final[dict[Endpoint, Callable[..., dict[str, Any] | str]]] = {
    "chat.completions": _completion,
    "completions": _completion,
    "embeddings": _embeddings,
    "audio.transcriptions": _transcription,
    "images.generations": _images,
}
