"""Uploads a file to the storage, in one piece or in parts."""

import re
from typing import Final

from spaces_client._core.api import Api
from spaces_client._core.ask import MAX_RETRIES, ask, decoded, pause_seconds
from spaces_client._core.effects import Answer, Call, Flow, Lost, Pause, Together
from spaces_client._core.file_content import Form, Section, Source
from spaces_client._errors import ApiError, TransferFailed, api_error
from spaces_client._types import Multipart, Part, UploadAddress

PARTS_AT_ONCE: Final = 4
"""How many parts of a file are sent at a time; each connection of a long line is slow by itself."""
_STORED: Final = range(200, 300)
_FINAL: Final = frozenset({400, 401, 403, 404, 405, 411, 412, 413})
"""Statuses of the storage after which the same bytes are refused again."""
_SENTENCE: Final = re.compile(rb"<Message>([^<]{1,300})</Message>")


def upload(api: Api, space: str, source: Source, *, patient: bool = False) -> Flow[str]:
    """Upload a file for a space and return its upload id.

    Raises:
        ApiError: the space refuses it.
        TransferFailed: the storage refuses it, or cannot be reached.
    """
    address = yield from _announce(api, space, source, patient=patient)
    if address.multipart is None:
        form = Form(address.fields, source)
        call = Call(method="POST", url=address.url, content=form, timeout=60)
        yield from _send(api, source, call)
    else:
        yield from _send_parts(api, space, source, address.upload_id, address.multipart)
    return address.upload_id


def _announce(api: Api, space: str, source: Source, *, patient: bool) -> Flow[UploadAddress]:
    about = {
        "space": space,
        "name": source.name,
        "content_type": source.content_type,
        "size": source.size,
    }
    try:
        answer = yield from ask(api, api.uploads(about), submit=True, patient=patient)
    except ApiError as error:
        detail = f"{source.name}: {error.detail}"
        raise api_error(error.status, error.error_type, detail, error.retry_after) from error
    return decoded(answer, UploadAddress)


def _send_parts(
    api: Api, space: str, source: Source, upload_id: str, missing: Multipart
) -> Flow[None]:
    """Put the missing parts, until the storage has them all, and have them put together."""
    named = {"space": space, "multipart_id": missing.multipart_id}
    stuck = 0
    while missing.parts:
        before = missing.arrived_bytes
        # What is lost here is named again below, with a fresh address.
        calls = [_put(source, part) for part in missing.parts]
        replies = yield Together(calls, PARTS_AT_ONCE if source.can_be_opened else 1)
        for reply in replies:
            _refuse_final(source, reply)
        answer = yield from ask(api, api.upload_step(upload_id, "parts", named), persistent=True)
        missing = decoded(answer, Multipart)
        stuck = 0 if missing.arrived_bytes > before else stuck + 1
        if stuck > MAX_RETRIES:
            raise TransferFailed(f"{source.name} could not be uploaded: {_reason(replies[-1])}.")
        if stuck:
            yield Pause(pause_seconds(api, stuck - 1))
    yield from ask(api, api.upload_step(upload_id, "complete", named), persistent=True)


def _put(source: Source, part: Part) -> Call:
    section = Section(source, part.offset, part.size)
    return Call(method="PUT", url=part.url, content=section, timeout=60)


def _send(api: Api, source: Source, call: Call) -> Flow[None]:
    for failures in range(MAX_RETRIES + 1):
        reply = yield call
        if isinstance(reply, Answer) and reply.status in _STORED:
            return
        _refuse_final(source, reply)
        yield Pause(pause_seconds(api, failures))
    raise TransferFailed(f"{source.name} could not be uploaded: {_reason(reply)}.")


def _refuse_final(source: Source, reply: Answer | Lost) -> None:
    if isinstance(reply, Answer) and reply.status in _FINAL:
        raise TransferFailed(f"{source.name} was refused by the storage: {_reason(reply)}.")


def _reason(reply: Answer | Lost) -> str:
    if isinstance(reply, Lost):
        return reply.reason
    match = _SENTENCE.search(reply.content)
    said = match[1].decode("utf-8", "replace") if match else ""
    return f"{reply.status} {said}".strip().rstrip(".")
