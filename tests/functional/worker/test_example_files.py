"""Files of examples: uploaded when the gateway asks for them, and never again and again."""

import asyncio
import hashlib

import pytest

from spaces_protocol.codec import encode
from spaces_protocol.gateway_messages import ExampleUploads
from spaces_protocol.worker_messages import Register
from spaces_worker._files.example_uploads import ExampleUploader
from spaces_worker._files.output_files import file_of_bytes
from spaces_worker._files.transfers import Transfers
from tests.functional.worker.storage import PREFIX, Storage, here

pytestmark = pytest.mark.timeout(60)

PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)
HASH = hashlib.sha256(PNG).hexdigest()


@pytest.fixture
def storage():
    storage = Storage()
    yield storage
    storage.close()


class Uploading:
    """An uploader with one file; ``done`` is set each time it has uploaded what was wanted."""

    def __init__(self):
        self.done = asyncio.Event()
        files = {HASH: file_of_bytes("cat.png", "image/png", PNG)}
        transfers = Transfers(here(), first_wait=0.01)
        self.uploader = ExampleUploader(files, transfers, self.done.set)

    async def upload(self, storage, *missing):
        self.done.clear()
        self.uploader.upload(wanted(storage, *missing))
        await self.uploader.idle()


def wanted(storage, *missing):
    return ExampleUploads(space="demo", upload=storage.policy(), missing=list(missing))


async def test_a_file_that_is_asked_for_is_uploaded_and_announced(
    gateway, serving, storage, tmp_path
):
    (tmp_path / "cat.png").write_bytes(PNG)
    await serving(str, examples=[{"files": [tmp_path / "cat.png"]}])
    register = await gateway.hear(Register)
    (declared,) = register.examples["demo"]
    assert declared["files"] == [
        {"name": "cat.png", "content_type": "image/png", "size": len(PNG), "sha256": HASH}
    ]

    await gateway.links[-1].send(encode(wanted(storage, HASH)))

    again = await gateway.hear(Register)
    assert again.examples == register.examples
    assert storage.posted == {PREFIX + HASH: PNG}
    assert storage.types == {PREFIX + HASH: "image/png"}


async def test_a_file_that_is_unknown_is_not_uploaded(storage):
    uploading = Uploading()

    await uploading.upload(storage, "0" * 64, HASH)

    assert list(storage.posted) == [PREFIX + HASH]
    assert uploading.done.is_set()


async def test_what_is_only_unknown_is_no_reason_to_register(storage):
    uploading = Uploading()

    await uploading.upload(storage, "0" * 64)

    assert not uploading.done.is_set()


async def test_a_refused_upload_is_logged_and_may_be_asked_for_again(storage, caplog):
    storage.refusals = [403]
    uploading = Uploading()

    await uploading.upload(storage, HASH)
    assert "The examples of the space demo lack files: the example file 'cat.png'" in caplog.text
    assert not uploading.done.is_set()

    await uploading.upload(storage, HASH)
    assert uploading.done.is_set()


async def test_a_gateway_that_asks_forever_gets_a_file_three_times(storage):
    uploading = Uploading()

    for _ in range(5):
        await uploading.upload(storage, HASH)

    assert len(storage.targets) == 3
    assert not uploading.done.is_set()


async def test_an_upload_that_runs_is_not_begun_again(storage):
    storage.pause = 0.2
    uploading = Uploading()

    uploading.uploader.upload(wanted(storage, HASH))
    await uploading.upload(storage, HASH)

    assert len(storage.targets) == 1


async def test_the_end_of_the_worker_ends_an_upload(storage):
    storage.refusals = [503] * 1_000
    uploading = Uploading()
    uploading.uploader.upload(wanted(storage, HASH))

    await asyncio.wait_for(uploading.uploader.close(), 5)

    assert not uploading.done.is_set()
