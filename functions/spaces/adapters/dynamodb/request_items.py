"""The requests table: requests, tombstones and records of Idempotency-Keys."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from msgspec.structs import replace

from spaces.adapters.dynamodb import queue_items
from spaces.adapters.dynamodb.batches import get_from_tables
from spaces.adapters.dynamodb.conflicts import item_in_the_way
from spaces.adapters.dynamodb.idempotency_items import IdempotencyItems
from spaces.adapters.dynamodb.kept_items import HAS_EXPIRED, as_of
from spaces.adapters.dynamodb.keys import queue_key, request_key
from spaces.adapters.dynamodb.payloads import Payloads, UnreadablePayload
from spaces.adapters.dynamodb.request_shape import (
    chunk_counter,
    excerpt_of,
    is_tombstone,
    request_item,
    request_of,
    tombstone_item,
)
from spaces.adapters.dynamodb.values import Item, as_json, number, text
from spaces.domain.queue.queue import Queue
from spaces.domain.request import Ending, Request, Tombstone
from spaces.domain.timing import SECOND
from spaces.domain.webhook_delivery import Delivery
from spaces.schema import SPACE_ID
from spaces.services.ports.file_store import NoLongerStored
from spaces.services.ports.gateway import TicketBuried, UpdateOutcome
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import ProgressView

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_NEW = "attribute_not_exists(#space_id)"
_NEW_OR_EXPIRED = f"{_NEW} OR {HAS_EXPIRED}"


class RequestTable(IdempotencyItems):
    """The requests table: implements `spaces.services.ports.gateway.RequestStore`."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        spaces_table: str,
        payloads: Payloads,
        random_text: Callable[[], str],
    ) -> None:
        super().__init__(client, table)
        self._spaces_table = spaces_table
        self._payloads = payloads
        self._random_text = random_text

    def store(self, request: Request) -> Request:
        payload = self._payloads.place(
            request.space_id,
            request.ticket,
            f"input#{request.nonce}",
            request.input,
            request.expires_at // SECOND,
        )
        kept = self._put_if_new(
            {**request_item(request), **excerpt_of(request, payload), **payload}
        )
        if kept is None:
            return request
        if is_tombstone(kept) or kept["nonce"]["S"] != request.nonce:
            raise TicketBuried
        return replace(request_of(kept), input=request.input)

    def read(
        self, space_id: str, ticket: int, *, with_input: bool = True, consistent: bool = True
    ) -> Request | Tombstone | None:
        item = self._get(space_id, ticket, consistent=consistent)
        if not item:
            return None
        if is_tombstone(item):
            return Tombstone(ticket)
        request = request_of(item)
        return self._with_input(item, request) if with_input else request

    def read_answer(self, request_id: RequestId) -> Request | None:
        item = self._get(request_id.space, request_id.ticket)
        if not item or is_tombstone(item) or item["nonce"]["S"] != request_id.nonce:
            return None
        request = self._with_input(item, request_of(item))
        if request.ending is None:
            return request
        try:
            answer = self._payloads.find(item, request_id.space, request_id.ticket, "result")
        except UnreadablePayload:
            return replace(request, damaged=True)
        except NoLongerStored:
            return replace(request, incomplete=True)
        return replace(request, ending=replace(request.ending, answer=answer))

    def read_with_queue(
        self, request_id: RequestId, *, consistent: bool = False
    ) -> tuple[Request | None, Queue | None]:
        wanted: dict[str, Any] = {
            self._table: {"Keys": [request_key(request_id.space, request_id.ticket)]},
            self._spaces_table: {"Keys": [queue_key(request_id.space)]},
        }
        for question in wanted.values():
            question["ConsistentRead"] = consistent
        found = dict(get_from_tables(self._client, wanted))
        item, queue = found.get(self._table), found.get(self._spaces_table)
        request = request_of(item) if item and not is_tombstone(item) else None
        return request, queue_items.queue_of(queue) if queue else None

    def bury(self, space_id: str, ticket: int, now: int) -> Request | None:
        grave = tombstone_item(space_id, ticket, now)
        kept = self._put_if_new(grave, _NEW_OR_EXPIRED, as_of(now))
        if kept is None or is_tombstone(kept):
            return None
        return self._with_input(kept, request_of(kept))

    def end(self, request_id: RequestId, ending: Ending) -> UpdateOutcome:
        summary = as_json(replace(ending, answer=None))
        changes: Item = {"ended_at": number(ending.ended_at), "ending": summary}
        if ending.answer is not None:
            changes |= self._place_answer(request_id, ending)
        return self._change(request_id, changes, "attribute_not_exists(ended_at)", {})

    def swap_delivery(
        self, request_id: RequestId, before: Delivery | None, after: Delivery
    ) -> UpdateOutcome:
        unchanged = "attribute_not_exists(delivery)" if before is None else "delivery = :before"
        used = {} if before is None else {":before": as_json(before)}
        condition = f"attribute_exists(ended_at) AND {unchanged}"
        return self._change(request_id, {"delivery": as_json(after)}, condition, used)

    def record_progress(
        self,
        request_id: RequestId,
        *,
        attempt: int,
        worker_id: str,
        progress: ProgressView,
        lease_until: int,
        chunk: bool = False,
    ) -> UpdateOutcome:
        changes = {
            "attempt": number(attempt),
            "worker_id": text(worker_id),
            "progress": as_json(progress),
            "lease_until": number(lease_until),
        }
        condition = (
            "attribute_not_exists(ended_at) AND (attribute_not_exists(attempt)"
            " OR attempt < :attempt OR (attempt = :attempt AND worker_id = :worker_id))"
        )
        used = {":attempt": changes["attempt"], ":worker_id": changes["worker_id"]}
        if chunk and progress == ProgressView():
            del changes["progress"]  # a chunk alone carries no progress
        counter = chunk_counter(attempt) if chunk else None
        return self._change(request_id, changes, condition, used, counter)

    def _change(
        self,
        request_id: RequestId,
        changes: Item,
        condition: str,
        used: Item,
        counter: str | None = None,
    ) -> UpdateOutcome:
        """Update a request under a condition.

        If the condition fails but the item has the new values, an earlier try of this call wrote
        them.

        Args:
            request_id: The id of the request.
            changes: The attributes to set.
            condition: The condition.
            used: Further values of the condition.
            counter: An attribute to raise by one; a call that boto3 retries may raise it twice.
        """
        names = {f"#{index}": name for index, name in enumerate(changes)}
        counting = f" ADD {counter} :one" if counter else ""
        used = {**used, ":one": number(1)} if counter else used
        values = {f":{index}": value for index, value in enumerate(changes.values())}
        try:
            response = self._client.update_item(
                TableName=self._table,
                Key=request_key(request_id.space, request_id.ticket),
                UpdateExpression="SET " + ", ".join(f"{a} = :{a[1:]}" for a in names) + counting,
                ConditionExpression=f"nonce = :nonce AND {condition}",
                ExpressionAttributeNames=names,
                ExpressionAttributeValues={":nonce": text(request_id.nonce), **values, **used},
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            item = item_in_the_way(error)
            if item is None:
                raise
            if not item or is_tombstone(item) or item["nonce"]["S"] != request_id.nonce:
                return UpdateOutcome(stored=False, request=None)
            ours = all(item.get(name) == value for name, value in changes.items())
            return UpdateOutcome(stored=ours, request=request_of(item))
        return UpdateOutcome(stored=True, request=request_of(response["Attributes"]))

    def _place_answer(self, request_id: RequestId, ending: Ending) -> Item:
        expires_at = ending.ended_at // SECOND + 8 * 24 * 3600
        return self._payloads.place(
            request_id.space,
            request_id.ticket,
            f"result#{self._random_text()}",
            ending.answer,
            expires_at,
        )

    def _with_input(self, item: Item, request: Request) -> Request:
        try:
            found = self._payloads.find(item, request.space_id, request.ticket, "input")
        except UnreadablePayload:
            return replace(request, damaged=True)
        except NoLongerStored:
            return replace(request, incomplete=True)
        return replace(request, input=found or {})

    def _get(self, space_id: str, ticket: int, *, consistent: bool = True) -> Item:
        response = self._client.get_item(
            TableName=self._table, Key=request_key(space_id, ticket), ConsistentRead=consistent
        )
        return response.get("Item", {})

    def _put_if_new(
        self, item: Item, condition: str = _NEW, values: Item | None = None
    ) -> Item | None:
        """Put an item unless one exists; return the existing one, or None if ours was stored."""
        used: Item = {"ExpressionAttributeValues": values} if values else {}
        try:
            self._client.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression=condition,
                ExpressionAttributeNames={"#space_id": SPACE_ID},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **used,
            )
        except ClientError as error:
            kept = item_in_the_way(error)
            if kept is None:
                raise
            return kept
        return None
