"""Parts of a message's content: text, and files that are sent inside the body."""

import binascii
import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any, Final

from spaces.domain.files.attachment import Attachment
from spaces.domain.files.media_types import essence
from spaces.domain.openai.errors import UnusableField

_DATA_URL: Final = re.compile(r"data:([^,;]*)(?:;[^,;]*)*;base64,(.*)", re.DOTALL)
_AUDIO_TYPES: Final = {"mp3": "audio/mpeg"}
_NO_FETCH: Final = "The gateway fetches no URLs. Send the file as a data: URL in base64."


def text_of(part: dict[str, Any], param: str) -> str | None:
    """Return the text of a part; None if it is a file.

    Raises:
        UnusableField: It is a text part without text.
    """
    kind = part.get("type")
    if kind not in ("text", "refusal"):
        return None
    text = part.get(kind)
    if not isinstance(text, str):
        raise UnusableField(f"{param}.{kind} must be text.", param=f"{param}.{kind}")
    return text


def attachment_of(part: dict[str, Any], param: str, number: int) -> Attachment:
    """Return the file in a part.

    Args:
        part: A part without text.
        param: Its place in the body.
        number: The number of the file in this call, for its name if it has none.

    Raises:
        UnusableField: Its kind is not known, or it has no readable file.
    """
    kind = part.get("type")
    read = _READERS.get(kind) if isinstance(kind, str) else None
    held = part.get(str(kind))
    if read is None or not isinstance(held, dict):
        raise UnusableField(
            f"{param}.type must be one of text, {', '.join(_READERS)}, with a field of that name.",
            param=f"{param}.type",
        )
    return read(held, f"{param}.{kind}", number)


def _image(held: dict[str, Any], param: str, number: int) -> Attachment:
    content_type, content = _data_url(held.get("url"), f"{param}.url")
    return Attachment(_name("image", number, content_type), content_type, content)


def _audio(held: dict[str, Any], param: str, number: int) -> Attachment:
    form = held.get("format")
    if not isinstance(form, str) or not re.fullmatch(r"[a-z0-9]{1,10}", form):
        raise UnusableField(f"{param}.format must be wav or mp3.", param=f"{param}.format")
    content = _decoded(held.get("data"), f"{param}.data")
    return Attachment(f"audio-{number}.{form}", _AUDIO_TYPES.get(form, f"audio/{form}"), content)


def _file(held: dict[str, Any], param: str, number: int) -> Attachment:
    if "file_id" in held:
        raise UnusableField(
            f"{param}.file_id: the gateway stores no files for later. Send file_data.",
            param=f"{param}.file_id",
            code="unsupported_parameter",
        )
    content_type, content = _data_url(held.get("file_data"), f"{param}.file_data")
    given = held.get("filename")
    name = given if isinstance(given, str) else ""
    # What has no place in a file's name is left out.
    name = re.sub(r"[/\\\x00-\x1f\x7f]", "", name)[:255] or _name("file", number, content_type)
    return Attachment(name, content_type, content)


def _data_url(url: object, param: str) -> tuple[str, bytes]:
    found = _DATA_URL.fullmatch(url) if isinstance(url, str) else None
    if found is None:
        raise UnusableField(f"{param} must be a data: URL in base64. {_NO_FETCH}", param=param)
    return essence(found[1]), _decoded(found[2], param)


def _decoded(text: object, param: str) -> bytes:
    try:
        if isinstance(text, str):
            return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        pass
    raise UnusableField(f"{param} must be base64.", param=param)


def _name(kind: str, number: int, content_type: str) -> str:
    extension = re.sub(r"[^a-z0-9]", "", content_type.rpartition("/")[2].removeprefix("x-"))
    return f"{kind}-{number}.{extension[:10]}"


_READERS: Final[Mapping[str, Callable[[dict[str, Any], str, int], Attachment]]] = {
    "image_url": _image,
    "input_audio": _audio,
    "file": _file,
}
