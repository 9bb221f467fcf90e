"""A stub of the administration API that a test can put into any state."""

import base64
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext, Request, Route

from spaces_protocol.errors import ErrorType
from tests.browser.support.admin_responses import Body, activity
from tests.browser.support.gateway_stub import NO_NETWORK, Answer, Call, refusal

AUTHORITY = "https://cognito-idp.test/pool"
CLIENT = "page"
ENDPOINTS = ("authorization", "token", "logout", "revocation", "userinfo")


def config(origin: str) -> Body:
    endpoints = {name: f"{origin}/sign-in/{name}" for name in ENDPOINTS}
    scope = "openid profile"
    return {
        "auth": {
            "authority": AUTHORITY,
            "client_id": CLIENT,
            "endpoints": endpoints,
            "scope": scope,
        },
        "socket_url": "wss://socket.test/v1",
        "api_url": "https://api.test",
        "files_origin": "https://files.test",
    }


@dataclass
class AdminApiStub:
    """Lists say what there is; `answers` says what a call gets in place of that, in turn."""

    spaces: list[Body] = field(default_factory=list)
    tokens: list[Body] = field(default_factory=list)
    keys: list[Body] = field(default_factory=list)
    workers: list[Body] = field(default_factory=list)
    requests: list[Body] = field(default_factory=list)
    entries: list[Body] = field(default_factory=list)
    activity: Body = field(default_factory=activity)
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    with_sign_in: bool = True
    admin: bool = True
    reachable: bool = True

    def attach(self, context: BrowserContext) -> None:
        context.route("**/v1/**", self._handle)
        context.route("**/config.json", self._configure)
        context.route("**/sign-in/**", self._sign_in)

    def sign_in(self, context: BrowserContext, *, expires_in: int = 3600) -> None:
        """Let every tab that opens from now on hold a session, once."""
        user = json.dumps(session(expires_in))
        name = json.dumps(f"spaces.sign_in.user:{AUTHORITY}:{CLIENT}")
        first = "location.protocol.startsWith('http') && !sessionStorage.getItem('given')"
        give = f"sessionStorage.setItem({name}, {json.dumps(user)})"
        context.add_init_script(f"if ({first}) {{ {give}; sessionStorage.setItem('given', 1); }}")

    def calls_to(self, method: str, path: str) -> list[Call]:
        return [c for c in self.calls if (c.method, urlsplit(c.path).path) == (method, path)]

    def answer(self, method: str, path: str, *answers: Answer) -> None:
        self.answers[f"{method} {path}"] = list(answers)

    def _configure(self, route: Route, request: Request) -> None:
        known = config(request.url.removesuffix("/config.json"))
        route.fulfill(json=known if self.with_sign_in else known | {"auth": None})

    def _handle(self, route: Route, request: Request) -> None:
        path = request.url.split("/v1", 1)[1]
        body = json.loads(request.post_data) if request.post_data else None
        self.calls.append(Call(request.method, path, request.headers, body))
        self._give(
            route, self._choose(request.method, path, body) if self.reachable else NO_NETWORK
        )

    def _sign_in(self, route: Route, request: Request) -> None:
        path = urlsplit(request.url).path
        self.calls.append(Call(request.method, path, request.headers, request.post_data))
        self._give(route, self._prepared(request.method, path) or Answer({}))

    def _prepared(self, method: str, path: str) -> Answer | None:
        answers = self.answers.get(f"{method} {path}", [])
        if len(answers) > 1:
            return answers.pop(0)
        return answers[0] if answers else None

    def _choose(self, method: str, path: str, body: Any) -> Answer:
        parts = urlsplit(path)
        prepared = self._prepared(method, parts.path)
        if prepared is not None:
            return prepared
        if method == "GET":
            return self._read(parts.path, parse_qs(parts.query))
        if body and body.get("dry_run"):
            return Answer({"count": 0})
        return Answer({})

    def _read(self, path: str, query: dict[str, list[str]]) -> Answer:
        if path == "/me":
            groups = ["admins"] if self.admin else ["users"]
            return Answer({"user": "operator", "groups": groups, "admin": self.admin})
        if path.endswith("/activity"):
            return Answer(self.activity)
        found = [s for s in self.spaces if path == f"/admin/spaces/{s['space']}"]
        if found:
            return Answer(found[0])
        lists = self._lists(query)
        return Answer(lists[path]) if path in lists else refusal(ErrorType.NOT_FOUND)

    def _lists(self, query: dict[str, list[str]]) -> dict[str, Body]:
        states = query.get("state", [])
        requests = [r for r in self.requests if not states or r["status"] in states]
        return {
            "/spaces": {"spaces": []},
            "/me/spaces": {"spaces": []},
            "/admin/spaces": {"spaces": self.spaces},
            "/admin/tokens": {"tokens": self.tokens},
            "/admin/keys": {"keys": self.keys},
            "/admin/workers": {"workers": self.workers},
            "/admin/requests": {"requests": requests, "next_cursor": None},
            "/admin/audit": {"entries": self.entries, "next_cursor": None},
        }

    def _give(self, route: Route, answer: Answer) -> None:
        if answer.status is None:
            route.abort("connectionrefused")
            return
        text = "" if answer.body is None else json.dumps(answer.body)
        headers = {"content-type": "application/json"} | answer.headers
        route.fulfill(status=answer.status, headers=headers, body=text)


def id_token(**claims: Any) -> str:
    """A token as Cognito's, but for its signature, which only the gateway looks at."""
    usual = {"iss": AUTHORITY, "aud": CLIENT, "sub": "1", "iat": 1_700_000_000}
    about = {"cognito:username": "operator", "cognito:groups": ["admins"], "exp": 4_000_000_000}
    parts = [{"alg": "RS256"}, usual | about | claims]
    texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts]
    return ".".join([*(text.rstrip("=") for text in texts), "signature"])


def session(expires_in: int = 3600) -> Body:
    """What the sign-in library stores for a signed-in user."""
    profile = {"sub": "1", "cognito:username": "operator", "cognito:groups": ["admins"]}
    return {
        "id_token": id_token(),
        "access_token": "access",
        "refresh_token": "refresh",
        "token_type": "Bearer",
        "scope": "openid profile",
        "profile": profile,
        "expires_at": int(time.time()) + expires_in,
    }
