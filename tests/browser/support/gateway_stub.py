"""Answers the page's calls, for states that a real gateway reaches too rarely."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, ClassVar

import msgspec

from infra.project import PROJECT_FOLDER
from spaces_protocol.errors import HTTP_STATUS, ErrorType
from spaces_protocol.rest_bodies import (
    MultipartUpload,
    PartAddress,
    SpaceList,
    SpaceView,
    UploadAddress,
)
from tests.browser.support.stub_calls import LOST, HeldCalls, HttpRequest, HttpResponse

DESCRIPTION = PROJECT_FOLDER / "functions/spaces/handlers/routes/openapi.json"
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

    prefixes: ClassVar[tuple[str, ...]] = ("/v1/", "/storage/")

    def __init__(self) -> None:
        self.spaces: list[SpaceView] = []
        self.submits: list[Answer] = []
        self.statuses: list[Answer] = []
        self.results: list[Answer] = []
        self.waits: list[Answer] = [refusal(ErrorType.RATE_LIMITED)]
        self.cancels: list[Answer] = []
        self.deletes: list[Answer] = []
        self.uploads: list[Answer] = []
        self.storage = StorageStub()
        self.calls: list[Call] = []
        self.reachable = True
        self._held = HeldCalls()
        self._lock = Lock()

    def calls_to(self, method: str, ending: str) -> list[Call]:
        return [call for call in self.calls if call.method == method and call.path.endswith(ending)]

    def upload_ids(self) -> dict[str, str]:
        """Return the ids of the uploads by name; files that go together arrive in any order."""
        announced = self.calls_to("POST", "/uploads")
        return {call.body["name"]: f"upload-{number}" for number, call in enumerate(announced, 1)}

    def answer_late(self, answer: Answer) -> None:
        """Answer the call that got `LATE` and waits longest."""
        self._held.release(http_response(answer))

    def respond(self, request: HttpRequest) -> HttpResponse:
        """Note a call and answer it."""
        if request.target.startswith("/storage/"):
            return self.storage.respond(request)
        with self._lock:
            path = request.target.removeprefix("/v1")
            body = json.loads(request.content) if request.content else None
            self.calls.append(Call(request.method, path, dict(request.headers), body))
            answer = self._choose(request, path) if self.reachable else NO_NETWORK
        return self._held.hold() if answer is LATE else http_response(answer)

    def end(self) -> None:
        """Lose the calls that wait."""
        self._held.end()
        self.storage.held.end()

    def _choose(self, request: HttpRequest, address: str) -> Answer:
        path = address.partition("?")[0]
        if path == "/spaces":
            return Answer(SpaceList(spaces=self.spaces))
        if path == "/openapi.json":
            return Answer(json.loads(DESCRIPTION.read_bytes()))
        if path == "/uploads":
            return _next(self.uploads) if self.uploads else self.storage.address_for(request)
        if path.startswith("/uploads/"):
            return self.storage.step(request, path.rsplit("/", 1)[1])
        if request.method != "GET":
            answers = {"POST": self.submits, "PUT": self.cancels, "DELETE": self.deletes}
            return _next(answers[request.method])
        return self._read(path) if "/requests/" in path else self._space(path)

    def _read(self, path: str) -> Answer:
        endings = {"status": self.statuses, "wait": self.waits}
        return _next(endings.get(path.rpartition("/")[2], self.results))

    def _space(self, path: str) -> Answer:
        found = [space for space in self.spaces if path == f"/spaces/{space.space}"]
        return Answer(found[0]) if found else refusal(ErrorType.UNKNOWN_SPACE)


def http_response(answer: Answer) -> HttpResponse:
    """Return an answer as it travels."""
    if answer.status is None:
        return LOST
    headers = {"content-type": "application/json", "cache-control": "no-store"} | answer.headers
    empty = answer.body is None or answer.status == NO_CONTENT
    return HttpResponse(answer.status, b"" if empty else msgspec.json.encode(answer.body), headers)


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
        self.held = HeldCalls()
        self.holding = False
        self.issued = 0
        self._lock = Lock()

    def address_for(self, request: HttpRequest) -> Answer:
        self.issued += 1
        self.size = json.loads(request.content)["size"]
        in_parts = self.part_bytes is not None and self.size > self.part_bytes
        address = UploadAddress(
            upload_id=f"upload-{self.issued}",
            url=f"{request.origin}/storage/post",
            fields={"key": f"uploads/echo/upload-{self.issued}", "policy": "signed"},
            expires_at=datetime.now(UTC) + timedelta(minutes=self.lifetime_minutes),
            multipart=self._missing(request) if in_parts else None,
        )
        return Answer(address, CREATED)

    def step(self, request: HttpRequest, step: str) -> Answer:
        """Go on with the file in parts that was announced last."""
        if step == "parts":
            return Answer(self._missing(request))
        if step == "complete" and sum(map(len, self.arrived.values())) < self.size:
            return refusal(ErrorType.UPLOAD_INCOMPLETE)
        return Answer(status=NO_CONTENT)

    def _missing(self, request: HttpRequest) -> MultipartUpload:
        each = self.part_bytes or self.size
        return MultipartUpload(
            multipart_id=f"multipart-{self.issued}",
            arrived_bytes=sum(map(len, self.arrived.values())),
            parts=[
                PartAddress(
                    number=number,
                    offset=offset,
                    size=min(each, self.size - offset),
                    url=f"{request.origin}/storage/part?number={number}",
                )
                for number, offset in enumerate(range(0, self.size, each), start=1)
                if number not in self.arrived
            ],
            expires_at=datetime.now(UTC) + timedelta(minutes=self.lifetime_minutes),
        )

    def let_go(self) -> None:
        """Answer the files and parts that are held, as if they had arrived."""
        self.holding = False
        self.held.release_all(HttpResponse(NO_CONTENT))

    def cut_off(self) -> None:
        """Lose the connections that are held."""
        self.holding = False
        self.held.release_all(LOST)

    def respond(self, request: HttpRequest) -> HttpResponse:
        """Take a file or a part, or give a file."""
        if request.method == "GET":
            name = request.target.rsplit("/", 1)[1].split("?")[0]
            return self._give(name, request.headers.get("range"))
        with self._lock:
            response = self._take(request)
        return response or self.held.hold()

    def _take(self, request: HttpRequest) -> HttpResponse | None:
        number = int(request.target.partition("?number=")[2] or 0)
        (self.puts.append(number) if number else self.posts.append(request.content))
        if self.holding:
            return None
        status = self.statuses.pop(0) if self.statuses else NO_CONTENT
        if number and status == NO_CONTENT:
            self.arrived[number] = request.content
        return HttpResponse(status)

    def _give(self, name: str, wanted: str | None) -> HttpResponse:
        if name not in self.files:
            return HttpResponse(403)
        content_type, body = self.files[name]
        if wanted is None:
            return HttpResponse(OK, body, {"content-type": content_type})
        start, _, end = wanted.removeprefix("bytes=").partition("-")
        part = body[int(start) : int(end) + 1 if end else None]
        place = f"bytes {start}-{int(start) + len(part) - 1}/{len(body)}"
        headers = {"content-type": content_type, "content-range": place, "accept-ranges": "bytes"}
        return HttpResponse(PARTIAL_CONTENT, part, headers)


def _next(answers: list[Answer]) -> Answer:
    if not answers:
        return refusal(ErrorType.INTERNAL, "The test prepared no answer for this call.")
    return answers.pop(0) if len(answers) > 1 else answers[0]
