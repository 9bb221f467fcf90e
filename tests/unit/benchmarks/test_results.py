"""What `make bench` writes."""

from benchmarks.__main__ import DEPTHS, units_table
from benchmarks.units import Row


def test_a_step_that_is_measured_at_one_depth_has_one_cell():
    steps = ("submit", "result", "fetch")
    measured = [Row(step, depth, 3, 1, 4, 1) for step in steps for depth in DEPTHS]

    lines = units_table([*measured, Row("streamed", 0, 2, 0.5, 3, 0)]).splitlines()

    assert "| streamed | 2 / 0.5 / 3 / 0 | - | - | - | - |" in lines
    assert "| **total** |" + " **9 / 3 / 12 / 3** |" * len(DEPTHS) in lines
