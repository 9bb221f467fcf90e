from itertools import chain

import pytest

from spaces.domain.files.media_types import (
    MISNOMERS,
    OTHER_NAMES,
    UNKNOWN_TYPE,
    essence,
    is_accepted,
    is_inline,
    usual_name,
)


@pytest.mark.parametrize(
    ("pattern", "content_type"),
    [
        ("text/csv", "application/vnd.ms-excel"),
        ("application/zip", "application/x-zip-compressed"),
        ("application/x-zip-compressed", "application/zip"),
        ("audio/wav", "audio/x-wav"),
        ("audio/x-wav", "audio/wave"),
        ("audio/mpeg", "audio/mp3"),
        ("audio/mp4", "audio/x-m4a"),
        ("audio/*", "application/ogg"),
        ("audio/*", "video/ogg"),
        ("*/*", "x/y"),
    ],
)
def test_a_type_is_accepted_under_all_its_names(pattern: str, content_type: str) -> None:
    assert is_accepted(content_type, [pattern])


@pytest.mark.parametrize(
    ("pattern", "content_type"),
    [
        ("application/vnd.ms-excel", "text/csv"),
        ("audio/*", "video/mp4"),
        ("image/*", "audio/wav"),
        ("image/png", "image/jpeg"),
    ],
)
def test_another_type_is_refused(pattern: str, content_type: str) -> None:
    assert not is_accepted(content_type, [pattern])


def test_each_name_belongs_to_one_type() -> None:
    names = [*OTHER_NAMES, *chain.from_iterable(OTHER_NAMES.values())]

    assert len(names) == len(set(names))
    assert [name for name in names if essence(name) != name] == []
    assert [name for pair in MISNOMERS.items() for name in pair if usual_name(name) != name] == []


@pytest.mark.parametrize("content_type", ["audio/mp3", "audio/x-m4a", "image/jpg", "audio/x-wav"])
def test_other_names_of_harmless_types_are_shown_in_the_page(content_type: str) -> None:
    assert is_inline(content_type)


@pytest.mark.parametrize("content_type", ["image/svg+xml", "text/html", "application/pdf", "x/y"])
def test_types_that_may_contain_scripts_are_not(content_type: str) -> None:
    assert not is_inline(content_type)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Audio/WAV; codecs=1", "audio/wav"),
        ("image/svg+xml", "image/svg+xml"),
        ("", UNKNOWN_TYPE),
        ("wav", UNKNOWN_TYPE),
        ("audio/wav\r\nX-Evil: 1", UNKNOWN_TYPE),
        ("audio/\x00wav", UNKNOWN_TYPE),
        ("audio/wav\x1b[31m; a=b", UNKNOWN_TYPE),
        ("text/html\x0c", UNKNOWN_TYPE),
    ],
)
def test_what_is_not_a_type_is_unknown(given: str, kept: str) -> None:
    assert essence(given) == kept
