"""The explicit limit of nesting; without it, the limit would be each reader's stack."""

import sys

import pytest

from spaces_protocol.codec import UnreadableMessage, decode_gateway_message, decode_worker_message
from spaces_protocol.limits import MAX_DEPTH
from spaces_protocol.nesting import is_too_deep, too_deep
from tests.nested_values import lists, objects

BEYOND_THE_STACK = sys.getrecursionlimit() * 2 if sys.version_info < (3, 12) else 12_000
"""Since Python 3.12, code in C has a limit of its own; on most platforms it is 10,000."""


@pytest.mark.parametrize("nested", [objects, lists])
@pytest.mark.parametrize(
    ("depth", "refused"),
    [
        (0, False),
        (1, False),
        (MAX_DEPTH - 1, False),
        (MAX_DEPTH, False),
        (MAX_DEPTH + 1, True),
        (972, True),
        (50_000, True),
    ],
)
def test_depth_is_counted_without_a_stack(nested, depth, refused):
    assert is_too_deep(nested(depth)) is refused


@pytest.mark.parametrize(
    ("value", "refused"),
    [
        ({"a": [{"b": ()}]}, False),
        ([lists(10), objects(MAX_DEPTH - 1)], False),
        ([lists(10), objects(MAX_DEPTH)], True),
        ({"wide": [{}] * 10_000}, False),
        ("{" * 1_000, False),
    ],
)
def test_the_deepest_part_counts(value, refused):
    assert is_too_deep(value) is refused


def test_the_sentence_names_field_limit_and_remedy():
    assert too_deep("input.params") == (
        "input.params is nested more than 64 levels deep. Flatten it."
    )


@pytest.mark.parametrize(
    ("decode", "start"),
    [
        (decode_worker_message, '{"action": "result", "output": {"data": '),
        (decode_gateway_message, '{"action": "request", "input": {"params": '),
        (decode_gateway_message, '{"action": "drain", "unknown": '),
    ],
)
@pytest.mark.parametrize("depth", [BEYOND_THE_STACK, 20_000])
def test_a_message_that_no_stack_can_read_is_refused_with_the_reason(decode, start, depth):
    with pytest.raises(UnreadableMessage, match="nested more than 64 levels deep"):
        decode(start + '{"a":' * depth)
