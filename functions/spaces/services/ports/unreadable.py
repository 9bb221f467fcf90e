"""Says that a list left out what could not be read."""

from spaces.services.ports.gateway import Gateway


def log_unreadable(gateway: Gateway, listed: str, count: int) -> None:
    """Log how many entries of a list could not be read, if there are any."""
    if count:
        gateway.log_event("entries_unreadable", list=listed, count=count)
