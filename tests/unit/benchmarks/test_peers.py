"""The comparison with other designs: how it counts, and what it writes."""

from collections import Counter
from xml.etree import ElementTree as ET

import pytest

from benchmarks.peers.contenders import GRADIO
from benchmarks.peers.gateway import ECHO, SPACES
from benchmarks.peers.kill_test import Verdict, judge
from benchmarks.peers.plot import LANGUAGES, Bar, draw
from benchmarks.peers.report import Results, report
from benchmarks.peers.timing import Timed
from benchmarks.peers.usage import Usage

ANSWERED = {"answers": ["r1 a"], "error": None}
DOUBLED = {"answers": ["r1 a", "r1 b"], "error": None}
FAILED = {"answers": [], "error": "ConnectionError: gone"}
SILENT = {"answers": [], "error": None}


def counted(outcomes, held=None, begun=()):
    told = {"outcomes": outcomes, "held": held}
    return judge(len(outcomes), 1, told, Counter(begun), 9.0)


def test_an_answer_is_neither_lost_nor_stuck():
    verdict = counted([ANSWERED, ANSWERED])

    assert (verdict.answered, verdict.lost, verdict.doubled, verdict.stuck) == (2, 0, 0, 0)


def test_an_error_is_a_loss():
    assert counted([ANSWERED, FAILED]).lost == 1


def test_two_answers_to_one_request_are_doubled_and_not_lost():
    verdict = counted([DOUBLED, ANSWERED])

    assert (verdict.answered, verdict.doubled, verdict.lost) == (2, 1, 0)


@pytest.mark.parametrize(("held", "lost", "stuck"), [(None, 0, 3), (0, 3, 0), (1, 2, 1), (9, 0, 3)])
def test_silence_is_stuck_only_as_far_as_the_server_still_knows_of_it(held, lost, stuck):
    verdict = counted([SILENT, SILENT, SILENT, ANSWERED], held)

    assert (verdict.lost, verdict.stuck) == (lost, stuck)


def test_what_the_model_began_twice_is_counted_once():
    assert counted([ANSWERED], begun=["r1", "r2", "r1", "r1"]).run_again == 1


def test_what_was_finished_before_the_kill_was_not_in_flight():
    assert counted([ANSWERED, ANSWERED, FAILED]).in_flight == 2


def verdict(answered, lost=0, stuck=0):
    return Verdict(200, 190, answered, lost, 0, stuck, 1, 30.0)


def timed(seconds, factor):
    usage = Usage(memory=50_000_000 * factor, threads=4 * factor, processes=factor)
    return Timed([seconds * factor] * 20, seconds=10.0, usage=usage)


@pytest.fixture
def results():
    timings = {
        name: {callers: timed(seconds, callers) for callers in (1, 20, 100)}
        for name, seconds in {ECHO: 0.01, SPACES: 0.2, GRADIO: 0.1}.items()
    }
    servers = {SPACES: verdict(200), GRADIO: verdict(10, lost=190)}
    return Results(timings, {SPACES: verdict(200)}, servers, rounds=2, requests=200, load=1.5)


def test_the_report_has_ratios_to_the_echo_in_the_same_run(results):
    lines = report(results).splitlines()

    assert any(line.startswith(f"| {SPACES} | 200 · 200 ms |") for line in lines)
    assert any(
        line.startswith(f"| {SPACES} |") and line.endswith("| 20.0 | 20.0 | 20.0 |")
        for line in lines
    )


def test_the_report_has_a_row_for_each_kill(results):
    lines = report(results).splitlines()

    assert f"| worker | {SPACES} | 200 | 190 | 200 | **0** | **0** | **0** | 1 | 30 |" in lines
    assert f"| server | {GRADIO} | 200 | 190 | 10 | **190** | **0** | **0** | 1 | 30 |" in lines
    assert not any(line.startswith(f"| worker | {GRADIO}") for line in lines)


def test_the_report_says_how_busy_the_machine_was(results):
    assert "load average of 1.5" in report(results).replace("\n", " ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plot_is_an_image_with_a_description(language):
    bars = [
        Bar(SPACES, 0.2, verdict(200), verdict(200), own=True),
        Bar(GRADIO, 0.1, verdict(10, lost=190), verdict(150, lost=20, stuck=30), own=False),
    ]

    image = ET.fromstring(draw(bars, 200, language))

    assert image.get("role") == "img"
    assert image.get("aria-label")


def test_the_parts_of_a_bar_fill_it_in_proportion():
    bars = [Bar(GRADIO, 0.1, verdict(200), verdict(100, lost=50, stuck=50), own=False)]

    image = ET.fromstring(draw(bars, 200, "en"))

    wide = {
        kind: max(float(each.get("width")) for each in image.iter() if each.get("class") == kind)
        for kind in ("answered", "lost", "stuck")
    }
    assert wide["lost"] == wide["stuck"] == wide["answered"] / 4
