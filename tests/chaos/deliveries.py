"""The deliveries of webhooks, as the operator finds them in the table; their long waits cut short.

No function has a setting for it. What the operator changes is one time in the table: when the next
try is due. Then the function is invoked as its schedule does.
"""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any, Final

from botocore.exceptions import ClientError
from msgspec.structs import replace

from infra.local.cloud import LocalCloud
from spaces.adapters.dynamodb.request_shape import request_of
from spaces.adapters.dynamodb.values import as_json
from spaces.domain.request import Request
from spaces.domain.webhook_delivery import Delivery
from tests.chaos.functions import functions_of

BUSY: Final = 429
CUT_ABOVE: Final = 100.0
"""Waits that are longer are cut short. The first, of 5 s, ends by its schedule, and so does a
Retry-After."""
LOOK_SECONDS: Final = 3.0


class Deliveries:
    """All of them.

    Attributes:
        cut_short: how many waits were cut short.
    """

    def __init__(self, cloud: LocalCloud) -> None:
        self._table = cloud.aws("dynamodb")
        self._functions = cloud.aws("lambda")
        environments = functions_of(cloud)
        api = next(each for each in environments if each["POWERTOOLS_SERVICE_NAME"] == "api")
        self._requests, self._arn = api["REQUESTS_TABLE"], api["WEBHOOK_ARN"]
        self.cut_short = 0

    def requests(self) -> list[Request]:
        """Return every request that has a webhook."""
        return [request_of(item) for item in self._items()]

    def cut_long_waits(self) -> None:
        """End every wait that is longer than a run may last."""
        now = round(time.time() * 1000)
        for item in self._items():
            request = request_of(item)
            delivery = request.delivery
            if delivery is None or delivery.state != "pending" or delivery.status == BUSY:
                continue
            if delivery.next_at is not None and delivery.next_at - now > CUT_ABOVE * 1000:
                self._end_wait(item, request, replace(delivery, next_at=now))

    def _end_wait(self, item: dict[str, Any], request: Request, due: Delivery) -> None:
        try:
            self._table.update_item(
                TableName=self._requests,
                Key={name: item[name] for name in ("space_id", "ticket")},
                UpdateExpression="SET delivery = :due",
                ConditionExpression="delivery = :was",
                ExpressionAttributeValues={":was": item["delivery"], ":due": as_json(due)},
            )
        except ClientError:  # somebody has begun
            return
        self.cut_short += 1
        payload = json.dumps({"request_id": str(request.request_id)}).encode()
        self._functions.invoke(FunctionName=self._arn, InvocationType="Event", Payload=payload)

    def _items(self) -> Iterator[dict[str, Any]]:
        pages = self._table.get_paginator("scan").paginate(
            TableName=self._requests, ConsistentRead=True
        )
        return (item for page in pages for item in page["Items"] if "webhook" in item)


class Impatience:
    """Cuts long waits short from a thread, until the block ends."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            self._deliveries.cut_long_waits()
