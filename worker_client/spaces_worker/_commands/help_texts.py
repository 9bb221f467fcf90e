"""Shapes texts for the help, which reads each line break as one."""


def paragraphs(text: str) -> str:
    """Join the lines of each paragraph: the terminal's width decides where they break.

    An indented paragraph is a list, whose lines stay.
    """
    parts = text.split("\n\n")
    return "\n\n".join(part if part.startswith("  ") else " ".join(part.split()) for part in parts)
