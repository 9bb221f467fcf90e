"""The endpoint ``/mcp``: one message in, one response out, nothing kept between them."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final

from spaces.bootstrap import gateway
from spaces.domain.access.caller import Anonymous, Caller
from spaces.domain.errors import SpaceError
from spaces.domain.mcp.errors import INTERNAL_ERROR, METHOD_NOT_FOUND, RpcError
from spaces.domain.mcp.messages import Message, decode, id_of, message_of
from spaces.domain.mcp.versions import (
    MODERN,
    TASKS,
    WITH_HANDSHAKE,
    WITH_TASKS,
    Peer,
    offered_version,
    peer_of,
)
from spaces.handlers.mcp.call_tool import call_tool, complete
from spaces.handlers.mcp.calls import Event, body_of, caller_of_mcp
from spaces.handlers.mcp.responses import accepted, error_response, json_response, result_message
from spaces.handlers.mcp.task_calls import cancel_task_call, get_task, task_result, update_task
from spaces.handlers.overload import overload_as_busy
from spaces.handlers.rest.headers import headers_of
from spaces.handlers.rest.refusals import log_refusal
from spaces.observability import logger
from spaces.services.mcp.list_tools import list_tools
from streaming_runtime.invocation import Context
from streaming_runtime.response import Response

Result = dict[str, Any]

SERVER: Final = {"name": "websocket-spaces", "title": "WebSocket Spaces", "version": "1"}
INSTRUCTIONS: Final = (
    "Each tool is a space: a model that runs on somebody's own machine. A call waits until the "
    "model has answered, which can take minutes. Files in results are links, valid for an hour, "
    "unless they are small."
)
LIST_TTL: Final = 10_000
"""Milliseconds for which a client may keep the list: workers come and go."""
_META_SERVER: Final = "io.modelcontextprotocol/serverInfo"


def mcp(event: Event, context: Context) -> Response:
    """Respond to one call; every error is a JSON-RPC error."""
    decoded: Any = None
    try:
        caller = caller_of_mcp(event)
        decoded = decode(body_of(event))
        return _respond(event, context, message_of(decoded), caller)
    except RpcError as error:
        return error_response(id_of(decoded), error, is_modern=_is_modern(event))
    except Exception:  # noqa: BLE001 - the handler's edge
        logger.exception("unexpected_error")
        detail = f"An internal error occurred. Quote {context.aws_request_id} when you report it."
        failed = RpcError(INTERNAL_ERROR, detail)
        return error_response(id_of(decoded), failed, is_modern=_is_modern(event))


def _is_modern(event: Event) -> bool:
    return headers_of(event).get("mcp-protocol-version") in MODERN


def _respond(event: Event, context: Context, message: Message, caller: Caller) -> Response:
    if message.id is None:  # cancelling, for example, which needs the id of a task
        return accepted()
    peer = peer_of(message, headers_of(event))
    logger.info("mcp_message", extra={"method": message.method[:60], "version": peer.version})
    try:
        with overload_as_busy():
            return _dispatch(event, context, message, caller, peer)
    except SpaceError as error:
        log_refusal(error)
        data = {"errorType": str(error.error_type)}
        raise RpcError(INTERNAL_ERROR, error.detail, data=data, status=200) from error


def _dispatch(
    event: Event, context: Context, message: Message, caller: Caller, peer: Peer
) -> Response:
    if message.method == "tools/call":
        return call_tool(event, context, message, caller, peer)
    if message.method == "tasks/result" and peer.version == WITH_TASKS:
        return task_result(event, context, message, caller, peer)
    methods = _MODERN_METHODS if peer.is_modern else _METHODS
    respond = methods.get(message.method)
    if respond is None:
        known = ", ".join((*methods, "tools/call"))
        detail = f"There is no method {message.method[:60]}. Use one of {known}."
        raise RpcError(METHOD_NOT_FOUND, detail)
    result = complete(peer, respond(message, caller, peer))
    return json_response(result_message(message.id, result))


def _initialize(message: Message, _: Caller, __: Peer) -> Result:
    version = offered_version(message.params.get("protocolVersion"))
    tasks: Result = {"tasks": {"cancel": {}, "requests": {"tools": {"call": {}}}}}
    return {
        "protocolVersion": version,
        "capabilities": {"tools": {}, **(tasks if version == WITH_TASKS else {})},
        "serverInfo": SERVER,
        "instructions": INSTRUCTIONS,
    }


def _discover(_: Message, __: Caller, ___: Peer) -> Result:
    return {
        "supportedVersions": [*MODERN, *WITH_HANDSHAKE],
        "capabilities": {"tools": {}, "extensions": {TASKS: {}}},
        "instructions": INSTRUCTIONS,
        "ttlMs": 3_600_000,
        "cacheScope": "public",
        "_meta": {_META_SERVER: SERVER},
    }


def _ping(_: Message, __: Caller, ___: Peer) -> Result:
    return {}


def _list(message: Message, caller: Caller, peer: Peer) -> Result:
    found = list_tools(gateway(), caller, message.params.get("cursor"))
    if peer.version == WITH_TASKS:
        for tool in found.tools:
            tool["execution"] = {"taskSupport": "optional"}
    result: Result = {"tools": found.tools}
    if found.cursor is not None:
        result["nextCursor"] = found.cursor
    if not peer.is_modern:
        return result
    scope = "public" if isinstance(caller, Anonymous) else "private"
    return {**result, "ttlMs": LIST_TTL, "cacheScope": scope}


Respond = Callable[[Message, Caller, Peer], Result]

_METHODS: Final = MappingProxyType[str, Respond](
    {
        "initialize": _initialize,
        "ping": _ping,
        "tools/list": _list,
        "tasks/get": get_task,
        "tasks/cancel": cancel_task_call,
    }
)
_MODERN_METHODS: Final = MappingProxyType[str, Respond](
    {
        "server/discover": _discover,
        "tools/list": _list,
        "tasks/get": get_task,
        "tasks/update": update_task,
        "tasks/cancel": cancel_task_call,
    }
)
