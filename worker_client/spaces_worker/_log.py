"""What a log line about a request carries besides its words."""


def about(request_id: str, **more: object) -> dict[str, object]:
    """Return the ``extra`` of such a line: machines find all lines of a request by it."""
    return {"request_id": request_id, **more}
