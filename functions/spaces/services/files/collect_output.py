"""Collects the files that a result names; each must exist and belong to the request."""

from typing import Any, Final, NamedTuple

import msgspec

from spaces.domain.errors import WrongOutput
from spaces.domain.files.keys import answer_key, is_output_key
from spaces.services.ports.file_store import NoLongerStored, StoredFile
from spaces.services.ports.gateway import Gateway
from spaces_protocol.limits import MAX_OUTPUT_BYTES
from spaces_protocol.nesting import is_too_deep, too_deep
from spaces_protocol.request_id import RequestId
from spaces_protocol.worker_messages import Output, OutputFile, Result

_REMEDY: Final = "Upload it with the policy of this request, then send the result again."


MAX_COPY_BYTES: Final = 256 * 1024**2
"""Largest file that is copied: S3 copies it within seconds, while the worker waits. Of a larger one
the ETag is stored, and compared whenever the file is handed out."""


class Collected(NamedTuple):
    """A result whose files can no longer be changed, or not unnoticed.

    Attributes:
        copies: The keys of the copies by the keys of what the worker uploaded.
        etags: The ETags of files that are too large to copy, by key.
    """

    result: Result
    copies: dict[str, str]
    etags: dict[str, str]


class _Found(NamedTuple):
    field: str
    file: OutputFile
    stored: StoredFile


class _Body(msgspec.Struct):
    """An output that was too large for the socket."""

    text: str | None = None
    data: Any = None


def collect_output(gateway: Gateway, request_id: RequestId, result: Result) -> Collected:
    """Return the result with its uploaded body and with its files as S3 reports them.

    The worker's upload policy outlives the acknowledgement, so nothing that is answered stays where
    it works: the body becomes part of the stored result, and files are copied.

    Raises:
        WrongOutput: A file is missing or belongs to another attempt, the body is unreadable, or the
            data is nested too deeply; the sentence names the field. The request stays with its
            worker, which reports a failure instead or runs into the deadline. Either way it ends
            once.
    """
    output = result.output
    if output is None:
        return Collected(result, {}, {})
    _check_depth("output.data", output.data)
    if output.body_key is None and not output.files:
        return Collected(result, {}, {})
    for field, key in _keys(output):
        if not is_output_key(key, request_id, result.attempt):
            raise WrongOutput(f"{field} must begin with upload.key_prefix, then a name. {_REMEDY}")
    body = _body(gateway, output)
    kept = Collected(result, {}, {})
    found = [
        _Found(field, file, _find(gateway, field, file.key))
        for index, file in enumerate(output.files)
        for field in [f"output.files[{index}].key"]
    ]
    files = [_keep(gateway, request_id, each, kept) for each in found]
    whole = Output(text=body.text, data=body.data, files=files)
    return kept._replace(result=msgspec.structs.replace(result, output=whole))


def _keys(output: Output) -> list[tuple[str, str]]:
    keys = [(f"output.files[{n}].key", file.key) for n, file in enumerate(output.files)]
    return keys if output.body_key is None else [*keys, ("output.body_key", output.body_key)]


def _body(gateway: Gateway, output: Output) -> _Body:
    key = output.body_key
    if key is None:
        return _Body(output.text, output.data)
    stored = _find(gateway, "output.body_key", key)
    if stored.size > MAX_OUTPUT_BYTES:
        raise WrongOutput(
            f"output.body_key has {stored.size:,} bytes; the limit is {MAX_OUTPUT_BYTES:,}. "
            "Return longer output as a file."
        )
    try:
        body = msgspec.json.decode(gateway.files.read(key), type=_Body)
    except NoLongerStored as error:
        raise _missing("output.body_key") from error
    except RecursionError as error:
        raise WrongOutput(too_deep("output.body_key")) from error
    except (msgspec.MsgspecError, UnicodeError) as error:
        detail = 'output.body_key is not JSON of the form {"text": …, "data": …}.'
        raise WrongOutput(detail) from error
    _check_depth("data in output.body_key", body.data)
    return body


def _check_depth(field: str, data: Any) -> None:  # noqa: ANN401 - any JSON
    if is_too_deep(data):
        raise WrongOutput(too_deep(field))


def _keep(gateway: Gateway, request_id: RequestId, found: _Found, kept: Collected) -> OutputFile:
    """Return a file as it is stored from now on; notes its copy or its ETag in ``kept``."""
    field, file, stored = found
    if stored.size > MAX_COPY_BYTES:
        kept.etags[file.key] = stored.etag
        return msgspec.structs.replace(file, size=stored.size)
    key = kept.copies.get(file.key) or answer_key(request_id, gateway.random_text())
    if not gateway.files.copy_unchanged(file.key, key, stored.etag):
        raise WrongOutput(f"{field} names a file that was just replaced. {_REMEDY}")
    kept.copies[file.key] = key
    return msgspec.structs.replace(file, size=stored.size, key=key)


def _find(gateway: Gateway, field: str, key: str) -> StoredFile:
    stored = gateway.files.describe(key)
    if stored is None:
        raise _missing(field)
    return stored


def _missing(field: str) -> WrongOutput:
    return WrongOutput(f"{field} names a file that does not exist. {_REMEDY}")
