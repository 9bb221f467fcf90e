"""Uploads without the page: what the gateway and the storage respond to a program."""

import socket
from urllib.parse import urlsplit

import httpx
import msgspec

from spaces_protocol.rest_bodies import UploadAddress
from tests.browser.support.upload_cases import CASES, MOST_FILES, UploadCase


def announced(api: httpx.Client, space: str, case: UploadCase) -> str:
    [first, *_] = case.files
    answer = api.post("/v1/uploads", json=_announcement(space, first))
    if answer.status_code != 201 or len(case.files) <= MOST_FILES:
        return _answer(answer)
    ids = [_begin(api, space, case).upload_id for _ in case.files]
    files = [{"upload_id": each} for each in ids]
    return "at submit: " + _answer(_submit(api, space, files))


def posted(api: httpx.Client, space: str, case: UploadCase) -> tuple[str, str]:
    """What the storage says to the file, and what it serves when the request is read."""
    begun = _begin(api, space, case)
    fields = begun.fields | ({"Content-Type": case.posted_type} if case.posted_type else {})
    content = case.files[0]["buffer"]
    answer = httpx.post(begun.url, data=fields, files={"file": content}, trust_env=False)
    if not answer.is_success:
        code = answer.text.partition("<Code>")[2].partition("</Code>")[0]
        return f"{answer.status_code} {code}", "-"
    accepted = _submit(api, space, [{"upload_id": begun.upload_id}]).json()
    path = f"/v1/spaces/{space}/requests/{accepted['request_id']}"
    api.put(f"{path}/cancel").raise_for_status()
    [file] = api.get(path).json()["input"]["files"]
    served = httpx.get(file["url"], trust_env=False)
    kind = f"{served.headers['content-type']}, {_disposition(served)}"
    return str(answer.status_code), kind


def cut_past_the_page(api: httpx.Client, space: str) -> tuple[str, str]:
    """Post half of a file, and hang up: what a submit then says."""
    case = CASES["the limit (1 MB)"]
    begun = _begin(api, space, case)
    request = httpx.Request(
        "POST", begun.url, data=begun.fields, files={"file": case.files[0]["buffer"]}
    )
    body = request.read()
    lines = [f"POST {request.url.raw_path.decode()} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    where = urlsplit(begun.url)
    with socket.create_connection(("127.0.0.1", where.port or 80)) as link:
        link.sendall("\r\n".join([*lines, "", ""]).encode() + body[: len(body) // 2])
    answer = _submit(api, space, [{"upload_id": begun.upload_id}])
    return "at submit: " + _answer(answer), "nothing is stored"


def _announcement(space: str, file: object, **changes: object) -> dict[str, object]:
    assert isinstance(file, dict)
    size = len(file["buffer"])
    kind = file["mimeType"]
    return {"space": space, "name": file["name"], "content_type": kind, "size": size} | changes


def _begin(api: httpx.Client, space: str, case: UploadCase) -> UploadAddress:
    kind = case.form_type or case.files[0]["mimeType"]
    about = {"name": "file.png", "content_type": kind, "size": case.announced}
    answer = api.post("/v1/uploads", json={"space": space, **about})
    assert answer.status_code == 201, answer.text
    return msgspec.json.decode(answer.content, type=UploadAddress)


def _submit(api: httpx.Client, space: str, files: list[dict[str, str]]) -> httpx.Response:
    return api.post(f"/v1/spaces/{space}/requests", json={"input": {"files": files}})


def _answer(answer: httpx.Response) -> str:
    body = answer.json()
    if answer.is_success:
        return str(answer.status_code)
    return f"{answer.status_code} {body['error_type']}: {short(body['detail'])}"


def _disposition(answer: httpx.Response) -> str:
    return answer.headers.get("content-disposition", "").partition(";")[0] or "inline"


def short(text: str) -> str:
    """A long run of one letter, counted."""
    run = "图" * (count := text.count("图"))
    return text.replace(run, f"图 x {count}") if count > 3 else text
