"""What each function may touch: the one table behind grants, environment and their tests.

A function gets the name of a table, a bucket or the sockets' address exactly when it has a grant
for it.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Access:
    """Actions of one function, by resource.

    Attributes:
        spaces: DynamoDB actions on the spaces table.
        listing: whether it may query the index of listed spaces.
        connections: DynamoDB actions on the connections table.
        requests: DynamoDB actions on the requests table.
        sockets: methods of the @connections API.
        results: S3 actions on the objects under ``results/``.
        clock: whether it may arm the one-shot clocks of spaces.
        edge_key: whether it is told how to know what CloudFront added to a call.
    """

    spaces: tuple[str, ...] = ()
    listing: bool = False
    connections: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    sockets: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    clock: bool = False
    edge_key: bool = False


_CHANGE_QUEUE: Final = ("GetItem", "UpdateItem")
"""Read the queue and swap it."""
_ADVANCE: Final = ("GetItem", "PutItem", "UpdateItem")
"""What moving a queue on needs of the requests: read, bury, end."""
_READ_SPACE: Final = ("BatchGetItem",)
"""Read definition and queue together."""

_SLOTS: Final = Access(
    spaces=_CHANGE_QUEUE, requests=_ADVANCE, sockets=("POST", "DELETE"), clock=True
)
"""What moving a queue on needs after a worker spoke of its slots."""

SOCKET_FUNCTIONS: Final = MappingProxyType(
    {
        "connect": Access(connections=("PutItem",)),
        "register": Access(
            spaces=_READ_SPACE + _CHANGE_QUEUE,
            connections=("UpdateItem",),
            requests=_ADVANCE,
            sockets=("POST", "GET", "DELETE"),
            clock=True,
        ),
        "progress": Access(
            spaces=_CHANGE_QUEUE, requests=_ADVANCE, sockets=("POST", "DELETE"), clock=True
        ),
        "result": Access(
            spaces=_CHANGE_QUEUE,
            requests=_ADVANCE,
            sockets=("POST", "DELETE"),
            results=("GetObject", "PutObject"),
            clock=True,
        ),
        "decline": _SLOTS,
        "offer": _SLOTS,
        "drain": Access(spaces=_CHANGE_QUEUE, sockets=("POST",), clock=True),
        "disconnect": Access(spaces=_CHANGE_QUEUE, connections=("DeleteItem",), clock=True),
        "unknown": Access(sockets=("POST",)),
    }
)
"""Functions behind the routes of the socket."""

FUNCTIONS: Final = MappingProxyType(
    {
        "authorize": Access(spaces=("GetItem",)),
        **SOCKET_FUNCTIONS,
        "api": Access(
            spaces=_READ_SPACE + _CHANGE_QUEUE,
            listing=True,
            requests=("BatchGetItem", *_ADVANCE),
            sockets=("POST", "DELETE"),
            results=("GetObject",),
            clock=True,
            edge_key=True,
        ),
        "sweep": Access(
            spaces=_CHANGE_QUEUE, requests=_ADVANCE, sockets=("POST", "DELETE"), clock=True
        ),
        "admin": Access(spaces=("GetItem", "PutItem")),
    }
)
"""All functions; each has a handler module of the same name."""
