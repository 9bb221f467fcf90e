"""Answers the page's calls in the browser, for states that a real gateway reaches too rarely."""

import json
from dataclasses import dataclass, field
from typing import Any

import msgspec
from playwright.sync_api import BrowserContext, Request, Route

from spaces_protocol.errors import HTTP_STATUS, ErrorType
from spaces_protocol.rest_bodies import SpaceList, SpaceView

OK = 200
ACCEPTED = 202


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; None as status stands for a network that is gone."""

    body: Any = None
    status: int | None = OK
    headers: dict[str, str] = field(default_factory=dict)


NO_NETWORK = Answer(status=None)
LATE = Answer(status=0)
"""Stands for an answer that takes its time: `GatewayStandIn.answer_late` gives it."""


def refusal(error_type: ErrorType, detail: str = "", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = {"detail": detail or f"Refused: {error_type}.", "error_type": error_type.value}
    return Answer(body, HTTP_STATUS[error_type], named)


@dataclass
class Call:
    method: str
    path: str
    headers: dict[str, str]
    body: Any


class GatewayStandIn:
    """Says what a test tells it to say; the last answer of each list is repeated."""

    def __init__(self) -> None:
        self.spaces: list[SpaceView] = []
        self.submits: list[Answer] = []
        self.statuses: list[Answer] = []
        self.results: list[Answer] = []
        self.cancels: list[Answer] = []
        self.held: list[Route] = []
        self.calls: list[Call] = []
        self.reachable = True

    def attach(self, context: BrowserContext) -> None:
        context.route("**/v1/**", self._handle)

    def asked(self, method: str, ending: str) -> list[Call]:
        return [call for call in self.calls if call.method == method and call.path.endswith(ending)]

    def answer_late(self, answer: Answer) -> None:
        self._answer(self.held.pop(0), answer)

    def _handle(self, route: Route, request: Request) -> None:
        path = request.url.split("/v1", 1)[1]
        body = json.loads(request.post_data) if request.post_data else None
        self.calls.append(Call(request.method, path, request.headers, body))
        answer = self._choose(request.method, path) if self.reachable else NO_NETWORK
        self._answer(route, answer)

    def _choose(self, method: str, path: str) -> Answer:
        if path == "/spaces":
            return Answer(SpaceList(spaces=self.spaces))
        if method == "POST":
            return _next(self.submits)
        if method == "PUT":
            return _next(self.cancels)
        if path.endswith("/status"):
            return _next(self.statuses)
        if "/requests/" in path:
            return _next(self.results)
        return self._space(path.removeprefix("/spaces/"))

    def _space(self, name: str) -> Answer:
        found = [space for space in self.spaces if space.space == name]
        return Answer(found[0]) if found else refusal(ErrorType.UNKNOWN_SPACE)

    def _answer(self, route: Route, answer: Answer) -> None:
        if answer is LATE:
            self.held.append(route)
            return
        if answer.status is None:
            route.abort("connectionrefused")
            return
        text = msgspec.json.encode(answer.body).decode()
        headers = {"content-type": "application/json"} | answer.headers
        route.fulfill(status=answer.status, headers=headers, body=text)


def _next(answers: list[Answer]) -> Answer:
    if not answers:
        return refusal(ErrorType.INTERNAL, "The test prepared no answer for this call.")
    return answers.pop(0) if len(answers) > 1 else answers[0]
