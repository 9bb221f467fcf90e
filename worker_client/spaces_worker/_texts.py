"""Makes any text fit for the wire."""


def clean_text(text: object, limit: int | None = None) -> str:
    """Return ``text`` as valid Unicode of at most ``limit`` characters.

    Lone surrogates, which models and file names may produce, have no UTF-8 form: they become "?".
    """
    clean = str(text).encode("utf-8", "replace").decode("utf-8")
    if limit is None or len(clean) <= limit:
        return clean
    return clean[: limit - 1] + "…"
