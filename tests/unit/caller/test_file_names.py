"""A worker names a file, and must not choose where it is saved."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spaces_client._core.file_names import path_for, safe_name


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("out.srt", "out.srt"),
        ("测试 1.png", "测试 1.png"),
        ("..", "file"),
        ("../../etc/passwd", "_.._etc_passwd"),
        (".bashrc", "bashrc"),
        ("a\\b:c.txt", "a_b_c.txt"),
        ("CON.txt", "file-CON.txt"),
        ("con .txt", "file-con .txt"),
        ("NUL . .txt", "file-NUL . .txt"),
        ("COM¹", "file-COM¹"),
        ("lpt³.log", "file-lpt³.log"),
        ("CONIN$", "file-CONIN$"),
        ("conout$.txt", "file-conout$.txt"),
        ("console.txt", "console.txt"),
        ("COM10", "COM10"),
        ("x\x1b[2J.txt", "x_[2J.txt"),
        ("x\x9b2J.txt", "x_2J.txt"),
        ("x\u202egpj.exe", "x_gpj.exe"),
        ("x\u2067gpj.exe", "x_gpj.exe"),
        ("", "file"),
    ],
)
def test_names_are_made_safe(name, saved):
    assert safe_name(name) == saved


def test_a_long_name_keeps_its_ending():
    name = safe_name("测" * 255 + ".wav")

    assert name.endswith("测.wav")
    assert len(name.encode()) <= 200


@given(st.text(max_size=300))
def test_no_name_leaves_its_folder(name):
    saved = path_for(name, Path("/folder"), is_folder=True)

    assert saved.parent == Path("/folder")
    assert not saved.name.startswith(".")
    assert len(saved.name.encode("utf-8", "replace")) <= 255
