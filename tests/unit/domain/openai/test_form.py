"""Forms with files."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spaces.domain.files.attachment import Attachment
from spaces.domain.openai.errors import UnusableField
from spaces.domain.openai.form import MAX_FIELDS, read_form, typed_fields

TYPE = "multipart/form-data; boundary=xyz"


def part(name, content, rest="", head=b""):
    disposition = f'Content-Disposition: form-data; name="{name}"{rest}\r\n'.encode()
    return b"--xyz\r\n" + disposition + head + b"\r\n" + content + b"\r\n"


def test_form_has_texts_lists_and_files_byte_by_byte():
    sound = b"\x00\r\n\r\n--xy\r\n\xff\n"
    body = (
        part("model", b"whisper")
        + part("timestamp_granularities[]", b"word")
        + part("timestamp_granularities[]", b"segment")
        + part("file", sound, '; filename="a/b \xe4.wav"', b"Content-Type: audio/wav\r\n")
        + b"--xyz--\r\n"
    )

    form = read_form(body, TYPE)

    assert form.fields == {"model": "whisper", "timestamp_granularities": ["word", "segment"]}
    assert form.files == {"file": Attachment("ab \xe4.wav", "audio/wav", sound)}


@given(st.binary(max_size=200).filter(lambda content: b"\r\n--xyz" not in content))
def test_any_bytes_come_out_as_they_went_in(content):
    body = part("file", content, '; filename="f"') + b"--xyz--"

    assert read_form(body, 'multipart/form-data; boundary="xyz"').files["file"].content == content


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", TYPE),
        (b"{}", TYPE),
        (part("a", b"1"), TYPE),
        (b"--xyz\r\n\r\n1\r\n--xyz--", TYPE),
        (b"--xyz\r\nno end of headers\r\n--xyz--", TYPE),
        (part("a", b"\xff") + b"--xyz--", TYPE),
        (part("a", b"1") + b"--xyz--", "multipart/form-data"),
        (part("a", b"1") * (MAX_FIELDS + 1) + b"--xyz--", TYPE),
    ],
)
def test_what_is_no_form_is_refused(body, content_type):
    with pytest.raises(UnusableField):
        read_form(body, content_type)


@given(st.binary(max_size=300), st.text(max_size=60))
def test_hostile_forms_break_nothing(body, content_type):
    for given_type in (TYPE, f"multipart/form-data; boundary={content_type}"):
        with suppress(UnusableField):
            read_form(b"--xyz\r\n" + body + b"\r\n--xyz--", given_type)


def test_fields_get_the_types_that_the_space_declares():
    known = {"beam": {"type": "integer"}, "exact": {"type": "boolean"}, "name": {"type": "string"}}
    fields = {"beam": "4", "exact": "true", "name": "4", "unknown": "4", "words": ["1"]}

    assert typed_fields(fields, known) == fields | {"beam": 4, "exact": True}
    assert typed_fields({"beam": "many"}, known) == {"beam": "many"}


@pytest.mark.parametrize("names", [("x", "x[]"), ("x[]", "x")])
def test_field_that_is_a_list_and_a_text_is_refused(names):
    body = b"".join(part(name, b"1") for name in names) + b"--xyz--"

    with pytest.raises(UnusableField, match=r"x comes both as x and as x\[\]") as refused:
        read_form(body, TYPE)

    assert refused.value.param == "x"


def test_deep_field_is_refused_by_name():
    with pytest.raises(UnusableField, match="beam is nested more than 64 levels deep") as refused:
        typed_fields({"beam": "[" * 100_000}, {"beam": {"type": "integer"}})

    assert refused.value.param == "beam"
