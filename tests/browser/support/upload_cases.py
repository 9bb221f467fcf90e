"""Uploads that fail or nearly fail, with the outcome from the page and without it."""

from dataclasses import dataclass, field
from typing import Final

from playwright.sync_api import FilePayload

LIMIT: Final = 1024 * 1024
ACCEPTED: Final = ("image/png", "audio/*")
MOST_FILES: Final = 10
HTML: Final = b"<!doctype html><script>parent.owned = 1</script>"
CHINESE_NAME: Final = "图" * 300 + ".png"


@dataclass(frozen=True)
class UploadCase:
    """Files that somebody chooses, and what a program that skips the page announces and posts.

    Attributes:
        announced: how many bytes the form is asked for.
        posted_type: the type that the form is changed to; None leaves it.
    """

    files: tuple[FilePayload, ...]
    announced: int
    posted_type: str | None = None
    form_type: str | None = field(default=None)


def _file(name: str, size: int, kind: str = "image/png") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": b"x" * size}


CASES: Final = {
    "0 bytes": UploadCase((_file("empty.png", 0),), announced=1),
    "the limit (1 MB)": UploadCase((_file("limit.png", LIMIT),), announced=LIMIT),
    "the limit and a byte": UploadCase((_file("over.png", LIMIT + 1),), announced=LIMIT),
    "a type that the space does not take": UploadCase(
        (_file("notes.txt", 9, "text/plain"),),
        announced=9,
        form_type="image/png",
        posted_type="text/plain",
    ),
    "HTML that is named a picture": UploadCase(
        ({"name": "cat.png", "mimeType": "image/png", "buffer": HTML},), announced=len(HTML)
    ),
    "12 files where 10 are taken": UploadCase(
        tuple(_file(f"{number}.png", 9) for number in range(1, 13)), announced=9
    ),
    "a name with ../": UploadCase((_file("../../etc/passwd.png", 9),), announced=9),
    "a name of 300 Chinese characters": UploadCase((_file(CHINESE_NAME, 9),), announced=9),
}
