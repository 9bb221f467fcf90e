"""Files up and down, against the gateway's handlers and moto's S3."""

import os
import threading
from urllib.parse import parse_qs, urlsplit

import pytest

from spaces_client import InvalidInput, TransferFailed, Upload
from tests.functional.caller.support.gateway_server import LOST, UNHEARD
from tests.functional.openai.support.scripts import says

MIB = 2**20


@pytest.fixture
def content_of(aws):
    def read(file):
        key = file.url.partition("amazonaws.com/")[2].partition("?")[0]
        return aws[1].get_object(Bucket="files", Key=key)["Body"].read()

    return read


def test_files_of_all_kinds_reach_the_worker(live, spaces, play, content_of, tmp_path):
    live.create_space("many", features=("file",), max_files=4)
    worker = play(says("ok"), space="many")
    path = tmp_path / "测试 a.wav"
    path.write_bytes(b"RIFF1")

    with path.open("rb") as opened:
        spaces.run("many", files=[path, opened, Upload(b"RIFF2", "b.bin", "audio/wav"), b"x"])

    files = worker.taken[0].input.files
    assert [(each.name, each.content_type) for each in files] == [
        ("测试 a.wav", "audio/x-wav"),
        ("测试 a.wav", "audio/x-wav"),
        ("b.bin", "audio/wav"),
        ("file", "application/octet-stream"),
    ]
    assert [content_of(each) for each in files] == [b"RIFF1", b"RIFF1", b"RIFF2", b"x"]


def test_a_form_whose_answer_is_lost_is_sent_again(server, spaces, play, content_of):
    worker = play(says("ok"))
    server.file_faults = [UNHEARD, LOST, 503]

    spaces.run("echo", files=[Upload(b"hello", "a.txt")], timeout=60)

    assert content_of(worker.taken[0].input.files[0]) == b"hello"


def test_forty_megabytes_over_a_line_that_is_cut(server, spaces, play, content_of, tmp_path):
    worker = play(says("ok"))
    path = tmp_path / "large.bin"
    path.write_bytes(content := os.urandom(40 * MIB))
    server.file_faults = [None, UNHEARD, None, LOST, None]

    spaces.run("echo", files=[path], timeout=120)

    sent = [path for path in server.paths("PUT") if path.startswith("/s3/")]
    assert content_of(worker.taken[0].input.files[0]) == content
    numbers = [parse_qs(urlsplit(each).query)["partNumber"][0] for each in sent]
    assert (len(numbers), set(numbers)) == (6, set("12345"))  # one was not heard


def test_parts_are_on_their_way_at_the_same_time(server, spaces, play, content_of, tmp_path):
    """Each of the first four waits for the other three, and would be late alone."""
    worker = play(says("ok"))
    path = tmp_path / "large.bin"
    path.write_bytes(content := os.urandom(40 * MIB))
    server.meeting = threading.Barrier(4)

    spaces.run("echo", files=[path], timeout=120)

    assert server.met == 4
    assert content_of(worker.taken[0].input.files[0]) == content


def test_a_file_that_vanishes_while_it_is_sent_is_an_error(spaces, tmp_path):
    path = tmp_path / "large.bin"
    path.write_bytes(bytes(40 * MIB))
    vanishing = Upload(path, progress=lambda _: path.unlink(missing_ok=True))

    with pytest.raises(TransferFailed, match="cannot be read"):
        spaces.submit("echo", files=[vanishing])


def test_a_file_that_the_space_refuses_is_not_sent(server, live, spaces, tmp_path):
    live.create_space("sound", features=("audio",))

    with pytest.raises(InvalidInput, match=r"^a\.zip: .*file_type_refused"):
        spaces.submit("sound", files=[Upload(b"x", "a.zip", "application/zip")])

    assert [path for _, path in server.calls if path.startswith("/s3/")] == []


@pytest.fixture
def answered(aws, spaces, play):
    """A result with a file, and what is in it."""
    content = os.urandom(3 * MIB)

    def script(request):
        key = f"{request.upload.key_prefix}0"
        aws[1].put_object(Bucket="files", Key=key, Body=content)
        said = {"name": "out.srt", "content_type": "text/plain", "size": 1, "key": key}
        yield {"output": {"files": [said]}}

    play(script)
    (file,) = spaces.run("echo", "hi", timeout=30).files
    return file, content


def test_a_file_of_a_result_is_saved_under_its_name(answered, tmp_path):
    file, content = answered

    saved = file.save(tmp_path)

    assert (saved.name, saved.read_bytes(), file.size) == ("out.srt", content, len(content))
    assert saved.stat().st_mode & 0o777 == 0o666 & ~_umask()
    assert file.read() == content


def _umask():
    os.umask(mask := os.umask(0))
    return mask


def test_a_download_is_continued_and_never_half_saved(answered, server, tmp_path):
    file, content = answered
    server.file_faults = [UNHEARD, 503]

    assert file.save(tmp_path / "a").read_bytes() == content

    server.file_faults = [403]
    with pytest.raises(TransferFailed, match="fetch the result again"):
        file.save(tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == content
    assert [each.name for each in tmp_path.iterdir()] == ["a"]
