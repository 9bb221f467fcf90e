"""Submits the call of a tool."""

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from spaces.domain.access.caller import Caller
from spaces.domain.errors import UnknownSpace
from spaces.domain.files.attachment import Attachment
from spaces.domain.mcp.arguments import Arguments, read_arguments
from spaces.domain.mcp.errors import INVALID_PARAMS, RpcError
from spaces.domain.mcp.tool_schema import CHAT, takes_prompts
from spaces.domain.request import Request
from spaces.domain.request_options import RequestOptions
from spaces.domain.space import Definition
from spaces.services.access.find_space import find_space
from spaces.services.files.store_attachments import store_attachments, uploads_of
from spaces.services.ports.gateway import Gateway
from spaces.services.requests.submit_request import submit_request
from spaces_protocol.rest_bodies import SubmittedCall, SubmittedInput, UploadedFile


class ToolCall(NamedTuple):
    """The call of a tool.

    Attributes:
        name: The tool, which is a space.
        arguments: Its arguments.
        traceparent: Where it belongs in the caller's trace.
        key: By what a repeat finds the same request; None if the client names nothing.
    """

    name: str
    arguments: Mapping[str, Any]
    traceparent: str | None = None
    key: str | None = None


def begin_tool(gateway: Gateway, call: ToolCall, caller: Caller) -> Request:
    """Store a request for the call of a tool and dispatch it if a worker is free.

    Raises:
        RpcError: There is no such tool.
        SpaceError: As `submit_request`.
    """
    definition = _find(gateway, call.name, caller)
    read = read_arguments(call.arguments)
    sent = [each for each in read.files if isinstance(each, Attachment)]
    uploads = uploads_of(sent, caller, call.key or gateway.random_text())
    submitted = SubmittedInput(
        **_input(gateway, definition, read), files=_in_their_order(read.files, uploads)
    )
    options = RequestOptions(
        timeout=read.timeout, start_timeout=read.start_timeout, traceparent=call.traceparent
    )
    return submit_request(
        gateway,
        call.name,
        submitted,
        options=options,
        idempotency_key=call.key,
        caller=caller,
        store_files=partial(store_attachments, gateway, definition, sent, uploads, caller),
    ).request


def _find(gateway: Gateway, name: str, caller: Caller) -> Definition:
    try:
        return find_space(gateway, name, caller).definition
    except UnknownSpace as error:
        detail = f"Unknown tool. {error.detail} tools/list has those that you may call."
        raise RpcError(INVALID_PARAMS, detail, data={"field": "params.name"}) from error


def _input(gateway: Gateway, definition: Definition, read: Arguments) -> dict[str, Any]:
    """Return prompt, params and call as the space takes them; a prompt may become a chat."""
    if read.call is not None or "prompt" in definition.features or not read.prompt:
        return {"prompt": read.prompt, "params": read.params, "call": read.call}
    declared = gateway.declarations.find(definition.space_id)
    if not takes_prompts(definition, declared.endpoints):
        return {"prompt": read.prompt, "params": read.params}
    messages = [{"role": "user", "content": read.prompt}]
    body = {**read.params, "messages": messages}
    return {"call": SubmittedCall(endpoint=CHAT, body=body)}


def _in_their_order(
    files: list[Attachment | UploadedFile], uploads: list[UploadedFile]
) -> list[UploadedFile]:
    """Return all files as uploads; those that were sent in the call are among `uploads`."""
    sent = iter(uploads)
    return [next(sent) if isinstance(each, Attachment) else each for each in files]
