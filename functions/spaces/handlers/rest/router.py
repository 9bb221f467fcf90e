"""Which function responds to which method and path."""

from collections.abc import Callable
from functools import partialmethod
from typing import NamedTuple, TypeVar

from spaces.handlers.rest.call import Response

Handler = Callable[..., Response]
"""Takes the call, and what the path names."""
H = TypeVar("H", bound=Handler)


class Route(NamedTuple):
    """A method and path with its handler."""

    method: str
    path: str
    handler: Handler


class Router:
    """The routes of one subject: ``<name>`` in a path stands for one segment that is not empty."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def route(self, method: str, path: str) -> Callable[[H], H]:
        """Return a decorator that adds a function as the handler of a method and path."""

        def add(handler: H) -> H:
            self.routes.append(Route(method, path, handler))
            return handler

        return add

    get = partialmethod(route, "GET")
    post = partialmethod(route, "POST")
    put = partialmethod(route, "PUT")
    delete = partialmethod(route, "DELETE")

    def find(self, method: str, path: str) -> tuple[Handler, dict[str, str]] | None:
        """Return the handler of a call, and what its path names; None if there is none."""
        given = path.split("/")
        for route in self.routes:
            if route.method == method:
                names = _match(route.path.split("/"), given)
                if names is not None:
                    return route.handler, names
        return None


def _match(segments: list[str], given: list[str]) -> dict[str, str] | None:
    if len(segments) != len(given):
        return None
    names = {}
    for segment, text in zip(segments, given, strict=True):
        if segment.startswith("<") and text:
            names[segment[1:-1]] = text
        elif segment != text:
            return None
    return names
