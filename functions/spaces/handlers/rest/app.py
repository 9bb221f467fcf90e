"""What the REST API and the administration share: errors, unknown paths, HEAD and log keys."""

from collections.abc import Callable
from typing import Any

from spaces.domain.errors import NotFound, SpaceError
from spaces.domain.request_options import read_traceparent
from spaces.handlers.rest.call import Call, Response
from spaces.handlers.rest.direct_call import COMMAND_LINE
from spaces.handlers.rest.head_method import respond_to_head
from spaces.handlers.rest.responses import internal_error, refusal
from spaces.handlers.rest.router import Handler, Route, Router
from spaces.http_routes import route_key_of
from spaces.observability import log_keys, logger


class App:
    """Responds to every call with JSON, whatever goes wrong.

    Args:
        routers: The routes.
        described_in: Where the 404 for an unknown path sends its reader.
        check: Raises if the caller may not make a call that has a route.
        refuse: Returns the response to a call that was refused.
    """

    def __init__(
        self,
        *routers: Router,
        described_in: str,
        check: Callable[[Call], object] = lambda _call: None,
        refuse: Callable[[SpaceError], Response] = refusal,
    ) -> None:
        self._routers = routers
        self._described_in = described_in
        self._check = check
        self._refuse = refuse

    @property
    def routes(self) -> list[Route]:
        """All routes."""
        return [route for router in self._routers for route in router.routes]

    def resolve(self, event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
        """Respond to one HTTP call, with its id, route and trace in every log line."""
        call = Call(event, context)
        log_keys(
            gateway_request_id=event["requestContext"].get("requestId"),
            route=f"{call.method} {call.path[:100]}",
            traceparent=read_traceparent(call.header("traceparent")),
        )
        return respond_to_head(event, lambda event: self._respond(Call(event, context)).event())

    def _respond(self, call: Call) -> Response:
        try:
            handler, names = self._find(call)
            _expect_its_own_route(call)
            self._check(call)
            return handler(call, **names)
        except SpaceError as error:
            return self._refuse(error)
        except Exception:  # noqa: BLE001 - the edge
            logger.exception("unexpected_error")
            return internal_error(call.event["requestContext"].get("requestId") or "")

    def _find(self, call: Call) -> tuple[Handler, dict[str, str]]:
        for router in self._routers:
            if found := router.find(call.method, call.path):
                return found
        raise NotFound(f"There is no {call.method} {call.path[:100]}; see {self._described_in}.")


def _expect_its_own_route(call: Call) -> None:
    """Refuse a call that API Gateway let through by a route that is not its own.

    Raises:
        NotFound: The rate or the authorizer of another route was applied, as with a path whose
            letters are escaped.
    """
    context = call.event["requestContext"]
    own = route_key_of(call.method, context["http"]["path"])
    if COMMAND_LINE not in context and context.get("routeKey") != own:
        raise NotFound(
            f"There is no {call.method} by an escaped path. Send its letters, digits, '-' and "
            "'/' unescaped."
        )
