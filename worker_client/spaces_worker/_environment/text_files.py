"""Text files as other programs write them: with a byte-order mark, or as lines of a shell."""

import codecs
import shlex
from pathlib import Path
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_EXPORT: Final = "export"


def read_text(path: Path) -> str:
    """Return the text of a file in UTF-8, or UTF-16 with a mark, as PowerShell writes it.

    Raises:
        OSError: the file cannot be read.
        UnicodeDecodeError: it has another encoding.
    """
    content = path.read_bytes()
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    return content.decode(encoding)


def shell_assignments(text: str) -> dict[str, str] | None:
    """Return the variables that lines such as ``export NAME="value"`` set.

    None means that the text contains something else.
    """
    assignments = {}
    for line in text.splitlines():
        try:
            words = shlex.split(line, comments=True)
        except ValueError:
            return None
        for word in words[1:] if words[:1] == [_EXPORT] else words:
            name, separator, value = word.partition("=")
            if not separator or not name.isidentifier():
                return None
            assignments[name] = value
    return assignments
