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
from spaces.domain.webhook_delivery import RETRY_DELAYS, Delivery
from tests.chaos.functions import functions_of
from tests.chaos.moody_receiver import RETRY_AFTER

BUSY: Final = 429
CUT_ABOVE: Final = 100.0
"""Waits that are longer are cut short. The first, of 5 s, ends by its schedule, and a wait that the
receiver asked for is never cut before its time."""
LOOK_SECONDS: Final = 6.0
SCHEDULED_LATE: Final = 60
LAMBDA_REPEATS: Final = 60
"""In seconds: how late a schedule may fire, and after what time Lambda repeats a run that died."""
CUTS_AT_ONCE: Final = 15
"""How many are cut short at each look: as many runs begin at the same time."""


class Deliveries:
    """All of them.

    Attributes:
        cut_short: how many waits were cut short.
        open: how many were not announced at the last look.
        repeated: how many runs were repeated in Lambda's place.
    """

    def __init__(self, cloud: LocalCloud) -> None:
        self._table = cloud.aws("dynamodb")
        self._functions = cloud.aws("lambda")
        environments = functions_of(cloud)
        api = next(each for each in environments if each["POWERTOOLS_SERVICE_NAME"] == "api")
        self._requests, self._arn = api["REQUESTS_TABLE"], api["WEBHOOK_ARN"]
        self.cut_short = 0
        self.open: int | None = None
        self.repeated = 0
        self._repeat_after: dict[int, int] = {}

    def requests(self) -> list[Request]:
        """Return every request that has a webhook."""
        return [request_of(item) for item in self._items()]

    def cut_long_waits(self) -> None:
        """End some of the waits that are longer than a run may last."""
        now = round(time.time() * 1000)
        found = [(item, request_of(item)) for item in self._items()]
        self.open = sum(1 for _, request in found if not _is_over(request))
        for _, request in found:
            if _died(request, now) and now > self._repeat_after.get(request.ticket, 0):
                self._repeat_after[request.ticket] = now + LAMBDA_REPEATS * 1000
                self.repeated += 1
                self._invoke(request)
        long = [pair for pair in found if _waits_long(pair[1], now)]
        for item, request in long[:CUTS_AT_ONCE]:
            if request.delivery is not None:
                self._end_wait(item, request, replace(request.delivery, next_at=now))

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
        self._invoke(request)

    def _invoke(self, request: Request) -> None:
        payload = json.dumps({"request_id": str(request.request_id)}).encode()
        self._functions.invoke(FunctionName=self._arn, InvocationType="Event", Payload=payload)

    def _items(self) -> Iterator[dict[str, Any]]:
        pages = self._table.get_paginator("scan").paginate(
            TableName=self._requests, ConsistentRead=True
        )
        return (item for page in pages for item in page["Items"] if "webhook" in item)


def _is_over(request: Request) -> bool:
    delivery = request.delivery
    return request.ending is not None and delivery is not None and delivery.state != "pending"


def _died(request: Request, now: int) -> bool:
    """Tell whether a run that a schedule had started must have died.

    Lambda repeats such a run, as Scheduler starts it asynchronously; the emulator does not.
    """
    delivery = request.delivery
    if delivery is None or delivery.state != "pending":
        return False
    due = max(delivery.next_at or 0, delivery.claimed_until)
    return now > due + (SCHEDULED_LATE + LAMBDA_REPEATS) * 1000


def _waits_long(request: Request, now: int) -> bool:
    delivery = request.delivery
    if delivery is None or delivery.state != "pending" or delivery.next_at is None:
        return False
    if delivery.status == BUSY:  # what the receiver asked for must have passed
        asked = RETRY_AFTER * 1000
        tried_at = delivery.next_at - max(RETRY_DELAYS[delivery.tries - 1], asked)
        if now < tried_at + asked:
            return False
    return delivery.next_at - now > CUT_ABOVE * 1000


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
