"""Where a file of a result is saved: a worker chose its name, and must not choose its folder."""

import re
from pathlib import Path
from typing import Final

_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069<>:"/\\|?*]')
"""Controls, among them those of the direction of writing, which hide how a name ends, and
what file systems refuse."""
_DEVICES: Final = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?")
"""Names that Windows keeps for devices, also with blanks or an ending behind them."""
_MAX_BYTES: Final = 200
"""Common file systems allow 255 bytes."""


def safe_name(name: str) -> str:
    """Return a name that is safe in any folder: not hidden, not a path and not a device."""
    clean = _UNSAFE.sub("_", name).strip().lstrip(".").rstrip(". ")
    if not clean or _DEVICES.fullmatch(clean):
        clean = f"file-{clean}".rstrip("-")
    stem, dot, ending = clean.rpartition(".")
    most = _MAX_BYTES - len(f"{dot}{ending}".encode())
    if dot and most > 0:
        return f"{_cut(stem, most)}{dot}{ending}"
    return _cut(clean, _MAX_BYTES)


def path_for(name: str, wanted: Path, *, is_folder: bool) -> Path:
    """Return where a file is saved: at the path, or under its own name in a folder."""
    return wanted / safe_name(name) if is_folder else wanted


def _cut(text: str, most: int) -> str:
    return text.encode("utf-8", "replace")[:most].decode("utf-8", "ignore")
