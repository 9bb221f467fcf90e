"""The simulated quotas bind, time passes only where it should, and no request gets lost."""

import pytest
from botocore.exceptions import ClientError

from benchmarks.plot import Series, line_plot
from benchmarks.scale import quotas, scenes
from benchmarks.scale.engine import Bucket, Engine
from benchmarks.scale.functions import Functions, Throttled
from benchmarks.scale.tables import Tables


def test_programs_go_on_in_the_order_of_time():
    engine, seen = Engine(1), []

    def program(name, pause):
        for _ in range(2):
            engine.sleep(pause)
            seen.append((name, engine.now))

    engine.start(program, "slow", 3.0)
    engine.start(program, "quick", 2.0)
    engine.run(10.0)

    assert seen == [("quick", 2.0), ("slow", 3.0), ("quick", 4.0), ("slow", 6.0)]


def test_a_bucket_gives_its_burst_and_then_its_rate():
    bucket = Bucket(rate=2, burst=3)

    assert [bucket.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(1.0) for _ in range(3)] == [True, True, False]


def _written_at_once(writes):
    """Return how many of so many writes to one key, all at once, DynamoDB throttled."""
    engine = Engine(1)
    tables = Tables(engine)
    item = {"space_id": {"S": "a"}, "record": {"S": "queue"}}
    for _ in range(writes):
        engine.start(lambda: tables.put_item(TableName="spaces", Item=item))
    engine.run(60.0)
    return sum(count for name, count in tables.counted.items() if "throttled" in name)


def test_a_partition_key_takes_its_documented_writes_a_second():
    most = int(quotas.PARTITION_WRITES.value)

    assert _written_at_once(most) == 0
    assert _written_at_once(most + 100) >= 100 - 30  # the bucket refills within these milliseconds


def test_an_outage_fails_every_call_after_its_repeats():
    engine = Engine(1)
    tables = Tables(engine)
    tables.out = True
    failed = []

    def read():
        with pytest.raises(ClientError):
            tables.get_item(TableName="connections", Key={"connection_id": {"S": "c"}})
        failed.append(engine.now)

    engine.start(read)
    engine.run(60.0)

    assert len(failed) == 1
    assert tables.counted["calls"] == 4


def test_no_more_functions_run_than_the_account_allows():
    engine, outcomes = Engine(1), []
    functions = Functions(engine)

    def run():
        try:
            functions.run("api", lambda: engine.sleep(1.0))
        except Throttled:
            outcomes.append("throttled")
        else:
            outcomes.append("ran")

    for _ in range(int(quotas.CONCURRENCY.value) + 5):
        engine.start(run)
    engine.run(60.0)

    assert outcomes.count("throttled") == 5
    assert functions.counted["at the same time"] == quotas.CONCURRENCY.value


def test_a_space_under_light_load_answers_all_and_wastes_little():
    found = scenes.one_space(2)

    assert (found.refused, found.unfinished) == (0, 0)
    assert found.start_p50 < 0.3
    assert found.write_units < 7


def test_an_outage_loses_nothing_and_answers_nothing_twice():
    found = scenes.outage(rate=2.0, begins=5.0, lasts=60.0)

    assert found.refused > 0
    assert (found.unfinished, found.doubled) == (0, 0)


def test_workers_that_return_at_once_all_get_their_place(monkeypatch):
    monkeypatch.setattr(scenes, "RETURNING", 60)

    assert scenes.return_at_once(3).left == 0


def test_a_plot_names_its_lines_and_escapes_them():
    svg = line_plot("a < b", "x", [Series("p95", [(1, 1), (10, 5)])])

    assert "a &lt; b" in svg
    assert ">p95</text>" in svg
