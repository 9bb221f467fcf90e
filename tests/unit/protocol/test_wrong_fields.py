import inspect
from typing import Annotated, get_args

import msgspec
import pytest

from spaces_protocol import admin_bodies, gateway_messages, rest_bodies, worker_messages
from spaces_protocol.admin_bodies import SpaceSettings
from spaces_protocol.rest_bodies import NewUpload, Submission, UploadedFile
from spaces_protocol.wrong_fields import describe_fault

BODIES = [
    body
    for module in (admin_bodies, gateway_messages, rest_bodies, worker_messages)
    for body in vars(module).values()
    if inspect.isclass(body) and issubclass(body, msgspec.Struct)
]
UPLOAD = {"space": "echo", "name": "a.png", "size": 1}


SPACE = {"space": "echo"}


def fault(body, kind):
    with pytest.raises(msgspec.ValidationError) as refusal:
        msgspec.convert(body, kind)
    return describe_fault(refusal.value, kind)


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (
            UPLOAD | {"name": "../a"},
            NewUpload,
            "name must be 1 to 255 characters, no / or \\, no control characters",
        ),
        (
            {"upload_id": "short"},
            UploadedFile,
            "upload_id must be 22 characters; for a multipart file followed by . and its size",
        ),
        (
            SPACE | {"accept": ["image/*", "*/png"]},
            SpaceSettings,
            "accept[1] must be a media type such as image/png or audio/*",
        ),
        (UPLOAD | {"name": "图" * 300}, NewUpload, "name must have at most 255 characters"),
        (SPACE | {"accept": []}, SpaceSettings, "accept must have at least 1 entry"),
        (UPLOAD | {"size": -1}, NewUpload, "size must be a whole number of at least 0"),
        (
            SPACE | {"max_workers": 99},
            SpaceSettings,
            "max_workers must be a whole number of at most 20",
        ),
        (
            SPACE | {"max_file_bytes": 10**12},
            SpaceSettings,
            "max_file_bytes must be a whole number of at most 5,368,709,119",
        ),
        (
            SPACE | {"timeout_seconds": 0.5},
            SpaceSettings,
            "timeout_seconds must be a number of at least 1",
        ),
        (
            SPACE | {"max_workers": "3"},
            SpaceSettings,
            "max_workers must be a whole number, not text",
        ),
        (
            SPACE | {"user_limits": {"max_waiting": "3"}},
            SpaceSettings,
            "user_limits.max_waiting must be a whole number or null, not text",
        ),
        (
            SPACE | {"disabled": 1},
            SpaceSettings,
            "disabled must be true or false, not a whole number",
        ),
        (SPACE | {"accept": {}}, SpaceSettings, "accept must be a list or null, not an object"),
        (
            SPACE | {"visibility": "secret"},
            SpaceSettings,
            "visibility must be one of members, private, public, not 'secret'",
        ),
        (
            SPACE | {"features": ["image", "smell"]},
            SpaceSettings,
            "features[1] must be one of audio, call, file, image, prompt, video, not 'smell'",
        ),
        (SPACE | {"tilte": "x"}, SpaceSettings, "Unknown field tilte"),
        (
            SPACE | {"user_limits": {"a`b": 1}},
            SpaceSettings,
            "user_limits has no field a`b",
        ),
        ({"title": "x"}, SpaceSettings, "space is missing"),
        ({"input": {"files": [{}]}}, Submission, "input.files[0].upload_id is missing"),
        ([], SpaceSettings, "The body must be an object, not a list"),
        (
            SPACE | {"created_at": "today"},
            SpaceSettings,
            "created_at must be a time such as 2026-11-22T10:00:00Z",
        ),
        (SPACE | {"tilte" * 40: "x"}, SpaceSettings, f"Unknown field {'tilte' * 12}…"),
    ],
)
def test_what_is_wrong_names_the_field_and_what_it_takes(body, kind, words):
    assert fault(body, kind) == words


def test_where_the_type_is_not_known_what_was_sent_is_named():
    assert describe_fault(msgspec.ValidationError("Invalid enum value 5 - at `$.a[...].b`")) == (
        "a[...].b cannot be 5"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Something new - at `$.field`",
        "Expected `decimal`, got `str` - at `$.price`",
        "Expected `str` matching regex '^unknown$' - at `$.field`",
        "Expected `str` - at `key` in `$.input.params`",
        "",
    ],
)
def test_what_is_not_known_here_is_told_as_it_is(text):
    assert describe_fault(msgspec.ValidationError(text), SpaceSettings) == text


def patterns_in(kind):
    for meta in getattr(kind, "__metadata__", ()):
        if isinstance(meta, msgspec.Meta) and meta.pattern:
            yield meta.pattern
    for part in get_args(kind):
        yield from patterns_in(part)


def test_no_pattern_of_the_contract_is_ever_shown_to_a_person():
    seen = {
        pattern
        for body in BODIES
        for field in msgspec.structs.fields(body)
        for pattern in patterns_in(field.type)
    }

    assert len(seen) >= 5
    for pattern in seen:
        kind = msgspec.defstruct(
            "Probe", [("field", Annotated[str, msgspec.Meta(pattern=pattern)])]
        )
        assert "regex" not in fault({"field": "\n"}, kind)
