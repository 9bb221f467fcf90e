"""Turns the result of a request into the result of its tool."""

from typing import Final

from spaces.domain.mcp.results import (
    MAX_SHOWN_BYTES,
    Block,
    Result,
    about,
    block_kind,
    failure,
    link_block,
    shown_block,
    success,
)
from spaces.services.files.output_keys import output_keys
from spaces.services.ports.file_store import NoLongerStored
from spaces.services.ports.gateway import Gateway
from spaces_protocol.errors import ErrorType
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import FileView, OutputView, RequestResult, RequestState

_NOTHING: Final = OutputView()
CANCELLED: Final = "cancelled"


def tool_result(gateway: Gateway, request_id: RequestId, result: RequestResult) -> Result:
    """Return the result of a tool whose request has ended."""
    return about(_result(gateway, request_id, result), str(request_id))


def _result(gateway: Gateway, request_id: RequestId, result: RequestResult) -> Result:
    if result.status is RequestState.CANCELLED:
        return failure("The request was cancelled.", CANCELLED)
    if result.status is not RequestState.COMPLETED or result.error is not None:
        return failure(
            result.error or "The request failed.", result.error_type or ErrorType.WORKER_ERROR
        )
    output = result.output or _NOTHING
    was_call = result.input is not None and result.input.call is not None
    return success(output, _files(gateway, request_id, output.files), was_call=was_call)


def _files(gateway: Gateway, request_id: RequestId, files: list[FileView]) -> list[Block]:
    """Return files as blocks: with their content as long as there is room, otherwise as links."""
    room, blocks, keys = MAX_SHOWN_BYTES, [], None
    for index, file in enumerate(files):
        kind = block_kind(file)
        if kind is None or file.size > room:
            blocks.append(link_block(file))
            continue
        keys = output_keys(gateway, request_id) if keys is None else keys
        content = _content(gateway, keys, index, len(files))
        blocks.append(link_block(file) if content is None else shown_block(kind, file, content))
        room -= file.size
    return blocks


def _content(gateway: Gateway, keys: list[str], index: int, number: int) -> bytes | None:
    """Return the content of a file; None if it is no longer stored."""
    if len(keys) != number:
        return None
    try:
        return gateway.files.read(keys[index])
    except NoLongerStored:
        return None
