"""What a function is told by its environment; nothing else reads it."""

import os
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, kw_only=True)
class FunctionSettings:
    """Names and addresses; a function is given only those that it uses, the others are None.

    Attributes:
        files_url: address of the files bucket, under which its keys lie.
        socket_endpoint: address of the @connections API.
        schedule_group, sweep_arn, sweep_role_arn: where clocks are armed, whom they wake, and as
            what.
        edge_key: what our CloudFront distribution proves itself with; keys the hash of addresses.
    """

    spaces_table: str | None = None
    connections_table: str | None = None
    requests_table: str | None = None
    files_bucket: str | None = None
    files_url: str | None = None
    socket_endpoint: str | None = None
    schedule_group: str | None = None
    sweep_arn: str | None = None
    sweep_role_arn: str | None = None
    edge_key: str | None = None

    @classmethod
    def from_environment(cls) -> Self:
        """Read them; an empty value counts as none."""
        return cls(
            spaces_table=os.environ.get("SPACES_TABLE") or None,
            connections_table=os.environ.get("CONNECTIONS_TABLE") or None,
            requests_table=os.environ.get("REQUESTS_TABLE") or None,
            files_bucket=os.environ.get("FILES_BUCKET") or None,
            files_url=os.environ.get("FILES_URL") or None,
            socket_endpoint=os.environ.get("SOCKET_ENDPOINT") or None,
            schedule_group=os.environ.get("SCHEDULE_GROUP") or None,
            sweep_arn=os.environ.get("SWEEP_ARN") or None,
            sweep_role_arn=os.environ.get("SWEEP_ROLE_ARN") or None,
            edge_key=os.environ.get("EDGE_KEY") or None,
        )
