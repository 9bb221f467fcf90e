"""Shapes texts for the help, which reads each line break as one."""


def paragraphs(text: str) -> str:
    """Join the lines of each paragraph: the terminal's width decides where they break."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))
