"""What callers send and workers answer."""

CHAT = {"model": "echo", "messages": [{"role": "user", "content": "hi"}]}


def says(*pieces, **result):
    """Return a script that streams pieces and ends with their text."""

    def script(_):
        yield from pieces
        text = "".join(piece for piece in pieces if isinstance(piece, str))
        yield {"output": {"text": text}, **result}

    return script


def answers(**result):
    """Return a script that ends at once."""
    return lambda _: iter([result])
