"""What a space without calls does with the fields of a call."""

import pytest

from spaces.domain.openai.errors import UnusableField
from spaces.domain.openai.prompt_params import params_of

KNOWN = {"temperature": {}, "max_tokens": {}, "beam": {}}


def test_known_fields_become_params_and_harmless_ones_are_left_out():
    fields = {
        "model": "m",
        "messages": [],
        "stream": True,
        "temperature": 0.5,
        "top_p": 0.9,
        "user": "me",
        "beam": 4,
        "seed": None,
    }

    assert params_of(fields, KNOWN) == {"temperature": 0.5, "beam": 4}


def test_limit_of_tokens_has_two_names():
    assert params_of({"max_completion_tokens": 9}, KNOWN) == {"max_tokens": 9}
    assert params_of({"max_tokens": 9}, {"max_completion_tokens": {}}) == {
        "max_completion_tokens": 9
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", 2),
        ("n", "many"),
        ("best_of", 3),
        ("logprobs", True),
        ("logprobs", 5),
        ("top_logprobs", 2),
        ("store", True),
        ("tools", [{"type": "function"}]),
        ("tool_choice", "required"),
        ("functions", [{}]),
        ("response_format", {"type": "json_object"}),
        ("stop", ["\n"]),
        ("modalities", ["text", "audio"]),
        ("logit_bias", {"50256": -100}),
        ("suffix", "."),
        ("echo", True),
    ],
)
def test_field_that_changes_the_answer_is_refused_by_name(name, value):
    with pytest.raises(UnusableField) as refused:
        params_of({name: value}, KNOWN)

    assert (refused.value.param, refused.value.code) == (name, "unsupported_parameter")
    assert refused.value.detail.startswith(f"{name} ")
    assert params_of({name: value}, {name: {}}) == {name: value}
    assert params_of({name: value}, KNOWN, without=frozenset({name})) == {}


@pytest.mark.parametrize(
    "fields",
    [
        {"n": 1},
        {"n": None},
        {"logprobs": False},
        {"store": False},
        {"tools": []},
        {"tool_choice": "auto"},
        {"response_format": {"type": "text"}},
        {"stop": None},
        {"modalities": ["text"]},
        {"logit_bias": {}},
        {"suffix": ""},
    ],
)
def test_field_that_asks_for_nothing_is_not_refused(fields):
    assert params_of(fields, None) == {}
