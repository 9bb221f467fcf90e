"""Reads multipart/form-data (RFC 7578), in which audio files come."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from msgspec import DecodeError, json

from spaces.domain.files.attachment import Attachment
from spaces.domain.openai.errors import UnusableField
from spaces_protocol.nesting import too_deep

MAX_FIELDS: Final = 100
_BOUNDARY: Final = re.compile(
    r'(?:^|;)\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE
)
_PARAMETER: Final = re.compile(
    r';\s*(name|filename)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))', re.IGNORECASE
)
_NOT_IN_NAMES: Final = re.compile(r"[/\\\x00-\x1f\x7f]")


class Form(NamedTuple):
    """A form: its texts by name, lists for names that end with ``[]``, and its files."""

    fields: dict[str, Any]
    files: dict[str, Attachment]


def read_form(body: bytes, content_type: str) -> Form:
    """Read a form.

    Raises:
        UnusableField: It is not a form, or has too many fields.
    """
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise _broken("The Content-Type must be multipart/form-data with a boundary.")
    delimiter = b"--" + (found[1] or found[2]).encode(errors="replace")
    parts = (b"\r\n" + body).split(b"\r\n" + delimiter)[1:]
    if not parts or not parts[-1].startswith(b"--"):
        raise _broken("The form does not end with its boundary.")
    if len(parts) - 1 > MAX_FIELDS:
        raise _broken(f"The form has more than {MAX_FIELDS} fields.")
    form = Form({}, {})
    for part in parts[:-1]:
        _add(form, part)
    return form


def typed_fields(fields: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a form; those that are known to be no texts are read as JSON."""
    return {name: _typed(name, value, known.get(name)) for name, value in fields.items()}


def _typed(name: str, value: Any, schema: object) -> Any:  # noqa: ANN401 - any JSON
    kind = schema.get("type") if isinstance(schema, dict) else "string"
    if kind == "string" or not isinstance(value, str):
        return value
    try:
        return json.decode(value)
    except DecodeError:
        return value
    except RecursionError as error:
        raise UnusableField(too_deep(name[:100]), param=name[:100]) from error


def _add(form: Form, part: bytes) -> None:
    head, separator, content = part.partition(b"\r\n\r\n")
    headers = _headers(head)
    disposition = headers.get("content-disposition", "")
    named = {key.lower(): quoted or bare for key, quoted, bare in _PARAMETER.findall(disposition)}
    name = named.get("name")
    if not separator or not name:
        raise _broken("A part of the form has no name.")
    if "filename" in named:
        shown = _NOT_IN_NAMES.sub("", named["filename"])[:255]
        form.files[name] = Attachment(shown, headers.get("content-type", ""), content)
    else:
        _add_text(form.fields, name, _text(content, name))


def _add_text(fields: dict[str, Any], name: str, text: str) -> None:
    plain = name.removesuffix("[]")
    is_list = plain != name
    if plain in fields and isinstance(fields[plain], list) is not is_list:
        shown = plain[:100]
        detail = f"{shown} comes both as {shown} and as {shown}[]. Send one of the two."
        raise UnusableField(detail, param=shown)
    if is_list:
        fields.setdefault(plain, []).append(text)
    else:
        fields[plain] = text


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode(errors="replace").split("\r\n")
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise UnusableField(f"{name[:100]} must be text in UTF-8.", param=name[:100]) from error


def _broken(detail: str) -> UnusableField:
    return UnusableField(detail, param=None, code="invalid_form")
