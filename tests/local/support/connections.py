"""A worker's link, spoken by hand."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from websockets.sync.client import ClientConnection, connect

from infra.local.status import LocalSpace
from tests.local_cloud import DeployedCloud

Message = dict[str, Any]


@dataclass(frozen=True)
class Link:
    """A socket on which messages are JSON objects."""

    socket: ClientConnection

    def tell(self, message: Message) -> None:
        self.socket.send(json.dumps(message))

    def hear(self, timeout: float = 20) -> Message:
        message: Message = json.loads(self.socket.recv(timeout))
        return message

    def ask(self, message: Message) -> Message:
        self.tell(message)
        return self.hear()

    def register(self, *spaces: str) -> Message:
        return self.ask({"action": "register", "session": "by-hand", "spaces": list(spaces)})


@contextmanager
def dial(cloud: DeployedCloud, space: LocalSpace, worker_id: str = "by-hand") -> Iterator[Link]:
    headers = {"Authorization": f"Bearer {space.worker_token}", "X-Worker-Id": worker_id}
    # Two functions start for a handshake, which takes long on a busy machine.
    with connect(
        cloud.socket_url, additional_headers=headers, proxy=None, open_timeout=60
    ) as socket:
        yield Link(socket)
