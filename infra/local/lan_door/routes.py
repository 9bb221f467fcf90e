"""What the door passes on, and where to. Pure."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from infra.local.cloud import CREDENTIALS
from infra.local.strict_edge.http_messages import Message

Target = Literal["page", "config", "files", "streams", "socket"]
"""``page`` stands for CloudFront, ``files`` for the bucket with inputs and answers."""

_STREAMED: Final = re.compile(r"/(?:v1/stream|openai)/|/mcp$")
_NOT_OPEN: Final = re.compile(r"/v1/(?:me|admin)(?:/|$)")
_API: Final = re.compile(r"/v1/")
_OF_READERS: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, kw_only=True)
class Routes:
    """The parts of a local cloud that are open.

    Attributes:
        host: the host and port of the door. A call for another host comes from a site whose name
            was pointed here.
        bucket: the name of the bucket with inputs and answers.
        socket_path: the path of the WebSocket URL.
    """

    host: str
    bucket: str
    socket_path: str

    def target(self, request: Message) -> Target | None:
        """Return where a call goes; None if it is not open."""
        path = request.path
        if request.headers.get("host") != self.host or ".." in path:
            return None
        if request.headers.get("upgrade", "").lower() == "websocket":
            return "socket" if path == self.socket_path else None
        if path == f"/{self.bucket}" or path.startswith(f"/{self.bucket}/"):
            return "files" if self._is_file_call(request) else None
        if request.credential is not None or _NOT_OPEN.match(path):
            return None
        return _target_by_path(request)

    def _is_file_call(self, request: Message) -> bool:
        """Whether a call is a form, or has a signed URL of a function, not of the deployer."""
        if request.method == "POST":
            return request.path.rstrip("/") == f"/{self.bucket}" and not request.query
        signed_by = request.credential if "X-Amz-Signature" in request.query else None
        return signed_by is not None and signed_by[0] != CREDENTIALS["AWS_ACCESS_KEY_ID"]


def _target_by_path(request: Message) -> Target | None:
    if _STREAMED.match(request.path):
        return "streams"
    if _API.match(request.path):
        return "page"
    if request.method not in _OF_READERS or request.path.startswith("/_"):
        return None
    return "config" if request.path == "/config.json" else "page"
