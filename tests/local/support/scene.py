"""A space in which something is about to go wrong, and what its workers say and hear."""

import json
from contextlib import ExitStack
from typing import Any, Final

import httpx

from infra.local.cloud import LocalCloud
from spaces_protocol.limits import MAX_SOCKET_INPUT_BYTES
from tests.local.support.connections import Link, Message, dial
from tests.local.support.files import upload
from tests.local.support.queue_by_hand import function_name, let_much_go_wrong
from tests.local_cloud import DeployedCloud

LARGE: Final = "x" * MAX_SOCKET_INPUT_BYTES
"""A prompt that reaches its worker by S3."""


class Scene(ExitStack):
    """A space whose two workers are busy or take nothing, and a large request for later."""

    def __init__(self, cloud: DeployedCloud, http: httpx.Client) -> None:
        super().__init__()
        self.cloud, self.http = cloud, http
        self.space = cloud.create_space(
            features=["prompt", "file"], max_workers=3, max_file_bytes=1024
        )

    def worker(self, worker_id: str) -> Link:
        """Return a link that lasts as long as the scene."""
        return self.enter_context(dial(self.cloud, self.space, worker_id))

    def register(self, link: Link) -> None:
        assert link.register(self.space.space)["accepted"]

    def submit_prompt(self) -> Message:
        path = f"{self.cloud.api_url}/v1/spaces/{self.space.space}/requests"
        accepted = self.http.post(path, json={"input": {"prompt": "a"}})
        assert accepted.status_code == 202, accepted.text
        return dict(accepted.json())

    def submit_file(self, prompt: str = LARGE) -> Message:
        kind = {"name": "a.bin", "content_type": "application/octet-stream"}
        upload_id = upload(self.cloud, self.http, self.space.space, b"four", **kind)
        path = f"{self.cloud.api_url}/v1/spaces/{self.space.space}/requests"
        submitted = {"files": [{"upload_id": upload_id}], "prompt": prompt}
        accepted = self.http.post(path, json={"input": submitted})
        assert accepted.status_code == 202, accepted.text
        return dict(accepted.json())

    def go_wrong(self) -> None:
        let_much_go_wrong(self.cloud.cloud, self.space.space, gone="gone")


def about(request: Message, action: str, **fields: Any) -> Message:
    told = {"request_id": request["request_id"], "attempt": request["attempt"]}
    return {"action": action, **told, **fields}


def hear_request(link: Link, *, with_file: bool) -> Message:
    """Return the next request that reaches the worker, by whichever message."""
    while True:
        message = link.hear()
        carried = message if message["action"] == "request" else message.get("next")
        if carried and bool(carried["input"].get("files")) is with_file:
            return dict(carried)


def invoke(cloud: LocalCloud, function: str, event: Message) -> Any:
    name = function_name(cloud, function)
    answer = cloud.aws("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
    assert "FunctionError" not in answer
    return json.loads(answer["Payload"].read() or b"null")
