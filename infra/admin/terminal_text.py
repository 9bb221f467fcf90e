"""Make untrusted text safe to print: no markup, no control sequences."""

from rich.markup import escape

_UNSEEN = "\N{REPLACEMENT CHARACTER}"


def shown(value: object) -> str:
    """Return a value as text that a console prints literally.

    Titles, labels and names come from other people. With escape characters they could move the
    cursor, rename the window or forge lines; with brackets they would be markup.
    """
    text = "" if value is None else str(value)
    return escape("".join(char if char.isprintable() else _UNSEEN for char in text))
