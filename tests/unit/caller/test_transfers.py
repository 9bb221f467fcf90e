"""Files to and from the storage: what is sent again after which failure."""

import io
from datetime import UTC, datetime

import pytest

from spaces_client import RateLimited, TransferFailed, Upload, UsageError
from spaces_client._core.downloads import download
from spaces_client._core.effects import Answer, Lost
from spaces_client._core.file_content import Form, Section, source_of
from spaces_client._core.uploads import upload
from spaces_client._types import FileView
from tests.unit.caller.flows import Scene, answer, refusal

ADDRESS = {"upload_id": "u1", "url": "https://files.example.org", "fields": {"key": "k"}}
SOURCE = source_of(Upload(b"0123456789", "a.wav"))


def missing(arrived, *numbers):
    parts = [
        {"number": n, "offset": n * 5 - 5, "size": 5, "url": f"https://files/{n}"} for n in numbers
    ]
    return {"multipart_id": "m", "arrived_bytes": arrived, "parts": parts}


def file_of(size):
    url = "https://files.example.org/a"
    when = datetime(2026, 11, 22, tzinfo=UTC)
    return FileView(
        name="a", content_type="", size=size, url=url, download_url=url, expires_at=when
    )


def test_a_small_file_is_posted_as_a_form():
    scene = Scene([answer(201, **ADDRESS), Answer(status=204)])

    assert scene.run(upload, "echo", SOURCE) == "u1"
    assert scene.calls[1].content == Form({"key": "k"}, SOURCE)
    assert "authorization" not in scene.calls[1].headers


@pytest.mark.parametrize("reply", [Lost("cut"), Answer(status=503), Answer(status=500)])
def test_a_form_that_did_not_arrive_is_posted_again(reply):
    scene = Scene([answer(201, **ADDRESS), reply, Answer(status=204)])

    assert scene.run(upload, "echo", SOURCE) == "u1"


def test_the_storage_s_refusal_is_named():
    body = b"<Error><Code>X</Code><Message>Policy expired.</Message></Error>"
    scene = Scene([answer(201, **ADDRESS), Answer(status=403, content=body)])

    with pytest.raises(TransferFailed, match=r"a\.wav was refused .* 403 Policy expired\.$"):
        scene.run(upload, "echo", SOURCE)


def test_a_lost_part_is_the_only_one_that_is_sent_again():
    replies = [
        answer(201, **ADDRESS, multipart=missing(0, 1, 2)),
        Lost("cut"),
        Answer(status=200),
        answer(200, **missing(5, 1)),
        Answer(status=200),
        answer(200, **missing(10)),
        Answer(status=204),
    ]
    scene = Scene(replies)

    scene.run(upload, "echo", SOURCE)

    sent = [call.content for call in scene.calls if isinstance(call.content, Section)]
    assert [section.offset for section in sent] == [0, 5, 0]
    assert scene.calls[-1].url.endswith("/u1/complete")


@pytest.mark.parametrize(("opened", "at_once"), [(False, 4), (True, 1)])
def test_parts_go_several_at_a_time_if_the_file_can_be_opened_again(tmp_path, opened, at_once):
    path = tmp_path / "a.wav"
    path.write_bytes(b"0123456789")
    replies = [answer(201, **ADDRESS, multipart=missing(0, 1, 2)), Answer(status=200)]
    scene = Scene([*replies, Answer(status=200), answer(200, **missing(10)), Answer(status=204)])

    with path.open("rb") as file:
        scene.run(upload, "echo", source_of(file if opened else path))

    assert scene.at_once == [at_once]


def test_who_wants_to_know_is_told_what_was_read(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(b"0123456789")
    read = []
    source = source_of(Upload(path, progress=read.append))

    assert b"".join(source.pieces(2, 5)) == b"23456"
    assert sum(read) == 5


def test_parts_that_never_arrive_are_an_error_in_the_end():
    rounds = [Lost("cut"), answer(200, **missing(0, 1))] * 20
    scene = Scene([answer(201, **ADDRESS, multipart=missing(0, 1)), *rounds])

    with pytest.raises(TransferFailed, match="cut"):
        scene.run(upload, "echo", SOURCE)


def test_a_limit_of_bytes_is_an_error_at_once():
    scene = Scene([refusal(429, "rate_limited", 30)])

    with pytest.raises(RateLimited):
        scene.run(upload, "echo", SOURCE)


def test_a_download_goes_on_where_it_was_cut():
    scene = Scene(
        [Answer(status=200), Answer(status=206)], [[b"01234", Lost("cut")], [b"56789", b""]]
    )

    assert b"".join(scene.run(download, file_of(10))) == b"0123456789"
    assert scene.calls[1].headers["range"] == "bytes=5-"


def test_an_expired_address_says_what_to_do():
    scene = Scene([Answer(status=403)])

    with pytest.raises(TransferFailed, match="fetch the result again"):
        scene.run(download, file_of(10))


def test_a_rest_that_is_not_one_is_refused():
    scene = Scene([Answer(status=200), Answer(status=200)], [[b"01234", b""], [b"0123456789"]])

    with pytest.raises(TransferFailed):
        scene.run(download, file_of(10))


def test_a_file_that_is_longer_than_it_said_is_refused():
    scene = Scene([Answer(status=200)], [[b"0123456789+"]])

    with pytest.raises(TransferFailed, match="11 bytes instead of 10"):
        scene.run(download, file_of(10))


def test_an_empty_file_is_downloaded():
    scene = Scene([Answer(status=200)], [[b""]])

    assert not scene.run(download, file_of(0))


def test_a_download_that_brings_nothing_ends():
    scene = Scene([Lost("cut")])

    with pytest.raises(TransferFailed, match="try again later"):
        scene.run(download, file_of(10))


def test_files_are_named_and_typed_by_what_they_are(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"12345")
    with path.open("rb") as opened:
        sources = [source_of(each) for each in (path, str(path), opened, Upload(b"12345", "a.png"))]

        assert {(each.name, each.content_type, each.size) for each in sources} == {
            ("a.png", "image/png", 5)
        }
        assert {b"".join(each.pieces(1, 3)) for each in sources} == {b"234"}


def test_what_cannot_be_read_is_refused_before_anything_is_sent(tmp_path):
    for wrong in (tmp_path / "none", tmp_path, "a\x00b"):
        with pytest.raises(UsageError):
            source_of(wrong)


def test_a_stream_that_cannot_seek_is_refused():
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

    with pytest.raises(UsageError, match="seek"):
        source_of(Pipe(b"x"))
