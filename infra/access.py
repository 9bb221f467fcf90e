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
    """

    spaces: tuple[str, ...] = ()
    listing: bool = False
    connections: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    sockets: tuple[str, ...] = ()
    results: tuple[str, ...] = ()


SOCKET_FUNCTIONS: Final = MappingProxyType(
    {
        "connect": Access(connections=("PutItem",)),
        "register": Access(
            spaces=("GetItem", "UpdateItem"),
            connections=("UpdateItem",),
            requests=("GetItem", "PutItem", "UpdateItem"),
            sockets=("POST", "GET", "DELETE"),
        ),
        "progress": Access(
            spaces=("GetItem", "UpdateItem"),
            requests=("GetItem", "UpdateItem"),
            sockets=("POST",),
        ),
        "result": Access(
            spaces=("GetItem", "UpdateItem"),
            requests=("GetItem", "PutItem", "UpdateItem"),
            sockets=("POST", "DELETE"),
            results=("GetObject", "PutObject"),
        ),
        "drain": Access(spaces=("GetItem", "UpdateItem"), sockets=("POST",)),
        "disconnect": Access(
            spaces=("GetItem", "UpdateItem"),
            connections=("DeleteItem",),
            requests=("GetItem", "PutItem", "UpdateItem"),
            sockets=("POST", "DELETE"),
        ),
        "unknown": Access(sockets=("POST",)),
    }
)
"""Functions behind the routes of the socket."""

FUNCTIONS: Final = MappingProxyType(
    {
        "authorize": Access(spaces=("GetItem",)),
        **SOCKET_FUNCTIONS,
        "api": Access(
            spaces=("GetItem", "BatchGetItem", "UpdateItem"),
            listing=True,
            requests=("GetItem", "BatchGetItem", "PutItem", "UpdateItem"),
            sockets=("POST", "DELETE"),
            results=("GetObject",),
        ),
        "admin": Access(spaces=("GetItem", "PutItem", "UpdateItem", "Query")),
    }
)
"""All functions; each has a handler module of the same name."""
