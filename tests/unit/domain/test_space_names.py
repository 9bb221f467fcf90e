import pytest

from spaces.domain.space_names import natural_order, one_line


def test_numbers_in_names_count_as_numbers() -> None:
    names = ["page-10", "page-2", "page", "10-a", "9-a", "page-2-b", "a1b10", "a1b9"]

    assert sorted(names, key=natural_order) == [
        *("9-a", "10-a", "a1b9", "a1b10", "page", "page-2", "page-2-b", "page-10")
    ]


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Lab", "Lab"),
        ("  Two\nlines\t here ", "Two lines here"),
        ("bell\x07 and \x1b[31m red", "bell and [31m red"),
        ("family \U0001f468\u200d\U0001f469", "family \U0001f468\u200d\U0001f469"),
        ("", ""),
        (" \n\u3000", ""),
        ("\u200b\u2060\u200d", ""),
    ],
)
def test_a_title_is_one_line_that_can_be_seen(title: str, line: str) -> None:
    assert one_line(title) == line
