"""Options of a space, whose author may have written anything."""

import pytest

from spaces_client._commands.look import _options
from spaces_client._commands.terminal import printable, seconds, size


@pytest.mark.parametrize("schema", [None, {}, {"properties": []}, {"properties": 5}, {"type": "a"}])
def test_a_schema_without_properties_has_no_options(schema):
    assert _options(schema) == []


def test_odd_properties_are_shown_as_far_as_they_can_be():
    properties = {
        "a": True,
        "b\x1b[2J": {"type": ["integer", "null"], "default": None, "title": "two\nlines"},
        "c": {"enum": [1, "x", {"y": 2}], "description": 5},
    }

    assert _options({"properties": properties}) == [
        ("a", "", "", ""),
        ("b\\x1b[2J", "['integer', 'null']", "null", "two lines"),
        ("c", '1 | x | {"y":2}', "", "5"),
    ]


@pytest.mark.parametrize(
    ("number", "said"), [(0.2, "less than 1 s"), (12.4, "about 12 s"), (300, "about 5 min")]
)
def test_durations_are_rounded(number, said):
    assert seconds(number) == said


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 KB"), (5 * 10**9, "5.0 GB")]
)
def test_sizes_have_their_unit(count, said):
    assert size(count) == said


def test_text_that_controls_a_terminal_is_made_visible():
    assert printable("a\x1b[2J\r\x9b\u202eb\tc\n好") == "a\\x1b[2J\\r\\x9b\\u202eb\tc\n好"
