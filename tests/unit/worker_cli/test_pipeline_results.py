"""What the pipelines of transformers return, and what becomes of it."""

import pytest

from spaces_worker.adapters.transformers import _result_of


@pytest.mark.parametrize(
    ("score", "confidence"),
    [
        (0.9, 0.9),
        (1, 1.0),
        (12.3, None),
        (-4.5, None),
        (float("nan"), None),
        (float("inf"), None),
        ("0.9", None),
        (None, None),
    ],
)
def test_a_score_is_a_confidence_only_if_it_is_a_probability(score, confidence):
    result = _result_of([{"label": "cat", "score": score}], "tiny")

    assert (result.text, result.confidence) == ("cat", confidence)


@pytest.mark.parametrize("output", [[], {}, [[]], 7, None])
def test_an_output_without_a_text_is_data(output):
    result = _result_of(output, "tiny")

    assert (result.text, result.data) == (None, output)
