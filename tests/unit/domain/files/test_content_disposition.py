from urllib.parse import unquote

import pytest

from spaces.domain.files.content_disposition import content_disposition


def full_name(header: str) -> str:
    return unquote(header.partition("UTF-8''")[2])


@pytest.mark.parametrize(
    ("name", "plain", "full"),
    [
        ("cat.png", "cat.png", "cat.png"),
        ("猫 1.png", "_ 1.png", "猫 1.png"),
        ('a"; filename="b.exe', "a__ filename__b.exe", 'a"; filename="b.exe'),
        ("a\r\nX-Evil: 1", "aX-Evil_ 1", "aX-Evil: 1"),
        ("invoice\u202efdp.exe", "invoicefdp.exe", "invoicefdp.exe"),
        ("\u200b", "file", "file"),
        ("..", "..", ".."),
    ],
)
def test_a_name_is_told_twice_and_changes_nothing_else(name, plain, full):
    header = content_disposition("attachment", name)

    assert header.startswith(f"attachment; filename=\"{plain}\"; filename*=UTF-8''")
    assert full_name(header) == full
    assert header.isascii()
    assert header.isprintable()


@pytest.mark.parametrize("name", ["测" * 251 + ".wav", "😀" * 255, "x." + "e" * 250])
def test_a_long_name_is_cut_before_its_extension(name):
    header = content_disposition("inline", name)

    assert len(full_name(header)) == 120
    assert full_name(header)[:100] == name[:100]
    assert full_name(header).endswith(".wav") == name.endswith(".wav")
