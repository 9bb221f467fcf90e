"""Answers the page's calls in the browser, for states that a real gateway reaches too rarely."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from playwright.sync_api import BrowserContext, Request, Route

from spaces_protocol.errors import HTTP_STATUS, ErrorType
from spaces_protocol.rest_bodies import (
    MultipartUpload,
    PartAddress,
    SpaceList,
    SpaceView,
    UploadAddress,
)

OK = 200
CREATED = 201
ACCEPTED = 202
NO_CONTENT = 204
PARTIAL_CONTENT = 206


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; None as status stands for a network that is gone."""

    body: Any = None
    status: int | None = OK
    headers: dict[str, str] = field(default_factory=dict)


NO_NETWORK = Answer(status=None)
LATE = Answer(status=0)
"""Stands for an answer that takes its time: `GatewayStub.answer_late` gives it."""


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


class GatewayStub:
    """Says what a test tells it to say; the last answer of each list is repeated."""

    def __init__(self) -> None:
        self.spaces: list[SpaceView] = []
        self.submits: list[Answer] = []
        self.statuses: list[Answer] = []
        self.results: list[Answer] = []
        self.cancels: list[Answer] = []
        self.deletes: list[Answer] = []
        self.uploads: list[Answer] = []
        self.storage = StorageStub()
        self.held: list[Route] = []
        self.calls: list[Call] = []
        self.reachable = True

    def attach(self, context: BrowserContext) -> None:
        context.route("**/v1/**", self._handle)
        self.storage.attach(context)

    def calls_to(self, method: str, ending: str) -> list[Call]:
        return [call for call in self.calls if call.method == method and call.path.endswith(ending)]

    def answer_late(self, answer: Answer) -> None:
        self._answer(self.held.pop(0), answer)

    def _handle(self, route: Route, request: Request) -> None:
        path = request.url.split("/v1", 1)[1]
        body = json.loads(request.post_data) if request.post_data else None
        self.calls.append(Call(request.method, path, request.headers, body))
        answer = self._choose(request, path) if self.reachable else NO_NETWORK
        self._answer(route, answer)

    def _choose(self, request: Request, address: str) -> Answer:
        path = address.partition("?")[0]
        if path == "/spaces":
            return Answer(SpaceList(spaces=self.spaces))
        if path == "/uploads":
            return _next(self.uploads) if self.uploads else self.storage.address_for(request)
        if path.startswith("/uploads/"):
            return self.storage.step(request, path.rsplit("/", 1)[1])
        if request.method != "GET":
            answers = {"POST": self.submits, "PUT": self.cancels, "DELETE": self.deletes}
            return _next(answers[request.method])
        if path.endswith("/status"):
            return _next(self.statuses)
        return _next(self.results) if "/requests/" in path else self._space(path)

    def _space(self, path: str) -> Answer:
        found = [space for space in self.spaces if path == f"/spaces/{space.space}"]
        return Answer(found[0]) if found else refusal(ErrorType.UNKNOWN_SPACE)

    def _answer(self, route: Route, answer: Answer) -> None:
        if answer is LATE:
            self.held.append(route)
            return
        if answer.status is None:
            route.abort("connectionrefused")
            return
        text = "" if answer.status == NO_CONTENT else msgspec.json.encode(answer.body).decode()
        headers = {"content-type": "application/json"} | answer.headers
        route.fulfill(status=answer.status, headers=headers, body=text)


class StorageStub:
    """Stands for the bucket: takes posted files and parts, and gives what a test put there.

    Attributes:
        part_bytes: a larger file comes in parts of so many bytes; None: none does.
        arrived: parts of the file in parts that is on its way, by number.
        puts: numbers of the parts that were sent, in this order, arrived or not.
    """

    def __init__(self) -> None:
        self.part_bytes: int | None = None
        self.arrived: dict[int, bytes] = {}
        self.puts: list[int] = []
        self.size = 0
        self.lifetime_minutes = 15
        self.posts: list[bytes] = []
        self.statuses: list[int | None] = []
        self.files: dict[str, tuple[str, bytes]] = {}
        self.held: list[Route] = []
        self.holding = False
        self.issued = 0

    def attach(self, context: BrowserContext) -> None:
        context.route("**/storage/**", self._handle)

    def address_for(self, request: Request) -> Answer:
        self.issued += 1
        self.size = json.loads(request.post_data or "{}")["size"]
        in_parts = self.part_bytes is not None and self.size > self.part_bytes
        address = UploadAddress(
            upload_id=f"upload-{self.issued}",
            url=request.url.split("/v1")[0] + "/storage/post",
            fields={"key": f"uploads/echo/upload-{self.issued}", "policy": "signed"},
            expires_at=datetime.now(UTC) + timedelta(minutes=self.lifetime_minutes),
            multipart=self._missing(request) if in_parts else None,
        )
        return Answer(address, CREATED)

    def step(self, request: Request, step: str) -> Answer:
        """Go on with the file in parts that was announced last."""
        if step == "parts":
            return Answer(self._missing(request))
        if step == "complete" and sum(map(len, self.arrived.values())) < self.size:
            return refusal(ErrorType.UPLOAD_INCOMPLETE)
        return Answer(status=NO_CONTENT)

    def _missing(self, request: Request) -> MultipartUpload:
        each = self.part_bytes or self.size
        root = request.url.split("/v1")[0]
        return MultipartUpload(
            multipart_id=f"multipart-{self.issued}",
            arrived_bytes=sum(map(len, self.arrived.values())),
            parts=[
                PartAddress(
                    number=number,
                    offset=offset,
                    size=min(each, self.size - offset),
                    url=f"{root}/storage/part?number={number}",
                )
                for number, offset in enumerate(range(0, self.size, each), start=1)
                if number not in self.arrived
            ],
            expires_at=datetime.now(UTC) + timedelta(minutes=self.lifetime_minutes),
        )

    def let_go(self) -> None:
        self.holding = False
        while self.held:
            self.held.pop(0).fulfill(status=NO_CONTENT)

    def cut_off(self) -> None:
        """Lose the connections that are held."""
        self.holding = False
        while self.held:
            self.held.pop(0).abort("internetdisconnected")

    def _handle(self, route: Route, request: Request) -> None:
        if request.method == "GET":
            name = request.url.rsplit("/", 1)[1].split("?")[0]
            self._give(route, name, request.headers.get("range"))
            return
        content = request.post_data_buffer or b""
        number = int(request.url.partition("?number=")[2] or 0)
        (self.puts.append(number) if number else self.posts.append(content))
        if self.holding:
            self.held.append(route)
            return
        status = self.statuses.pop(0) if self.statuses else NO_CONTENT
        if status is None:
            route.abort("connectionreset")
            return
        if number and status == NO_CONTENT:
            self.arrived[number] = content
        route.fulfill(status=status)

    def _give(self, route: Route, name: str, wanted: str | None) -> None:
        if name not in self.files:
            route.fulfill(status=403)
            return
        content_type, body = self.files[name]
        if wanted is None:
            route.fulfill(body=body, headers={"content-type": content_type})
            return
        start, _, end = wanted.removeprefix("bytes=").partition("-")
        part = body[int(start) : int(end) + 1 if end else None]
        place = f"bytes {start}-{int(start) + len(part) - 1}/{len(body)}"
        headers = {"content-type": content_type, "content-range": place, "accept-ranges": "bytes"}
        route.fulfill(status=PARTIAL_CONTENT, body=part, headers=headers)


def _next(answers: list[Answer]) -> Answer:
    if not answers:
        return refusal(ErrorType.INTERNAL, "The test prepared no answer for this call.")
    return answers.pop(0) if len(answers) > 1 else answers[0]
