"""A question means the same as text for Logs Insights and as an answer from lines."""

from infra.activity.log_query import LogQuery, count, distinct, most, total
from infra.activity.queries import ENDED, ERRORS, SAVED, TIMES


def ended(state="COMPLETED", **fields):
    return {"message": "request_ended", "state": state, **fields}


def test_the_text_names_events_figures_and_groups():
    query = LogQuery(("a", "b"), (count("times"), most("longest", "ms")), by=("space", "kind"))

    assert query.insights() == (
        'filter message in ["a", "b"]\n'
        "| stats count(*) as times, max(ms) as longest by space, kind\n"
        "| sort times desc"
    )


def test_a_curve_has_a_point_per_period_instead_of_groups():
    query = LogQuery(("a",), (count("times"),), by=("space",))

    assert query.insights("5m") == ('filter message in ["a"]\n| stats count(*) as times by bin(5m)')


def test_a_question_without_groups_has_one_row_even_without_lines():
    query = LogQuery(("a",), (count("times"), most("longest", "ms"), total("all", "ms")))

    assert query.insights() == (
        'filter message in ["a"]\n| stats count(*) as times, max(ms) as longest, sum(ms) as all'
    )
    assert query.answer([]) == [{"times": 0, "all": 0}]


def test_other_events_are_not_counted():
    lines = [{"message": "a"}, {"message": "b"}, {"message": "a"}, {}]

    assert LogQuery(("a",), (count("times"),)).answer(lines) == [{"times": 2}]


def test_rows_come_by_their_first_figure():
    lines = [{"message": "a", "space": name} for name in ("x", "y", "y", "z", "z", "z")]

    rows = LogQuery(("a",), (count("times"),), by=("space",)).answer(lines)

    assert [(row["space"], row["times"]) for row in rows] == [("z", 3), ("y", 2), ("x", 1)]


def test_percentiles_are_values_that_occurred():
    lines = [ended(waited_ms=value, ran_ms=10) for value in range(1, 101)]

    (row,) = TIMES.answer([*lines, ended("CANCELLED")])

    assert (row["waited_p50_ms"], row["waited_p95_ms"]) == (50, 95)
    assert (row["ran_p50_ms"], row["ran_ms"]) == (10, 1000)


def test_ends_are_counted_by_kind():
    lines = [ended(), ended(), ended("FAILED"), ended("TIMED_OUT"), ended("CANCELLED")]

    assert ENDED.answer(lines) == [{"completed": 2, "failed": 1, "cancelled": 1, "timed_out": 1}]


def test_different_values_are_counted_once():
    lines = [{"message": "a", "worker_id": each} for each in ("w1", "w2", "w1")]

    assert LogQuery(("a",), (distinct("workers", "worker_id"),)).answer(lines) == [{"workers": 2}]


def test_errors_are_told_apart_by_function():
    line = {"message": "unexpected_error", "service": "api"}

    assert ERRORS.answer([line, line, {**line, "service": "result"}])[0] == {
        "message": "unexpected_error",
        "service": "api",
        "times": 2,
    }


def test_saved_queries_use_commands_of_logs_insights_only():
    known = {"filter", "fields", "stats", "sort"}

    for name, text in SAVED.items():
        commands = [stage.split()[0] for stage in text.split("\n| ")]
        assert set(commands) <= known, name
        assert text.count("(") == text.count(")"), name
