"""The tables of the gateway, read from outside by the operator, so that no function is touched."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from infra.local.cloud import LocalCloud
from spaces.adapters.dynamodb.queue_items import queue_of
from spaces.domain.queue.queue import Queue
from tests.chaos.functions import functions_of


class Stored(NamedTuple):
    """A stored request; times in seconds since 1970."""

    space: str
    ticket: int
    request_id: str
    ended_at: float | None


class Tables:
    """The requests and the queues."""

    def __init__(self, cloud: LocalCloud) -> None:
        self._client = cloud.aws("dynamodb")
        self._scheduler = cloud.aws("scheduler")
        api = next(f for f in functions_of(cloud) if f["POWERTOOLS_SERVICE_NAME"] == "api")
        self._requests, self._spaces = api["REQUESTS_TABLE"], api["SPACES_TABLE"]

    def requests(self) -> list[Stored]:
        """Return every stored request, also those of which no 202 was seen."""
        return [_stored(item) for item in self._scan(self._requests) if "queue_deadline" in item]

    def queues(self) -> list[Queue]:
        """Return the queues of all spaces."""
        items = self._scan(self._spaces)
        return [queue_of(item) for item in items if item["record"]["S"] == "queue"]

    def armed_clocks(self) -> list[str]:
        """Return the names of the schedules that exist."""
        return [each["Name"] for each in self._scheduler.list_schedules()["Schedules"]]

    def _scan(self, table: str) -> Iterator[dict[str, Any]]:
        pages = self._client.get_paginator("scan").paginate(TableName=table)
        return (item for page in pages for item in page["Items"])


def _stored(item: dict[str, Any]) -> Stored:
    space, ticket = item["space_id"]["S"], int(item["ticket"]["S"])
    ended_at = int(item["ended_at"]["N"]) / 1000 if "ended_at" in item else None
    return Stored(space, ticket, f"{space}.{ticket}.{item['nonce']['S']}", ended_at)
