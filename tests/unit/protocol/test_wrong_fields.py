import inspect
from typing import Annotated, get_args

import msgspec
import pytest

from spaces_protocol import admin_bodies, gateway_messages, rest_bodies, worker_messages
from spaces_protocol.admin_bodies import SpaceSettings
from spaces_protocol.rest_bodies import NewUpload, UploadedFile
from spaces_protocol.wrong_fields import describe_fault

BODIES = [
    body
    for module in (admin_bodies, gateway_messages, rest_bodies, worker_messages)
    for body in vars(module).values()
    if inspect.isclass(body) and issubclass(body, msgspec.Struct)
]
UPLOAD = {"space": "echo", "name": "a.png", "size": 1}


def fault(body, kind):
    with pytest.raises(msgspec.ValidationError) as refusal:
        msgspec.convert(body, kind)
    return describe_fault(refusal.value)


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (
            UPLOAD | {"name": "../a"},
            NewUpload,
            "Expected 1 to 255 characters, no / or \\, no control characters - at `$.name`",
        ),
        (
            {"upload_id": "short"},
            UploadedFile,
            "Expected 22 characters, of a file in parts also . and its size - at `$.upload_id`",
        ),
        (
            {"space": "echo", "accept": ["image/*", "*/png"]},
            SpaceSettings,
            "Expected a media type such as image/png or audio/* - at `$.accept[1]`",
        ),
        (
            UPLOAD | {"name": "图" * 300},
            NewUpload,
            "Expected at most 255 characters - at `$.name`",
        ),
        (
            {"space": "echo", "accept": []},
            SpaceSettings,
            "Expected at least 1 entry - at `$.accept`",
        ),
        (UPLOAD | {"size": -1}, NewUpload, "Expected `int` >= 0 - at `$.size`"),
    ],
)
def test_what_is_wrong_names_the_field_and_what_it_takes(body, kind, words):
    assert fault(body, kind) == words


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
