"""What each function may touch: the one table behind grants, environment and their tests.

A function gets the name of a table, a bucket or the sockets' address exactly when it has a grant
for it; ``tells_files_url`` is an address alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Access:
    """Actions of one function, by resource.

    Attributes:
        spaces: DynamoDB actions on the spaces table.
        listing: whether it may query the index of listed spaces.
        owned: whether it may query the index of somebody's requests.
        connections: DynamoDB actions on the connections table.
        requests: DynamoDB actions on the requests table.
        sockets: methods of the @connections API.
        files: S3 actions, by the first part of the keys that they are for. Signing an address needs
            the action, too: whoever uses it acts as who signed it.
        clock: whether it may arm the one-shot clocks of spaces.
        tells_files_url: whether it is told where files lie, to say so; it may do nothing there.
        edge_key: whether it is told how to know what CloudFront added to a call.
    """

    spaces: tuple[str, ...] = ()
    listing: bool = False
    owned: bool = False
    connections: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    sockets: tuple[str, ...] = ()
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    clock: bool = False
    tells_files_url: bool = False
    edge_key: bool = False

    @property
    def files_url(self) -> bool:
        """Whether it is told where files lie."""
        return self.tells_files_url or bool(self.files)


_CHANGE_QUEUE: Final = ("GetItem", "UpdateItem")
"""Read the queue and swap it."""
_ADVANCE: Final = ("GetItem", "PutItem", "UpdateItem")
"""What moving a queue on needs of the requests: read, bury, end."""
_READ_SPACE: Final = ("BatchGetItem",)
"""Read definition and queue together."""

_HAND_OVER: Final = {"uploads": ("GetObject",), "outputs": ("PutObject",)}
"""What a worker is signed addresses for: to read a request's files, and to add its own."""

_IN_PARTS: Final = ("ListMultipartUploadParts", "AbortMultipartUpload")
"""What a file in parts needs besides PutObject, with which it is begun, sent and completed."""

_SLOTS: Final = Access(
    spaces=_CHANGE_QUEUE,
    requests=_ADVANCE,
    sockets=("POST", "DELETE"),
    files=_HAND_OVER,
    clock=True,
)
"""What moving a queue on needs after a worker spoke of its slots."""

SOCKET_FUNCTIONS: Final = MappingProxyType(
    {
        "connect": Access(spaces=("UpdateItem",), connections=("PutItem", "DeleteItem")),
        "register": Access(
            spaces=_READ_SPACE + _CHANGE_QUEUE,
            connections=("UpdateItem",),
            requests=_ADVANCE,
            sockets=("POST", "GET", "DELETE"),
            files=_HAND_OVER,
            clock=True,
        ),
        "progress": Access(
            spaces=_CHANGE_QUEUE,
            requests=_ADVANCE,
            sockets=("POST", "DELETE"),
            files=_HAND_OVER,
            clock=True,
        ),
        "result": Access(
            spaces=_CHANGE_QUEUE,
            requests=_ADVANCE,
            sockets=("POST", "DELETE"),
            files={
                "uploads": ("GetObject",),
                "outputs": ("GetObject", "PutObject"),
                "results": ("GetObject", "PutObject"),
            },
            clock=True,
        ),
        "decline": _SLOTS,
        "offer": _SLOTS,
        "drain": Access(spaces=_CHANGE_QUEUE, sockets=("POST",), clock=True),
        "disconnect": Access(spaces=_CHANGE_QUEUE, connections=("DeleteItem",), clock=True),
        "unknown": Access(sockets=("POST",), tells_files_url=True),
    }
)
"""Functions behind the routes of the socket."""

FUNCTIONS: Final = MappingProxyType(
    {
        "authorize": Access(spaces=("GetItem",)),
        **SOCKET_FUNCTIONS,
        "api": Access(
            spaces=(*_READ_SPACE, *_CHANGE_QUEUE, "PutItem"),
            listing=True,
            owned=True,
            requests=("BatchGetItem", "DeleteItem", *_ADVANCE),
            sockets=("POST", "DELETE"),
            files={
                "uploads": ("GetObject", "PutObject", "DeleteObject", *_IN_PARTS),
                "outputs": ("GetObject", "PutObject", "DeleteObject"),
                "results": ("GetObject", "DeleteObject"),
                "covers": ("GetObject",),
            },
            clock=True,
            edge_key=True,
        ),
        "sweep": Access(
            spaces=_CHANGE_QUEUE,
            requests=_ADVANCE,
            sockets=("POST", "DELETE"),
            files=_HAND_OVER,
            clock=True,
        ),
        "admin": Access(
            spaces=(*_READ_SPACE, *_CHANGE_QUEUE, "PutItem", "DeleteItem", "Query"),
            listing=True,
            connections=("GetItem", "DeleteItem", "Scan"),
            requests=("BatchGetItem", *_ADVANCE),
            sockets=("POST", "GET", "DELETE"),
            files={
                "uploads": ("GetObject", "PutObject"),
                "covers": ("GetObject", "PutObject", "DeleteObject"),
                "outputs": ("PutObject",),
                "results": ("GetObject",),
            },
            clock=True,
        ),
    }
)
"""All functions; each has a handler module of the same name."""
