"""Long lists of rows are stored in few bytes, and read as they were."""

import base64
import zlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spaces.adapters.dynamodb.packed import (
    PACK_ABOVE_BYTES,
    UnreadableRows,
    as_compact_json,
    pack_rows,
    read_compact_json,
)
from spaces.adapters.dynamodb.values import UNREADABLE
from spaces.domain.queue.queue import Place, Requeued, Running

NOW = 1_900_000_000_000

TIMES = st.integers(NOW - 10**7, NOW + 10**7)
HOLDERS = st.sampled_from(
    ["", "gpu-1/AbCdEf-_0123", "gpu-2/AbCdEf-_0123", "7", "007", "ä/\N{ROCKET}"]
)
EARLIER = st.lists(HOLDERS, max_size=3).map(tuple)
TIMEOUTS = st.none() | st.integers(1, 10**7)
RUNNING = st.builds(
    Running, HOLDERS, st.integers(1, 9), TIMES, TIMES, TIMES, st.integers(0, 3), st.booleans(),
    st.booleans(), EARLIER, TIMEOUTS,
)  # fmt: skip
REQUEUED = st.builds(
    Requeued, st.integers(1, 10**12), st.integers(0, 9), HOLDERS, TIMES | st.just(0),
    TIMES | st.just(0), st.integers(0, 3), st.booleans(), EARLIER, TIMEOUTS,
)  # fmt: skip
PLACES = st.builds(
    Place, st.text(max_size=16), TIMES, st.integers(1, 64), TIMES,
    st.sampled_from(["ready", "away", "suspect", "draining"]), st.text(max_size=22), st.just(""),
    st.booleans(), st.none() | st.integers(0, 64), st.integers(-1, 2**63), st.booleans(),
)  # fmt: skip


def running(count, workers=20):
    return {
        5000 + 2 * n: Running(
            f"worker-{n % workers}", 1 + n % 3, NOW - 97 * n, NOW + 31 * n, NOW + 120_000 - 97 * n
        )
        for n in range(count)
    }


def stored_and_read(value, kind):
    return read_compact_json({"rows": as_compact_json(value)}, "rows", kind)


@given(st.dictionaries(st.integers(1, 2**62), RUNNING, max_size=40))
def test_running_requests_are_read_as_they_were_stored(value):
    read = stored_and_read(value, dict[int, Running])

    assert (read, [*read]) == (value, [*value])


@given(st.dictionaries(HOLDERS, PLACES, max_size=20))
def test_places_are_read_as_they_were_stored(value):
    assert stored_and_read(value, dict[str, Place]) == value


@given(st.lists(REQUEUED, max_size=40).map(tuple))
def test_requeued_requests_are_read_as_they_were_stored(value):
    assert stored_and_read(value, tuple[Requeued, ...]) == value


@given(st.lists(st.integers(0, 2**62), max_size=200).map(tuple))
def test_holes_are_read_as_they_were_stored(value):
    assert stored_and_read(value, tuple[int, ...]) == value


def test_rows_of_an_earlier_version_are_read():
    """As packed with level 9; and as JSON, when nothing was packed."""
    earlier = (
        "eNqLLikqTdWJNtYx0TGN1Yk20DHSAbN1zIC8aFMDA5AIFSHQVKXy/KLs1CJdA/0SJR0YxxCZY4TMGVU2PJUBU4Kh"
        "jqGOLk0JkCWWBgigo2tpPlgxOPsZGlkMVgwKSyNwIFIVgr1NbRPTEnOKU3VGDDkifRwNqkvKICXJMGMCGWbgnJZX"
        "mpODTgxJmdjYWABRLmaF"
    )
    rows = {
        5000 + 2 * n: Running(
            f"worker-{n % 3}/t",
            1 + n % 2,
            NOW - 97 * n,
            NOW + 31 * n,
            NOW + 120_000 - 97 * n,
            earlier=("v/t",) * (n % 2),
            timeout=60_000 if n % 5 == 0 else None,
        )
        for n in range(40)
    }
    packed = {"B": base64.b64decode(earlier)}
    plain = {"S": msgspec.json.encode(rows).decode()}

    assert read_compact_json({"running": packed}, "running", dict[int, Running]) == rows
    assert read_compact_json({"running": plain}, "running", dict[int, Running]) == rows


def test_a_format_of_a_later_version_is_refused_by_name():
    later = {"running": {"B": b"\x02" + pack_rows(running(9))}}

    with pytest.raises(UnreadableRows, match=r"'running'.* a later version stored it"):
        read_compact_json(later, "running", dict[int, Running])


@pytest.mark.parametrize(
    "content",
    [
        pack_rows(running(9))[:-1],
        pack_rows(running(9))[:-1] + b"x",
        b"\x78",
        zlib.compress(b'{"rows": []}'),
        zlib.compress(b"[true,[],[0],[[1,2],[3]]]"),
        zlib.compress(b"[true,[7],[7],[[1,2]]]"),
        zlib.compress(b'[true,[],[0],[["a"],["b"]]]'),
        zlib.compress(b"[true,[],[],[]]"),
        pack_rows({1: [1], 2: [2]}),
    ],
)
def test_damaged_rows_are_refused_by_name(content):
    with pytest.raises(UnreadableRows, match=r"'running' of the queue is damaged") as refused:
        read_compact_json({"running": {"B": content}}, "running", dict[int, Running])

    assert isinstance(refused.value, UNREADABLE)


@given(st.data())
def test_any_damage_is_noticed_or_harmless(data):
    """zlib's checksum sees to that."""
    rows = running(30)
    packed = bytearray(pack_rows(rows))
    packed[data.draw(st.integers(1, len(packed) - 1))] ^= data.draw(st.integers(1, 255))

    try:
        read = read_compact_json({"rows": {"B": bytes(packed)}}, "rows", dict[int, Running])
    except UnreadableRows:
        return
    assert read == rows


def test_a_short_value_stays_readable():
    assert "S" in as_compact_json(running(2))
    assert "B" in as_compact_json(running(5))


def test_many_running_requests_take_few_bytes():
    plain = len(msgspec.json.encode(running(1280)))
    packed = len(as_compact_json(running(1280))["B"])

    assert plain > 100_000
    assert packed < 10_000
    assert PACK_ABOVE_BYTES == 256
