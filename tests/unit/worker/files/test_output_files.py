"""What a function returns as files: names, types, sizes."""

import io
import os
import socket
import tempfile
from pathlib import Path

import pytest
from PIL import Image

from spaces_worker import File, Result, TransferError, UserError
from spaces_worker._files.file_names import local_name, natural_order, wire_name
from spaces_worker._files.output_files import prepare_files
from spaces_worker._functions.result import as_result


def outgoing(*files):
    return [(file.name, file.content_type, file.size) for file in prepare_files(files)]


def content(file):
    with file.open() as opened:
        return opened.read()


def test_a_path_has_its_own_name_and_the_type_of_its_ending(tmp_path):
    path = tmp_path / "a b.wav"
    path.write_bytes(b"123")

    (file,) = prepare_files([path])

    assert (file.name, file.content_type, file.size) == ("a b.wav", "audio/x-wav", 3)
    assert content(file) == content(file) == b"123"


@pytest.mark.parametrize(
    ("begin", "name", "content_type"),
    [
        (b"\x89PNG\r\n\x1a\n", "file-1.png", "image/png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "file-1.webp", "image/webp"),
        (b"RIFF\n\n\n\nWAVEfmt ", "file-1.wav", "audio/wav"),
        (b"\0\0\0\x20ftypisom", "file-1.mp4", "video/mp4"),
        (b"%PDF-1.7", "file-1.pdf", "application/pdf"),
        (b"whatever", "file-1.bin", "application/octet-stream"),
        (b"", "file-1.bin", "application/octet-stream"),
    ],
)
def test_bytes_are_known_by_how_they_begin(begin, name, content_type):
    assert outgoing(begin) == [(name, content_type, len(begin))]


@pytest.mark.parametrize(
    "form",
    [
        lambda path: Result(files=str(path)),
        lambda path: Result(files=[str(path)]),
        lambda path: Result(files=path),
        lambda path: Result(files=File(str(path))),
        lambda path: Result(files=(each for each in [path])),
        lambda path: path.open("rb"),
        lambda path: [path.open("r+b")],
        lambda path: Result(files=[path.open()]),
        lambda path: path.open(),
        lambda path: Result(files=File(path.open("rb"))),
    ],
)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_file_may_be_given_in_many_forms(tmp_path, form):
    path = tmp_path / "a.txt"
    path.write_text("Hi")

    (file,) = prepare_files(as_result(form(path)).files)

    assert (file.name, file.content_type, content(file)) == ("a.txt", "text/plain", b"Hi")


def test_an_open_file_is_read_from_its_begin_while_it_is_open():
    with io.BytesIO() as opened:
        opened.write(b"\x89PNG\r\n\x1a\n")
        result = Result(files=[opened, File(opened, name="b.png")])

    assert outgoing(*result.files) == [("file-1.png", "image/png", 8), ("b.png", "image/png", 8)]


def test_a_temporary_file_is_read_before_it_goes():
    with tempfile.NamedTemporaryFile(suffix=".txt") as opened:
        opened.write(b"Hi")
        result = as_result(opened)

    ((name, *rest),) = outgoing(*result.files)
    assert name.endswith(".txt")
    assert rest == ["text/plain", 2]


def test_a_file_that_is_open_for_writing_only_is_refused_with_its_name(tmp_path):
    with (
        (tmp_path / "a").open("wb") as opened,
        pytest.raises(ValueError, match=r"Result\.files\[0\]"),
    ):
        Result(files=[opened])


def test_what_is_said_of_a_file_wins(tmp_path):
    path = tmp_path / "x.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")

    files = [
        File(path, name="y.txt"),
        File(path, content_type="image/x-own"),
        File(b"{}", content_type="application/json"),
        File(bytearray(b"1,2"), name="table.csv"),
        File(memoryview(b"zip"), name="a.tar.gz"),
    ]

    assert [each[:2] for each in outgoing(*files)] == [
        ("y.txt", "text/plain"),
        ("x.png", "image/x-own"),
        ("file-3.json", "application/json"),
        ("table.csv", "text/csv"),
        ("a.tar.gz", "application/octet-stream"),
    ]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "1", "P", "CMYK", "HSV", "F"])
def test_an_image_is_sent_as_png_whatever_its_pixels(mode):
    (file,) = prepare_files([Image.new("RGB", (3, 2)).convert(mode)])

    assert (file.name, file.content_type) == ("file-1.png", "image/png")
    assert Image.open(io.BytesIO(content(file))).size == (3, 2)


def bound_socket(path):
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))


IRREGULAR = {
    "missing": (lambda path: None, "No such file"),
    "folder": (lambda path: path.mkdir(), "it is a folder; return a regular file"),
    "fifo": (os.mkfifo, "it is a FIFO; return a regular file"),
    "socket": (bound_socket, "it is a socket; return a regular file"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "it is a device; return a regular file"),
    "link to nothing": (lambda path: path.symlink_to("nowhere"), "No such file"),
}


@pytest.mark.timeout(10)
@pytest.mark.parametrize(("create", "part"), IRREGULAR.values(), ids=IRREGULAR)
def test_a_path_that_is_no_file_is_an_error(tmp_path, create, part):
    path = tmp_path / "x"
    create(path)

    with pytest.raises(TransferError, match="cannot be read") as raised:
        prepare_files([path])

    assert part in str(raised.value)


def test_an_open_device_is_refused():
    with Path("/dev/zero").open("rb") as opened, pytest.raises(ValueError, match="it is a device"):
        Result(files=[opened])


def test_too_many_files_are_told_to_the_user():
    with pytest.raises(UserError, match="11 files; at most 10"):
        prepare_files([b""] * 11)


@pytest.mark.parametrize(
    ("name", "fit"),
    [
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("a\\b\nc", "a_b_c"),
        ("", "file"),
        ("a\ud800", "a?"),
        ("x" * 300 + ".png", "x" * 251 + ".png"),
    ],
)
def test_names_are_made_fit_for_the_wire(name, fit):
    assert wire_name(name) == fit


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("photo.JPG", "input-2.JPG"),
        ("../../etc/passwd", "input-2"),
        ("a.tar.gz", "input-2.gz"),
        ("con.x/../..", "input-2"),
        ("x." + "y" * 50, "input-2"),
        (".bashrc", "input-2"),
        ("live.M3U8", "input-2"),
        ("stream.mpd", "input-2"),
        ("a.ffconcat", "input-2"),
    ],
)
def test_only_the_ending_of_a_users_name_reaches_the_disk(name, local):
    assert local_name(2, name) == local


PNG = Image.new("RGB", (1, 1))


@pytest.mark.parametrize(
    ("returned", "meant"),
    [
        ("Hi", Result(text="Hi")),
        ({"a": 1}, Result(data={"a": 1})),
        ([1, 2], Result(data=[1, 2])),
        ((), Result(data=())),
        (b"x", Result(files=[b"x"])),
        (Path("x"), Result(files=[Path("x")])),
        (PNG, Result(files=[PNG])),
        ([b"x", Path("y")], Result(files=[b"x", Path("y")])),
        ((File(b"x"),), Result(files=[File(b"x")])),
        ([b"x", "y"], Result(data=[b"x", "y"])),
        (None, None),
        (7, None),
    ],
)
def test_what_a_returned_value_means(returned, meant):
    assert as_result(returned) == meant


def test_what_was_streamed_is_the_text_unless_there_is_another():
    assert as_result(b"x", "Hello") == Result(text="Hello", files=[b"x"])
    assert as_result("Bye", "Hello") == Result(text="Bye")
    assert as_result(None, "Hello") == Result(text="Hello")


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("audio/x-wav", "audio/x-wav"),
        ("text/plain; charset=utf-8", "text/plain; charset=utf-8"),
        ("audio/wav\r\nX-Evil: 1", "audio/mpeg"),
        ("audio/\x00wav", "audio/mpeg"),
        ("wav", "audio/mpeg"),
        ("", "audio/mpeg"),
    ],
)
def test_a_type_that_is_none_is_guessed(given, sent, tmp_path):
    path = tmp_path / "song.mp3"
    path.write_bytes(b"ID3")

    prepared = prepare_files([File(path, content_type=given), File(b"ID3", content_type=given)])

    assert [file.content_type for file in prepared] == [sent, sent]


def test_paths_are_ordered_by_the_numbers_in_their_names():
    names = [
        "page-10.png",
        "page-2.png",
        "b/1.png",
        "page-1-\u0663.png",
        "Page-1.png",
        f"{'9' * 40}.png",
    ]

    ordered = sorted((Path(name) for name in names), key=natural_order)

    assert [path.as_posix() for path in ordered] == [
        *(
            f"{'9' * 40}.png",
            "b/1.png",
            "page-1-\u0663.png",
            "Page-1.png",
            "page-2.png",
            "page-10.png",
        )
    ]
