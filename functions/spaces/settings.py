"""What a function is told by its environment; nothing else reads it."""

import os
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Names and addresses; a function is given only those that it uses, the others are None.

    Attributes:
        socket_endpoint: address of the @connections API.
    """

    spaces_table: str | None = None
    connections_table: str | None = None
    requests_table: str | None = None
    files_bucket: str | None = None
    socket_endpoint: str | None = None

    @classmethod
    def from_environment(cls) -> Self:
        """Read them; an empty value counts as none."""
        return cls(
            spaces_table=os.environ.get("SPACES_TABLE") or None,
            connections_table=os.environ.get("CONNECTIONS_TABLE") or None,
            requests_table=os.environ.get("REQUESTS_TABLE") or None,
            files_bucket=os.environ.get("FILES_BUCKET") or None,
            socket_endpoint=os.environ.get("SOCKET_ENDPOINT") or None,
        )
