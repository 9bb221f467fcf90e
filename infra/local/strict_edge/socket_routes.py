"""The deployed routes of a WebSocket API, as the emulator has them, and the events they get."""

import asyncio
import dataclasses
import json
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any, Final

from infra.local.cloud import REGION
from infra.local.strict_edge.emulator_calls import Emulator

_ACCOUNT: Final = "000000000000"
_SELECTED_BY: Final = "$request.body."

Event = dict[str, Any]


def new_id() -> str:
    """Return an id as API Gateway makes them for connections and requests; it ends with ``=``."""
    return urlsafe_b64encode(secrets.token_bytes(11)).decode()


@dataclass(frozen=True)
class Route:
    """What handles a message.

    Attributes:
        key: the route key.
        function: the function that it invokes; None for a MOCK integration.
        replies: whether a MOCK integration has an integration response.
    """

    key: str
    function: str | None
    replies: bool


@dataclass(frozen=True)
class SocketRoutes:
    """The routes of one API.

    Attributes:
        routes: by route key.
        field: the field of a message that selects the route.
        authorizer: the function that decides on handshakes.
        identity_headers: headers without which a handshake is refused, in lower case.
    """

    routes: dict[str, Route]
    field: str
    authorizer: str | None = None
    identity_headers: frozenset[str] = frozenset()

    def route_of(self, text: str) -> Route | None:
        """Return the route that a message selects; what is no JSON takes ``$default``."""
        try:
            key = json.loads(text).get(self.field)
        except (ValueError, AttributeError, RecursionError):
            key = None
        chosen = self.routes.get(key) if isinstance(key, str) and key[:1] != "$" else None
        return chosen or self.routes.get("$default")


async def read_routes(emulator: Emulator, api: str) -> SocketRoutes | None:
    """Return the routes of an API; None if there is no such WebSocket API."""
    described = await emulator.describe("apigateway", f"/v2/apis/{api}")
    if described.get("protocolType") != "WEBSOCKET":
        return None
    routes, integrations, authorizers = await asyncio.gather(
        *(
            emulator.describe("apigateway", f"/v2/apis/{api}/{what}")
            for what in ("routes", "integrations", "authorizers")
        )
    )
    by_id = {each["integrationId"]: each for each in integrations["items"]}
    found: dict[str, Route] = {}
    for each in routes["items"]:
        integration = by_id[each["target"].rpartition("/")[2]]
        replies = await _replies(emulator, api, integration)
        function = _function_of(integration.get("integrationUri", ""))
        found[each["routeKey"]] = Route(each["routeKey"], function, replies)
    authorizer: dict[str, Any] = next(iter(authorizers["items"]), {})
    headers = frozenset(
        source.rpartition(".")[2].lower() for source in authorizer.get("identitySource", [])
    )
    return SocketRoutes(
        found,
        described["routeSelectionExpression"].removeprefix(_SELECTED_BY),
        _function_of(authorizer.get("authorizerUri", "")),
        headers,
    )


async def _replies(emulator: Emulator, api: str, integration: dict[str, Any]) -> bool:
    if integration["integrationType"] != "MOCK":
        return False
    path = f"/v2/apis/{api}/integrations/{integration['integrationId']}/integrationresponses"
    return bool((await emulator.describe("apigateway", path))["items"])


def _function_of(uri: str) -> str | None:
    _, found, rest = uri.partition("/functions/")
    return rest.removesuffix("/invocations") if found else None


@dataclass
class Identity:
    """What API Gateway knows of a connection, and puts into each event.

    Attributes:
        api: id of the API.
        stage: name of the stage.
        connection_id: id of the connection.
        headers: headers of the handshake.
        source_ip: address of the worker.
        connected_at: milliseconds since 1970.
        authorizer: what the authorizer said; every value is text.
    """

    api: str
    stage: str
    headers: list[tuple[str, str]]
    source_ip: str
    connection_id: str = dataclasses.field(default_factory=new_id)
    connected_at: int = dataclasses.field(default_factory=lambda: time.time_ns() // 1_000_000)
    authorizer: dict[str, Any] | None = None

    @property
    def user_agent(self) -> str:
        """The worker's program."""
        return next((value for name, value in self.headers if name.lower() == "user-agent"), "")

    def authorizer_event(self) -> Event:
        """Return the event of a REQUEST authorizer."""
        arn = f"arn:aws:execute-api:{REGION}:{_ACCOUNT}:{self.api}/{self.stage}/$connect"
        return {"type": "REQUEST", "methodArn": arn, **self.connect_event()}

    def connect_event(self) -> Event:
        """Return the event of ``$connect``."""
        return {
            "headers": dict(self.headers),
            "multiValueHeaders": {name: [value] for name, value in self.headers},
            **self.event("$connect", "CONNECT"),
        }

    def event(self, route_key: str, kind: str, **more: Any) -> Event:  # noqa: ANN401
        """Return an event: "API Gateway WebSocket API mapping template reference"."""
        now = time.time_ns() // 1_000_000
        context = {
            "routeKey": route_key,
            "eventType": kind,
            "extendedRequestId": new_id(),
            "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime()),
            "messageDirection": "IN",
            "stage": self.stage,
            "connectedAt": self.connected_at,
            "requestTimeEpoch": now,
            "identity": {"sourceIp": self.source_ip, "userAgent": self.user_agent},
            "requestId": new_id(),
            "domainName": f"{self.api}.execute-api.{REGION}.amazonaws.com",
            "connectionId": self.connection_id,
            "apiId": self.api,
            **more,
        }
        if self.authorizer is not None:
            context["authorizer"] = self.authorizer
        return {"requestContext": context, "isBase64Encoded": False}
