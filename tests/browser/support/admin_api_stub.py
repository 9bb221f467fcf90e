"""A stub of the administration API that a test can put into any state."""

import base64
import json
import time
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import msgspec
from playwright.sync_api import Page

from spaces_protocol.errors import ErrorType
from spaces_protocol.rest_bodies import SpaceView
from tests.browser.support.admin_responses import Body, activity
from tests.browser.support.gateway_stub import NO_NETWORK, Answer, Call, http_response, refusal
from tests.browser.support.page_server import EMPTY_PAGE
from tests.browser.support.stub_calls import HttpRequest, HttpResponse

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

    prefixes: ClassVar[tuple[str, ...]] = ("/v1/", "/config.json", "/sign-in/")
    spaces: list[Body] = field(default_factory=list)
    live: list[SpaceView] = field(default_factory=list)
    tokens: list[Body] = field(default_factory=list)
    keys: list[Body] = field(default_factory=list)
    workers: list[Body] = field(default_factory=list)
    requests: list[Body] = field(default_factory=list)
    entries: list[Body] = field(default_factory=list)
    people: list[Body] = field(default_factory=list)
    activity: Body = field(default_factory=activity)
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    with_sign_in: bool = True
    admin: bool = True
    reachable: bool = True
    _lock: Lock = field(default_factory=Lock)

    def sign_in(self, page: Page, *, expires_in: int = 3600) -> None:
        """Let a tab hold a session; it shows an empty document afterwards."""
        if page.url == "about:blank":
            page.goto(EMPTY_PAGE)
        name, user = f"spaces.sign_in.user:{AUTHORITY}:{CLIENT}", json.dumps(session(expires_in))
        page.evaluate("stored => sessionStorage.setItem(...stored)", [name, user])

    def calls_to(self, method: str, path: str) -> list[Call]:
        return [c for c in self.calls if (c.method, urlsplit(c.path).path) == (method, path)]

    def answer(self, method: str, path: str, *answers: Answer) -> None:
        self.answers[f"{method} {path}"] = list(answers)

    def respond(self, request: HttpRequest) -> HttpResponse:
        """Note a call and answer it."""
        with self._lock:
            return http_response(self._answer(request))

    def end(self) -> None:
        """Do nothing: it holds no call."""

    def _answer(self, request: HttpRequest) -> Answer:
        if request.target == "/config.json":
            known = config(request.origin)
            return Answer(known if self.with_sign_in else known | {"auth": None})
        if request.target.startswith("/sign-in/"):
            return self._sign_in(request)
        path = request.target.removeprefix("/v1")
        body = json.loads(request.content) if request.content else None
        self.calls.append(Call(request.method, path, dict(request.headers), body))
        return self._choose(request.method, path, body) if self.reachable else NO_NETWORK

    def _sign_in(self, request: HttpRequest) -> Answer:
        path = urlsplit(request.target).path
        body = request.content.decode(errors="replace")
        self.calls.append(Call(request.method, path, dict(request.headers), body))
        return self._prepared(request.method, path) or Answer({})

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
            "/me/spaces": {"spaces": msgspec.to_builtins(self.live)},
            "/admin/spaces": {"spaces": self.spaces},
            "/admin/tokens": {"tokens": self.tokens},
            "/admin/keys": {"keys": self.keys},
            "/admin/workers": {"workers": self.workers},
            "/admin/requests": {"requests": requests, "next_cursor": None},
            "/admin/people": {"people": self.people, "next_cursor": None},
            "/admin/audit": {"entries": self.entries, "next_cursor": None},
        }


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
