"""What moto does for these tests: one call at a time, and no work that none of them needs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from moto.core import serialize
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.responses import DynamoHandler
from moto.s3.models import s3_backends

_CALLED = DynamoHandler.call_action
_LOOKED_UP = serialize.AttributePicker.__call__


def empty(account: str, region: str) -> None:
    """Empty all tables and buckets: that takes a fraction of the time of making them again."""
    for table in dynamodb_backends[account][region].tables.values():
        table.items.clear()
    for bucket in s3_backends[account]["aws"].buckets.values():
        bucket.keys.clear()
        bucket.multiparts.clear()


@contextmanager
def one_call_at_a_time() -> Iterator[None]:
    """Let a write check its condition and write without another call in between.

    Of two threads that swap an item at the same time, moto lets both believe that they did.
    """
    turn = threading.RLock()

    def call(handler: DynamoHandler) -> Any:
        with turn:
            return _CALLED(handler)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DynamoHandler, "call_action", call)
        yield


@contextmanager
def plain_attribute_values() -> Iterator[None]:
    """Take the values of attributes as they are.

    For each of the ten types that a value of DynamoDB may have, moto tries up to ten spellings of
    the type's name. That is a third of what a call takes.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serialize.AttributePicker, "__call__", _pick)
        yield


def _pick(self: serialize.AttributePicker, context: serialize.AttributePickerContext) -> Any:
    if getattr(getattr(context.shape, "parent", None), "name", None) == "AttributeValue":
        return context.obj.get(context.key)
    return _LOOKED_UP(self, context)
