"""Downloads a file of a result; a lost connection costs only what was under way."""

from typing import Final

from spaces_client._core.api import Api
from spaces_client._core.ask import MAX_RETRIES, pause_seconds
from spaces_client._core.effects import Answer, Call, Emit, Lost, Open, Pause, Read, Stream
from spaces_client._errors import TransferFailed
from spaces_client._types import FileView

_WHOLE, _PART, _REFUSED, _TOO_MANY = 200, 206, 400, 429
_FIRST_OF_SERVER: Final = 500


def download(api: Api, file: FileView) -> Stream[bytes]:
    """Emit the bytes of a file.

    Raises:
        TransferFailed: its address has expired, or the storage cannot be reached.
    """
    got, failures = 0, 0
    while got < file.size or (file.size == 0 and failures == 0):
        reply = yield Open(_call(file, got))
        _check(file, reply, got)
        piece: bytes | Lost = b""
        before = got
        while isinstance(reply, Answer) and reply.status < _REFUSED and got <= file.size:
            piece = yield Read()
            if isinstance(piece, Lost) or not piece:
                break
            got += len(piece)
            yield Emit(piece)
        if got >= file.size:
            break
        failures = 1 if got > before else failures + 1
        if failures > MAX_RETRIES:
            raise TransferFailed(f"{file.name} could not be downloaded; try again later.")
        yield Pause(pause_seconds(api, failures - 1))
    if got != file.size:
        raise TransferFailed(f"{file.name} has {got:,} bytes instead of {file.size:,}.")


def _call(file: FileView, start: int) -> Call:
    headers = {"accept-encoding": "identity"} | ({"range": f"bytes={start}-"} if start else {})
    return Call(method="GET", url=file.download_url, headers=headers, timeout=60)


def _check(file: FileView, reply: Answer | Lost, start: int) -> None:
    if isinstance(reply, Lost):
        return
    refused = _REFUSED <= reply.status < _FIRST_OF_SERVER and reply.status != _TOO_MANY
    if refused or (start and reply.status == _WHOLE):
        raise TransferFailed(
            f"{file.name} could not be downloaded ({reply.status}). Its address is valid for an "
            "hour: fetch the result again."
        )
