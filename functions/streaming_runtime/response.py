"""What a handler returns: status, headers and the pieces of the body."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Response:
    """An HTTP response whose body is sent while it is produced.

    Attributes:
        status: The status code.
        headers: Headers by name.
        body: The pieces of the body, each sent at once. The first is awaited before anything is
            sent, so an error until then can still change the response.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Iterable[bytes] = ()
