"""Long lists of rows are stored in few bytes, and read as they were."""

import msgspec
import pytest

from spaces.adapters.dynamodb.packed import (
    PACK_ABOVE_BYTES,
    as_compact_json,
    pack_rows,
    read_compact_json,
    unpack_rows,
)
from spaces.domain.queue.queue import Place, Requeued, Running

NOW = 1_900_000_000_000


def running(count, workers=20):
    return {
        5000 + 2 * n: Running(
            f"worker-{n % workers}", 1 + n % 3, NOW - 97 * n, NOW + 31 * n, NOW + 120_000 - 97 * n
        )
        for n in range(count)
    }


def places(count):
    return {
        f"worker-{n}": Place(f"L0SM9cOFvHc{n:04}=", NOW - n, 64, NOW, session=f"s{n}", token_id="t")
        for n in range(count)
    }


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({}, dict[int, Running]),
        (running(1), dict[int, Running]),
        (running(1280), dict[int, Running]),
        (places(20), dict[str, Place]),
        ({"7": places(1)["worker-0"], "007": places(1)["worker-0"]} | places(20), dict[str, Place]),
        (tuple(Requeued(n, 1, "w", NOW, NOW, 2) for n in range(500)), tuple[Requeued, ...]),
        (tuple(range(10**12, 10**12 + 700)), tuple[int, ...]),
        ((5,), tuple[int, ...]),
    ],
)
def test_what_is_stored_is_read_again(value, kind):
    item = {"rows": as_compact_json(value)}

    assert read_compact_json(item, "rows", kind) == value


@pytest.mark.parametrize(
    "plain", ["[]", "[1]", '{"a":[1,true,null,"x",[2]]}', '{"1":[0,-5],"2":[9,7]}', "[[1,2],[3,4]]"]
)
def test_any_rows_survive_packing(plain):
    packed = pack_rows(plain.encode())

    assert msgspec.json.decode(unpack_rows(packed)) == msgspec.json.decode(plain)


def test_a_short_value_stays_readable():
    assert "S" in as_compact_json(running(5))


def test_many_running_requests_take_few_bytes():
    plain = len(msgspec.json.encode(running(1280)))
    packed = len(as_compact_json(running(1280))["B"])

    assert plain > 100_000
    assert packed < 10_000
    assert PACK_ABOVE_BYTES == 1024
