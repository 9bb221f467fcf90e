"""Settings of a function, read from its environment here only."""

import os
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, kw_only=True)
class FunctionSettings:
    """Names and URLs. A function gets only those that it uses; the others are None.

    Attributes:
        files_url: Base URL of the files bucket.
        socket_endpoint: URL of the @connections API.
        socket_url: URL that workers connect to.
        schedule_group: Where sweep timers are created.
        sweep_arn: The function that they invoke.
        sweep_role_arn: The role that they assume.
        webhook_arn: The function that delivers webhooks.
        webhooks_to_loopback: Whether webhooks may go to this machine; on the local cloud only.
        api_url: Base URL of the API, as callers know it.
        page_url: URL of the page, with a trailing slash.
        user_pool_id: The user pool.
        edge_key: Secret with which our CloudFront distribution identifies itself; also keys the
            hash of network addresses.
    """

    spaces_table: str | None = None
    connections_table: str | None = None
    requests_table: str | None = None
    files_bucket: str | None = None
    files_url: str | None = None
    socket_endpoint: str | None = None
    socket_url: str | None = None
    schedule_group: str | None = None
    sweep_arn: str | None = None
    sweep_role_arn: str | None = None
    webhook_arn: str | None = None
    webhooks_to_loopback: bool = False
    api_url: str | None = None
    page_url: str | None = None
    user_pool_id: str | None = None
    edge_key: str | None = None

    @classmethod
    def from_environment(cls) -> Self:
        """Read the settings; an empty value counts as missing."""
        return cls(
            spaces_table=os.environ.get("SPACES_TABLE") or None,
            connections_table=os.environ.get("CONNECTIONS_TABLE") or None,
            requests_table=os.environ.get("REQUESTS_TABLE") or None,
            files_bucket=os.environ.get("FILES_BUCKET") or None,
            files_url=os.environ.get("FILES_URL") or None,
            socket_endpoint=os.environ.get("SOCKET_ENDPOINT") or None,
            socket_url=os.environ.get("SOCKET_URL") or None,
            schedule_group=os.environ.get("SCHEDULE_GROUP") or None,
            sweep_arn=os.environ.get("SWEEP_ARN") or None,
            sweep_role_arn=os.environ.get("SWEEP_ROLE_ARN") or None,
            webhook_arn=os.environ.get("WEBHOOK_ARN") or None,
            webhooks_to_loopback=os.environ.get("WEBHOOKS_TO_LOOPBACK") == "1",
            api_url=os.environ.get("API_URL") or None,
            page_url=os.environ.get("PAGE_URL") or None,
            user_pool_id=os.environ.get("USER_POOL_ID") or None,
            edge_key=os.environ.get("EDGE_KEY") or None,
        )
