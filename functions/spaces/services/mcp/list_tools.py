"""Shows spaces as tools."""

from typing import Any, Final, NamedTuple

from spaces.domain.access.caller import Anonymous, Caller
from spaces.domain.mcp.errors import invalid_params
from spaces.domain.mcp.tool_schema import description, input_schema
from spaces.domain.queue.places import mark_outlived_away
from spaces.domain.space_names import SPACE_NAMES, natural_order
from spaces.domain.visibility import may_use
from spaces.services.ports.gateway import Gateway, Space
from spaces.services.ports.unreadable import log_unreadable

PAGE: Final = 50
"""Tools of one answer: each costs a read of what its worker declares."""


class Tools(NamedTuple):
    """A page of tools.

    Attributes:
        cursor: Where the next page begins; None if this is the last.
    """

    tools: list[dict[str, Any]]
    cursor: str | None


def list_tools(gateway: Gateway, caller: Caller, cursor: object = None) -> Tools:
    """Return a page of the spaces that the caller may use, by name.

    Args:
        gateway: Access to the outside.
        caller: The caller.
        cursor: Where the page begins: the name of the last space of the page before.

    Raises:
        RpcError: The cursor is none of ours.
    """
    if cursor is not None and not (isinstance(cursor, str) and SPACE_NAMES.match(cursor)):
        raise invalid_params("params.cursor", "is not one that tools/list returned. Leave it out.")
    kinds = ("public",) if isinstance(caller, Anonymous) else ("public", "members", "private")
    listed = gateway.spaces.list_kinds(kinds)
    log_unreadable(gateway, "spaces", listed.unreadable)
    found = [each for each in listed.spaces if _is_shown(each, caller)]
    found.sort(key=_order)
    if cursor is not None:
        found = [each for each in found if _order(each) > natural_order(str(cursor))]
    page = found[:PAGE]
    more = page[-1].definition.space_id if len(found) > PAGE else None
    return Tools([_tool(gateway, each) for each in page], more)


def _is_shown(space: Space, caller: Caller) -> bool:
    return may_use(space.definition, caller) and not space.definition.deleting


def _order(space: Space) -> list[str | int]:
    return natural_order(space.definition.space_id)


def _tool(gateway: Gateway, space: Space) -> dict[str, Any]:
    definition = space.definition
    declared = gateway.declarations.find(definition.space_id)
    is_connected = mark_outlived_away(space.queue, gateway.now()).is_served
    return {
        "name": definition.space_id,
        "title": definition.title,
        "description": description(definition, is_connected=is_connected),
        "inputSchema": input_schema(definition, declared.params_schema, declared.endpoints),
    }
