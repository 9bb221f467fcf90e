"""Uploads to the deployed system, and what a worker hears and sends of them."""

import hashlib
from typing import Any

import httpx

from tests.local.support.connections import Link, Message
from tests.local_cloud import DeployedCloud

Fields = dict[str, Any]
MEGABYTE = 1024**2
NAME = "../../测试 “quoted”; x=1.wav".replace("/", "_")


def begin(cloud: DeployedCloud, http: httpx.Client, space: str, **fields: Any) -> httpx.Response:
    asked = {"space": space, "name": "a.wav", "content_type": "audio/wav", "size": 4, **fields}
    return http.post(f"{cloud.api_url}/v1/uploads", json=asked)


def post_form(
    http: httpx.Client, url: str, fields: Fields, content: bytes, **changes: str
) -> httpx.Response:
    return http.post(url, data={**fields, **changes}, files={"file": ("x", content)})


def upload(
    cloud: DeployedCloud, http: httpx.Client, space: str, content: bytes, **fields: Any
) -> str:
    begun = begin(cloud, http, space, size=len(content), **fields).json()
    stored = post_form(http, begun["url"], begun["fields"], content)
    assert stored.status_code == 204, stored.text
    return str(begun["upload_id"])


def submit(cloud: DeployedCloud, http: httpx.Client, space: str, *uploads: str) -> httpx.Response:
    files = [{"upload_id": upload_id} for upload_id in uploads]
    body = {"input": {"files": files}}
    return http.post(f"{cloud.api_url}/v1/spaces/{space}/requests", json=body)


def hear(link: Link, action: str) -> Message:
    while (message := link.hear())["action"] != action:
        pass
    return message


def checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def send_output(http: httpx.Client, request: Message, name: str, kind: str, content: bytes) -> str:
    policy = request["upload"]
    key = f"{policy['key_prefix']}{name}"
    fields = {**policy["fields"], "key": key, "Content-Type": kind}
    stored = post_form(http, policy["url"], fields, content)
    assert stored.status_code == 204, stored.text
    return key
