"""What attackers send to the REST API, and what may come of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import httpx

from tests.local.support.access_matrix import seen

JSON = MappingProxyType({"Content-Type": "application/json"})


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What attackers find.

    Attributes:
        api: the deployed REST API.
        public: a public space that takes a prompt and images.
        private: a space that they may not use.
        request_id: a request to the private space, which they were not told of.
        user: headers of a user who may use neither administration nor the private space.
        key: headers of an API key of the public space.
        spent: secrets that let nobody in as API keys, by what became of them.
        deleted: id of a request to the private space that was deleted.
    """

    api: httpx.Client
    public: str
    private: str
    request_id: str
    user: Mapping[str, str]
    key: Mapping[str, str]
    spent: Mapping[str, str]
    deleted: str

    def get(self, path: str, **headers: str) -> str:
        return self.send("GET", path, headers=headers)

    def send(self, method: str, path: str, **options: Any) -> str:
        # As it is: httpx would tidy dots and escapes of a path.
        target = self.api.base_url.raw_path.rstrip(b"/") + path.encode()
        return seen(self.api.request(method, "/", extensions={"target": target}, **options))

    def with_spent(self, what: str) -> str:
        """Come with a secret that is good for nothing here."""
        return self.get("/v1/spaces", Authorization=f"Bearer {self.spent[what]}")

    def status(self, space: str, request_id: str) -> str:
        return self.get(f"/v1/spaces/{space}/requests/{request_id}/status")

    def submit(self, body: Any, **options: Any) -> str:
        return self.send("POST", f"/v1/spaces/{self.public}/requests", json=body, **options)

    def submit_raw(self, content: bytes, **headers: str) -> str:
        path = f"/v1/spaces/{self.public}/requests"
        return self.send("POST", path, content=content, headers={**JSON, **headers})

    def upload_raw(self, size: bytes) -> str:
        names = b'{"space":"%s","name":"a.png","content_type":"image/png","size":%s}'
        content = names % (self.public.encode(), size)
        return self.send("POST", "/v1/uploads", content=content, headers=JSON)

    def upload(self, **changes: Any) -> str:
        wanted = {"name": "a.png", "content_type": "image/png", "size": 9, "space": self.public}
        return self.send("POST", "/v1/uploads", json={**wanted, **changes})

    def in_parts(self, size: int = 20 * 1024**2) -> dict[str, Any]:
        """Begin a file in parts, as its owner does."""
        wanted = {"name": "a.png", "content_type": "image/png", "size": size, "space": self.public}
        begun: dict[str, Any] = self.api.post("/v1/uploads", json=wanted).json()
        return begun

    def step(self, step: str, begun: Mapping[str, Any], **changes: Any) -> str:
        """Go on with a file in parts; `upload_id` is of the path, all else of the body."""
        multipart_id = begun["multipart"]["multipart_id"]
        named = {"space": self.public, "multipart_id": multipart_id, **changes}
        upload_id = named.pop("upload_id", begun["upload_id"])
        return self.send("POST", f"/v1/uploads/{upload_id}/{step}", json=named)


Attack = Callable[[Ground], str]


def prompt(**more: Any) -> dict[str, Any]:
    return {"input": {"prompt": "Hello", **more}}


WAYS_AROUND_SIGN_IN: Mapping[str, Attack] = MappingProxyType(
    {
        "/v1/admin/spaces without a token": lambda g: g.get("/v1/admin/spaces"),
        "/v1/admin%2fspaces, past the checked route": lambda g: g.get("/v1/admin%2fspaces"),
        "/v1/%61dmin/spaces, an escaped letter": lambda g: g.get("/v1/%61dmin/spaces"),
        "/v1//admin/spaces": lambda g: g.get("/v1//admin/spaces"),
        "/v1/ADMIN/spaces": lambda g: g.get("/v1/ADMIN/spaces"),
        "/v1/spaces/../admin/spaces": lambda g: g.get("/v1/spaces/../admin/spaces"),
        "/v1/spaces/%2e%2e/admin/spaces": lambda g: g.get("/v1/spaces/%2e%2e/admin/spaces"),
        "/v1/me/../admin/spaces as a user": lambda g: g.get("/v1/me/../admin/spaces", **g.user),
        "/v1/admin/../admin/spaces as a user": lambda g: g.get(
            "/v1/admin/../admin/spaces", **g.user
        ),
        "/v1/%6de, past the checked route": lambda g: g.get("/v1/%6de"),
        "/v1/me/spaces without a token": lambda g: g.get("/v1/me/spaces"),
        "an API key for administration": lambda g: g.get("/v1/admin/spaces", **g.key),
        "an API key as somebody who signed in": lambda g: g.get("/v1/me", **g.key),
        "a token in the address": lambda g: g.get("/v1/me?access_token=a.b.c&authorization=Bearer"),
        "Basic authorization": lambda g: g.get("/v1/spaces", Authorization="Basic YTpi"),
        "a revoked key": lambda g: g.with_spent("revoked"),
        "a key that was replaced, without overlap": lambda g: g.with_spent("replaced"),
        "a key of a deleted space, its name used again": lambda g: g.with_spent("orphaned"),
        "a worker token for an API key": lambda g: g.with_spent("worker token"),
        "two keys in one header": lambda g: g.get(
            "/v1/spaces", Authorization=f"{g.key['Authorization']}, {g.key['Authorization']}"
        ),
        "a key with a letter of another case": lambda g: g.get(
            "/v1/spaces", Authorization=g.key["Authorization"].swapcase()
        ),
        "a key without the word Bearer": lambda g: g.get(
            "/v1/spaces", Authorization=g.key["Authorization"].removeprefix("Bearer ")
        ),
        "a user's token where keys are asked for": lambda g: g.get("/v1/spaces", **g.user),
        "//v1/admin/spaces": lambda g: g.get("//v1/admin/spaces"),
        "/v1/me/%2e%2e/admin/spaces as a user": lambda g: g.get(
            "/v1/me/%2e%2e/admin/spaces", **g.user
        ),
        "/v1/me/spaces/../../admin/spaces as a user": lambda g: g.get(
            "/v1/me/spaces/../../admin/spaces", **g.user
        ),
        "/v1/admin/spaces; as a user": lambda g: g.get("/v1/admin/spaces;a=b", **g.user),
        "/v1/admin as a user": lambda g: g.get("/v1/admin", **g.user),
        "a key that is none": lambda g: g.get("/v1/spaces", Authorization="Bearer wsk_no"),
        "X-HTTP-Method-Override: DELETE": lambda g: g.get(
            f"/v1/admin/spaces/{g.public}", **{"X-HTTP-Method-Override": "DELETE"}
        ),
    }
)

FOREIGN_NAMES_AND_IDS: Mapping[str, Attack] = MappingProxyType(
    {
        "a private space, as a stranger": lambda g: g.get(f"/v1/spaces/{g.private}"),
        "a private space, as a user": lambda g: g.get(f"/v1/me/spaces/{g.private}", **g.user),
        "a private space, with a key of another": lambda g: g.get(
            f"/v1/spaces/{g.private}", **g.key
        ),
        "a space that does not exist": lambda g: g.get("/v1/spaces/not-there"),
        "a foreign id under another space": lambda g: g.get(
            f"/v1/spaces/{g.public}/requests/{g.request_id}/status"
        ),
        "a foreign id, last character changed": lambda g: g.get(
            f"/v1/spaces/{g.private}/requests/{g.request_id[:-1]}"
            f"{'A' if g.request_id[-1] != 'A' else 'B'}/status"
        ),
        "a foreign id without its secret": lambda g: g.get(
            f"/v1/spaces/{g.private}/requests/{g.private}-1/status"
        ),
        "deleting a foreign request": lambda g: g.send(
            "DELETE", f"/v1/me/requests/{g.request_id}", headers=dict(g.user)
        ),
        "a deleted request of a private space": lambda g: g.status(g.private, g.deleted),
        "ticket 1 of a private space, secret guessed": lambda g: g.status(
            g.private, f"{g.private}.1.{'A' * 22}"
        ),
        "ticket 2 of a private space, secret guessed": lambda g: g.status(
            g.private, f"{g.private}.2.{'A' * 22}"
        ),
        "ticket 1 of a space that does not exist": lambda g: g.status(
            "not-there", f"not-there.1.{'A' * 22}"
        ),
        "cancelling with a guessed secret": lambda g: g.send(
            "PUT", f"/v1/spaces/{g.private}/requests/{g.private}.1.{'A' * 22}/cancel"
        ),
        "a private space in Cyrillic letters": lambda g: g.get(
            f"/v1/spaces/{quote(g.private.replace('a', 'а'))}"  # noqa: RUF001 - the attack
        ),
        "a submit to a private space": lambda g: g.send(
            "POST", f"/v1/spaces/{g.private}/requests", json=prompt()
        ),
        "a cursor of empty keys": lambda g: g.get(
            "/v1/me/requests?cursor=" + b'["","",""]'.hex(), **g.user
        ),
        "an upload to a private space": lambda g: g.upload(space=g.private),
        "a made-up upload": lambda g: g.submit(prompt(files=[{"upload_id": "A" * 22}])),
        "an upload id that climbs": lambda g: g.submit(
            prompt(files=[{"upload_id": "../../results/a"}])
        ),
        "an upload in parts, under a private space": lambda g: g.step(
            "parts", g.in_parts(), space=g.private
        ),
        "an upload in parts, of somebody else's id": lambda g: g.step(
            "complete", g.in_parts(), upload_id=g.in_parts()["upload_id"]
        ),
        "an upload in parts, made larger than it was announced": lambda g: g.step(
            "parts", g.in_parts(), upload_id=f"{'A' * 22}.{99 * 1024**2}"
        ),
        "an upload in parts, its secret guessed": lambda g: g.step(
            "parts", g.in_parts(), multipart_id="A" * 100
        ),
        "an upload in parts, none of which arrived": lambda g: g.step("complete", g.in_parts()),
        "a made-up cursor": lambda g: g.get("/v1/me/requests?cursor=e30", **g.user),
    }
)

MALFORMED: Mapping[str, Attack] = MappingProxyType(
    {
        "../../etc/passwd for a space": lambda g: g.get("/v1/spaces/..%2f..%2fetc%2fpasswd"),
        "a script for a space": lambda g: g.get("/v1/spaces/%3Cscript%3Ealert(1)%3C%2Fscript%3E"),
        "a NUL in a space's name": lambda g: g.get("/v1/spaces/a%00b"),
        "10,000 characters for a space": lambda g: g.get("/v1/spaces/" + "a" * 10_000),
        "the queue's own key for a space": lambda g: g.get("/v1/spaces/queue%23definition"),
        "a prompt of 300 KB": lambda g: g.submit(prompt(prompt="a" * 300_000)),
        "20,000 brackets": lambda g: g.submit_raw(b"[" * 20_000),
        "JSON in UTF-16": lambda g: g.submit_raw('{"input":{"prompt":"a"}}'.encode("utf-16")),
        "bytes that are no UTF-8, for a file": lambda g: g.submit_raw(
            b'{"input":{"prompt":"\xff\xfe"}}', **{"Content-Type": "application/octet-stream"}
        ),
        "JSON for text/plain": lambda g: g.submit_raw(
            b'{"input":{"prompt":"Hello"}}', **{"Content-Type": "text/plain"}
        ),
        "JSON without a type": lambda g: g.submit_raw(
            b'{"input":{"prompt":"Hello"}}', **{"Content-Type": ""}
        ),
        "half a surrogate": lambda g: g.submit_raw(b'{"input":{"prompt":"\\ud800"}}'),
        "NaN": lambda g: g.submit_raw(b'{"input":{"prompt":NaN}}'),
        "a list for a prompt": lambda g: g.submit(prompt(prompt=["a"])),
        "a name twice, the second a list": lambda g: g.submit_raw(
            b'{"input":{"prompt":"a","prompt":["b"]}}'
        ),
        "1e999 for a number": lambda g: g.upload_raw(b"1e999"),
        "0.5 bytes": lambda g: g.upload_raw(b"0.5"),
        "true for a number": lambda g: g.upload_raw(b"true"),
        "a place in streamed text with 40 digits": lambda g: g.get(
            f"/v1/spaces/{g.private}/requests/{g.request_id}/status?after={'9' * 40}.0"
        ),
        "no body": lambda g: g.submit_raw(b""),
        "a number with 5,000 digits": lambda g: g.submit_raw(
            b'{"input":{"prompt":"a","params":{"n":' + b"9" * 5_000 + b"}}}"
        ),
        "an Idempotency-Key of 10,000 characters": lambda g: g.submit(
            prompt(), headers={"Idempotency-Key": "k" * 10_000}
        ),
        "a file name that climbs": lambda g: g.upload(name="../../../etc/passwd"),
        "a file name with a header in it": lambda g: g.upload(name="a.png\r\nSet-Cookie: a=b"),
        "a file in parts whose id climbs": lambda g: g.step(
            "parts", g.in_parts(), upload_id="..%2f..%2fresults%2fa"
        ),
        "a file in parts with a space in its secret": lambda g: g.step(
            "complete", g.in_parts(), multipart_id="a b"
        ),
        "a file of -1 bytes": lambda g: g.upload(size=-1),
        "a file of 10 TB": lambda g: g.upload(size=10**13),
        "an HTML file for an image": lambda g: g.upload(content_type="text/html"),
        "DELETE of all spaces": lambda g: g.send("DELETE", "/v1/spaces"),
        "TRACE": lambda g: g.send("TRACE", "/v1/spaces"),
    }
)
GROUPS: Mapping[str, Mapping[str, Attack]] = MappingProxyType(
    {
        "Ways around the sign-in": WAYS_AROUND_SIGN_IN,
        "Foreign names and ids": FOREIGN_NAMES_AND_IDS,
        "Malformed and oversized": MALFORMED,
    }
)
