"""What each function may access: the single source of grants, environments and their tests.

A function's environment names a table, a bucket or the @connections endpoint only if the function
has a grant for it. ``knows_files_url`` is the exception: it adds an address without a grant.
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
        owned: whether it may query the index of a user's requests.
        connections: DynamoDB actions on the connections table.
        requests: DynamoDB actions on the requests table.
        sockets: methods of the @connections API.
        files: S3 actions by key prefix. Signing a URL needs the action too: its user acts with
            the rights of the signer.
        sweep_timer: whether it may arm a space's one-shot sweep timer.
        webhooks: whether it may start tries to deliver webhooks, now or later.
        webhook_timer: whether it tries, and may arm the next try.
        knows_files_url: whether it needs the address of the files without access to them.
        page_url: whether it tells workers where people use their spaces.
        socket_url: whether it tells people what address workers connect to.
        people: actions on the user pool.
        edge_key: whether it must recognise calls that came through CloudFront.
    """

    spaces: tuple[str, ...] = ()
    listing: bool = False
    owned: bool = False
    connections: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    sockets: tuple[str, ...] = ()
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sweep_timer: bool = False
    webhooks: bool = False
    webhook_timer: bool = False
    knows_files_url: bool = False
    page_url: bool = False
    socket_url: bool = False
    people: tuple[str, ...] = ()
    edge_key: bool = False

    @property
    def files_url(self) -> bool:
        """Whether its environment has the address of the files."""
        return self.knows_files_url or bool(self.files)


_CHANGE_QUEUE: Final = ("GetItem", "UpdateItem")
"""Read the queue and swap it for a new state."""
_ADVANCE: Final = ("GetItem", "PutItem", "UpdateItem")
"""What advancing a queue does to requests: read, bury, end."""
_READ_SPACE: Final = ("BatchGetItem",)
"""Read a space's definition and queue together."""

_DISPATCH: Final = {
    "uploads": ("GetObject",),
    "inputs": ("GetObject",),
    "outputs": ("PutObject",),
}
"""What a worker gets signed URLs for: reading a request's files and adding its own."""

_IN_PARTS: Final = ("ListMultipartUploadParts", "AbortMultipartUpload")
"""What a multipart upload needs in addition to PutObject, which creates, sends and completes it."""

_PEOPLE: Final = (
    "ListUsers",
    "ListUsersInGroup",
    "AdminCreateUser",
    "AdminAddUserToGroup",
    "AdminRemoveUserFromGroup",
    "AdminDisableUser",
    "AdminEnableUser",
    "AdminUserGlobalSignOut",
)
"""What administrators do with users by HTTP. They cannot set a password, which would let one sign
in as another, nor delete anybody."""

_SLOTS: Final = Access(
    spaces=_CHANGE_QUEUE,
    requests=_ADVANCE,
    sockets=("POST", "DELETE"),
    files=_DISPATCH,
    sweep_timer=True,
    webhooks=True,
)
"""What advancing a queue needs after a worker reports its slots."""

SOCKET_FUNCTIONS: Final = MappingProxyType(
    {
        "connect": Access(spaces=("UpdateItem",), connections=("PutItem", "DeleteItem")),
        "register": Access(
            spaces=_READ_SPACE + _CHANGE_QUEUE,
            connections=("UpdateItem",),
            requests=_ADVANCE,
            sockets=("POST", "GET", "DELETE"),
            files={
                **_DISPATCH,
                "outputs": ("GetObject", "PutObject", "DeleteObject"),
                "examples": ("PutObject", "DeleteObject"),
            },
            sweep_timer=True,
            webhooks=True,
            page_url=True,
        ),
        "progress": Access(
            spaces=_CHANGE_QUEUE,
            requests=_ADVANCE,
            sockets=("POST", "DELETE"),
            files=_DISPATCH,
            sweep_timer=True,
            webhooks=True,
        ),
        "result": Access(
            spaces=_CHANGE_QUEUE,
            requests=_ADVANCE,
            sockets=("POST", "DELETE"),
            files={
                **_DISPATCH,
                "outputs": ("GetObject", "PutObject", "DeleteObject"),
                "results": ("GetObject", "PutObject", "DeleteObject"),
            },
            sweep_timer=True,
            webhooks=True,
        ),
        "decline": _SLOTS,
        "offer": _SLOTS,
        "drain": Access(spaces=_CHANGE_QUEUE, sockets=("POST", "DELETE"), sweep_timer=True),
        "disconnect": Access(spaces=_CHANGE_QUEUE, connections=("DeleteItem",), sweep_timer=True),
        "unknown": Access(sockets=("POST", "DELETE"), knows_files_url=True),
    }
)
"""Functions behind the routes of the WebSocket API."""

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
                "inputs": ("GetObject", "PutObject", "DeleteObject"),
                "outputs": ("GetObject", "PutObject", "DeleteObject"),
                "results": ("GetObject", "DeleteObject"),
                "covers": ("GetObject",),
                "examples": ("GetObject",),
            },
            sweep_timer=True,
            webhooks=True,
            edge_key=True,
        ),
        "wait": Access(
            spaces=(*_READ_SPACE, *_CHANGE_QUEUE),
            requests=("BatchGetItem", *_ADVANCE),
            sockets=("POST", "DELETE"),
            files={
                **_DISPATCH,
                "outputs": ("GetObject", "PutObject"),
                "results": ("GetObject",),
            },
            sweep_timer=True,
            webhooks=True,
        ),
        "stream": Access(
            spaces=(*_READ_SPACE, *_CHANGE_QUEUE, "PutItem"),
            listing=True,
            requests=("BatchGetItem", *_ADVANCE),
            sockets=("POST", "DELETE"),
            files={
                "uploads": ("GetObject", "PutObject"),
                "inputs": ("GetObject", "PutObject"),
                "outputs": ("GetObject", "PutObject"),
                "results": ("GetObject",),
            },
            sweep_timer=True,
            webhooks=True,
            edge_key=True,
        ),
        "sweep": Access(
            spaces=_CHANGE_QUEUE,
            requests=_ADVANCE,
            sockets=("POST", "DELETE"),
            files=_DISPATCH,
            sweep_timer=True,
            webhooks=True,
        ),
        "webhook": Access(
            spaces=("GetItem",), requests=("GetItem", "UpdateItem"), webhook_timer=True
        ),
        "admin": Access(
            spaces=(*_READ_SPACE, *_CHANGE_QUEUE, "PutItem", "DeleteItem", "Query"),
            listing=True,
            connections=("GetItem", "DeleteItem", "Scan"),
            requests=("BatchGetItem", *_ADVANCE),
            sockets=("POST", "GET", "DELETE"),
            files={
                "uploads": ("GetObject", "PutObject"),
                "inputs": ("GetObject", "PutObject"),
                "covers": ("GetObject", "PutObject", "DeleteObject"),
                "examples": ("DeleteObject",),
                "outputs": ("PutObject",),
                "results": ("GetObject",),
            },
            sweep_timer=True,
            webhooks=True,
            socket_url=True,
            people=_PEOPLE,
        ),
    }
)
"""All functions. Each has a handler module of the same name."""

OPEN_TO_STRANGERS: Final = frozenset({"authorize", "api", "wait"})
"""Functions that anybody can call: for a handshake with any token, and for the public REST API."""

STREAMING: Final = frozenset({"stream"})
"""Functions that stream their responses: behind a Function URL, started by `streaming_runtime`."""

USUAL_MEMORY: Final = 512
"""In MB; see docs/decisions/0062."""
MEMORY: Final = MappingProxyType({"stream": 256, "webhook": 256})
"""Functions with less memory than the others, in MB: they mostly wait, and all of it is billed."""
