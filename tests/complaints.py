"""What a browser complains about: script errors, breaches of the security policy."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # quick tests do without it
    from playwright.sync_api import BrowserContext

EXPECTED_NOISE: Final = ("Failed to load resource",)
"""How Chromium's line for every 4xx, 5xx and lost call begins."""


def note_complaints(context: "BrowserContext", complaints: list[str]) -> None:
    """Add what the browser complains about in a context from now on."""
    context.on("weberror", lambda event: complaints.append(str(event.error)))
    context.on("console", lambda message: _note(complaints, message.type, message.text))


def _note(complaints: list[str], kind: str, text: str) -> None:
    if kind in {"error", "warning"} and not text.startswith(EXPECTED_NOISE):
        complaints.append(text)
