"""Files in and out, over real sockets: whole, in spite of a bad network, and within the limits."""

import asyncio
import hashlib
import random
import re
import resource
import stat
import tempfile
import threading
import time
from contextlib import contextmanager

import pytest

from spaces_protocol.codec import encode
from spaces_protocol.gateway_messages import Cancel, Input, PresignedFile, Request
from spaces_protocol.worker_messages import Progress, Register, Result
from spaces_worker import File, RequestContext, TransferError, Worker
from spaces_worker import Result as Answer
from spaces_worker._files.output_files import file_of_bytes
from spaces_worker._files.retry import RetryDeadline
from spaces_worker._files.transfers import Transfers
from tests.functional.worker.conftest import TOKEN, Relay, make_request
from tests.functional.worker.storage import PREFIX, Storage, here

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def storage():
    storage = Storage()
    yield storage
    storage.close()


def noise(size):
    return random.Random(7).randbytes(size)


def digest(content):
    return hashlib.sha256(content).hexdigest()


def patience(seconds=20.0):
    return RetryDeadline(time.monotonic() + seconds, threading.Event())


def transfers():
    return Transfers(here(), first_wait=0.01)


def asks(storage, *files, prompt="Hello", policy=True):
    plain = make_request("demo.1.nnnnnnnnnnnnnnnnnnnnnn")
    return Request(
        request_id=plain.request_id,
        space="demo",
        attempt=1,
        deadline=plain.deadline,
        input=Input(prompt=prompt, files=list(files)),
        upload=storage.policy() if policy else None,
    )


async def answered(gateway, serving, function, request):
    await serving(function)
    await gateway.hear(Register)
    await gateway.links[-1].send(encode(request))
    return await gateway.hear(Result)


async def test_large_files_pass_unharmed_with_progress_and_no_frame_is_too_large(
    gateway, storage, tmp_path
):
    relay = Relay(gateway.port)
    await relay.start()
    twenty, thirty = noise(20_000_000), noise(30_000_000)
    seen = []

    def function(context: RequestContext):
        (file,) = context.files
        seen.append((file.name, file.content_type, file.size, digest(file.read_bytes())))
        path = context.folder / "big.wav"
        path.write_bytes(thirty)
        return Answer(text="x" * 20_000, files=[path, File(b"small", name="a.txt")])

    worker = Worker(
        url=f"ws://127.0.0.1:{relay.port}/v1", token=TOKEN, worker_id="w", state_dir=tmp_path
    )
    worker.space("demo")(function)
    task = asyncio.create_task(worker.serve())
    await gateway.hear(Register)
    request = asks(storage, storage.sent("in.bin", twenty, "audio/flac"))
    await gateway.links[-1].send(encode(request))
    result = await gateway.hear(Result)
    worker.stop()
    await task
    await relay.stop()

    big, small = result.output.files
    assert seen == [("in.bin", "audio/flac", 20_000_000, digest(twenty))]
    assert (big.name, big.content_type, big.size) == ("big.wav", "audio/x-wav", 30_000_000)
    assert (small.name, small.content_type, small.size) == ("a.txt", "text/plain", 5)
    assert digest(storage.posted[big.key]) == digest(thirty)
    assert storage.posted[small.key] == b"small"
    assert storage.types[big.key] == "audio/x-wav"
    assert max(size for size, _ in relay.frames) <= 32 * 1024


async def test_the_upload_is_shown_to_the_user(gateway, storage, serving, caplog):
    caplog.set_level("INFO")
    storage.pause = 1.3
    await serving(lambda prompt: noise(20_000_000))
    await gateway.hear(Register)
    await gateway.links[-1].send(encode(asks(storage)))

    progress = await gateway.hear(Progress)
    result = await gateway.hear(Result)

    assert re.fullmatch(r"Sending the result: \d+ %", progress.message)
    assert 0 < progress.percent < 100
    assert result.output.files[0].size == 20_000_000
    assert "sending 20.0 MB" in caplog.text


@pytest.mark.parametrize(("length", "by_socket"), [(90_000, True), (100_000, False)])
async def test_a_long_text_goes_by_the_socket_or_by_the_storage_as_fits(
    gateway, storage, serving, length, by_socket
):
    result = await answered(
        gateway, serving, lambda prompt: Answer(text="x" * length, data={"a": 1}), asks(storage)
    )

    if by_socket:
        assert (result.output.text, result.output.body_key) == ("x" * length, None)
        assert storage.posted == {}
    else:
        assert (result.output.text, result.output.data) == (None, None)
        assert result.output.body_key == f"{PREFIX}body"
        assert storage.posted[result.output.body_key].startswith(b'{"text":"xxx')
        assert storage.posted[result.output.body_key].endswith(b'x","data":{"a":1}}')


async def test_a_text_beyond_all_limits_is_a_failure_that_says_so(gateway, storage, serving):
    result = await answered(gateway, serving, lambda prompt: "x" * 5_000_000, asks(storage))

    assert result.error.type == "output_too_large"
    assert "at most 4096 KB fit. A file may be larger." in result.error.message
    assert storage.posted == {}


async def test_files_without_a_place_to_go_are_a_failure(gateway, storage, serving, caplog):
    request = asks(storage, policy=False)
    result = await answered(gateway, serving, lambda prompt: b"bytes", request)

    assert result.error.message == "A file of this request could not be transferred."
    assert "gave no upload address for the files" in caplog.text


async def test_a_file_that_the_gateway_refuses_is_a_failure_that_is_logged(
    gateway, storage, serving, caplog
):
    storage.refusals = [403]
    result = await answered(gateway, serving, lambda prompt: b"bytes", asks(storage))

    assert result.error.type == "worker_error"
    assert "403: <Error><Code>Why</Code></Error>" in caplog.text


async def test_what_lay_in_the_private_folder_is_gone_afterwards(gateway, storage, serving):
    folders = []

    def function(context: RequestContext):
        path = context.files[0].path()
        folders.append((path.parent, stat.S_IMODE(path.parent.stat().st_mode), path.suffix))
        return path

    file = storage.sent("in.png", b"\x89PNG\r\n\x1a\n")
    result = await answered(gateway, serving, function, asks(storage, file))

    ((folder, mode, suffix),) = folders
    assert result.output.files[0].content_type == "image/png"
    assert (mode, suffix) == (0o700, ".png")
    assert not folder.exists()


async def test_an_async_function_downloads_beside_the_event_loop(gateway, storage, serving):
    tries = []

    async def function(context: RequestContext):
        (file,) = context.files
        try:
            file.path()
        except RuntimeError as error:
            tries.append(str(error))
        path = await file.download()
        with file.open() as opened:
            return {"same": path == file.path(), "content": opened.read().decode()}

    file = storage.sent("a.txt", b"Hello")
    result = await answered(gateway, serving, function, asks(storage, file))

    assert "await file.download()" in tries[0]
    assert result.output.data == {"same": True, "content": "Hello"}
    assert len(storage.ranges) == 1


async def test_a_cancelled_request_ends_its_download(gateway, storage, serving):
    began, failed = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    storage.refusals = [503] * 10_000

    def function(context: RequestContext):
        loop.call_soon_threadsafe(began.set)
        try:
            context.files[0].path()
        except TransferError:
            loop.call_soon_threadsafe(failed.set)

    await serving(function)
    await gateway.hear(Register)
    request = asks(storage, storage.sent("a.txt", b"Hello"))
    await gateway.links[-1].send(encode(request))
    await began.wait()
    cancel = Cancel(request_id=request.request_id, attempt=1, reason="cancelled")
    await gateway.links[-1].send(encode(cancel))

    await asyncio.wait_for(failed.wait(), 10)


def test_a_download_that_breaks_off_goes_on_where_it_ended(storage, tmp_path):
    content = noise(300_000)
    storage.breaks = [100_000, 50_000]
    sent = storage.sent("in.bin", content)

    transfers().download(sent, tmp_path / "in", patience())

    assert (tmp_path / "in").read_bytes() == content
    assert storage.ranges == [None, "bytes=100000-", "bytes=150000-"]


def test_an_overloaded_storage_is_asked_again(storage, tmp_path):
    storage.refusals = [503, 500, 429]

    transfers().download(storage.sent("a", b"Hello"), tmp_path / "a", patience())

    assert (tmp_path / "a").read_bytes() == b"Hello"


def test_an_upload_is_sent_again_from_its_beginning(storage):
    storage.refusals = [503, 500]
    told = []
    file = file_of_bytes("a.bin", "application/x-a", noise(200_000))

    transfers().upload(storage.policy(), f"{PREFIX}1", file, patience(), told.append)

    assert digest(storage.posted[f"{PREFIX}1"]) == digest(noise(200_000))
    assert max(told) == 200_000


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_refusal_is_not_asked_again(storage, tmp_path, status):
    storage.refusals = [status]

    with pytest.raises(TransferError, match=f"{status}: <Error>"):
        transfers().download(storage.sent("a", b"Hello"), tmp_path / "a", patience())
    assert len(storage.ranges) == 1


def test_patience_has_an_end(storage, tmp_path):
    storage.refusals = [503] * 1_000

    with pytest.raises(TransferError, match="'a' could not be transferred"):
        transfers().download(storage.sent("a", b"Hello"), tmp_path / "a", patience(0.05))


def test_more_than_was_announced_is_refused(storage, tmp_path):
    sent = storage.sent("a", b"Hello, you", size=5)

    with pytest.raises(TransferError, match="larger than announced"):
        transfers().download(sent, tmp_path / "a", patience())


@pytest.mark.parametrize("size", [0, 5])
def test_small_files_pass_too(storage, tmp_path, size):
    transfers().download(storage.sent("a", b"Hello"[:size]), tmp_path / "a", patience())

    assert (tmp_path / "a").read_bytes() == b"Hello"[:size]


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://127.0.0.1/a", "data:,a"])
def test_only_web_addresses_are_followed(storage, tmp_path, url):
    sent = storage.sent("a", b"Hello")
    hostile = type(sent)(name="a", content_type="", size=5, url=url)

    with pytest.raises(TransferError, match="does not use http or https"):
        transfers().download(hostile, tmp_path / "a", patience())


def test_a_redirection_is_not_followed(storage, tmp_path):
    storage.refusals = [302]

    with pytest.raises(TransferError, match="302"):
        transfers().download(storage.sent("a", b"Hello"), tmp_path / "a", patience())


@contextmanager
def small_files():
    """Let this process write files of 100 kB at most; pytest's own report may be longer."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_said_at_once_with_the_folder_and_the_remedy(storage, tmp_path):
    (tmp_path / "in").symlink_to("/dev/full")
    sent = storage.sent("cat.png", noise(300_000))

    with pytest.raises(TransferError) as raised:
        transfers().download(sent, tmp_path / "in", patience())

    assert f"'cat.png' could not be written to {tmp_path} (No space left" in str(raised.value)
    assert "free some space there, or set the variable TMPDIR to another folder" in str(
        raised.value
    )
    assert len(storage.ranges) == 1


def test_a_limit_on_written_files_is_said_at_once(storage, tmp_path):
    with small_files(), pytest.raises(TransferError, match=r"\(File too large\): .*ulimit -f"):
        transfers().download(storage.sent("a", noise(300_000)), tmp_path / "in", patience())
    assert len(storage.ranges) == 1


def test_a_folder_that_is_gone_is_said_before_anything_is_fetched(storage, tmp_path):
    with pytest.raises(TransferError, match=r"to .*/gone \(No such file or directory\)"):
        transfers().download(storage.sent("a", b"Hi"), tmp_path / "gone" / "a", patience())
    assert storage.ranges == []


def test_a_file_of_the_answer_that_is_gone_is_said_at_once(storage, tmp_path):
    file = file_of_bytes("a", "text/plain", b"Hello")
    gone = type(file)(file.name, file.content_type, 5, (tmp_path / "gone").open)

    with pytest.raises(TransferError, match="'a' of the answer could not be read"):
        transfers().upload(storage.policy(), f"{PREFIX}1", gone, patience())
    assert len(storage.targets) <= 1


async def test_a_temporary_folder_that_cannot_be_had_is_said_to_the_operator(
    gateway, storage, serving, monkeypatch, caplog
):
    monkeypatch.setattr(tempfile, "tempdir", "/nonexistent/temporary")
    file = storage.sent("in.png", b"Hi")
    result = await answered(
        gateway, serving, lambda context: context.files[0].path(), asks(storage, file)
    )

    assert result.error.message == "A file of this request could not be transferred."
    assert "could not be written to /nonexistent/temporary/spaces-worker-new" in caplog.text
    assert "TMPDIR" in caplog.text


def test_the_right_part_is_known_by_its_range_even_with_the_wrong_status(storage, tmp_path):
    content = noise(10_000)
    file = storage.sent("in.bin", content)
    storage.breaks, storage.partial = [5_000], 200

    transfers().download(file, tmp_path / "in.bin", patience())

    assert (tmp_path / "in.bin").read_bytes() == content
    assert storage.ranges == [None, "bytes=5000-"]


def test_a_whole_file_instead_of_its_rest_is_taken_as_such(storage, tmp_path):
    content = noise(10_000)
    file = storage.sent("in.bin", content)
    storage.breaks, storage.starts = [5_000], [0]

    transfers().download(file, tmp_path / "in.bin", patience())

    assert (tmp_path / "in.bin").read_bytes() == content
    assert storage.ranges == [None, "bytes=5000-"]


@pytest.mark.parametrize("starts", [[100], [1_000], [7_000, 8_000]])
def test_another_part_than_asked_for_is_not_put_together(storage, tmp_path, starts):
    content = noise(10_000)
    file = storage.sent("in.bin", content)
    storage.breaks, storage.starts = [5_000, *([10_000] * len(starts))], list(starts)

    transfers().download(file, tmp_path / "in.bin", patience())

    assert (tmp_path / "in.bin").read_bytes() == content
    assert storage.ranges[:3] == [None, "bytes=5000-", None]


@pytest.mark.parametrize("have", [0, 2_000])
def test_a_file_that_was_replaced_after_it_was_submitted_is_not_taken(storage, tmp_path, have):
    content = noise(5_000)
    file = storage.sent("in.bin", content, etag='"one"')
    (tmp_path / "in.bin").write_bytes(content[:have])
    storage.etags["in.bin"] = '"two"'

    with pytest.raises(TransferError, match=r"'in\.bin' was replaced after it was submitted"):
        transfers().download(file, tmp_path / "in.bin", patience())

    assert len(storage.targets) == 1


def test_a_file_that_is_as_it_was_submitted_is_taken(storage, tmp_path):
    file = storage.sent("in.bin", b"content", etag='"one"')

    transfers().download(file, tmp_path / "in.bin", patience())

    assert (tmp_path / "in.bin").read_bytes() == b"content"


def unreachable(name="cat.png"):
    return PresignedFile(
        name=name, content_type="", size=5, url=f"http://127.0.0.1:9/{name}?secret=x"
    )


def test_storage_that_cannot_be_reached_is_a_warning_while_it_is_tried(tmp_path, caplog):
    with pytest.raises(TransferError, match=r"'cat.png' could not be .*Connection refused") as end:
        transfers().download(unreachable(), tmp_path / "a", patience(0.3))

    (warning,) = [each for each in caplog.records if each.levelname == "WARNING"]
    assert "'cat.png' could not be transferred yet; retrying (127.0.0.1:9: " in warning.getMessage()
    assert "Connection refused" in warning.getMessage()
    assert "a separate host, which this machine must be able to reach" in warning.getMessage()
    assert "secret" not in caplog.text + str(end.value)


@pytest.mark.parametrize(("first_wait", "said"), [(0.01, "yet"), (60.0, "in time")])
def test_the_reason_is_said_when_the_request_ends_before_the_file_came(
    tmp_path, caplog, first_wait, said
):
    waiting = patience(100)
    threading.Timer(0.3, waiting.cancelled.set).start()

    with pytest.raises(TransferError, match=r"no longer wanted .*Connection refused") as end:
        Transfers(here(), first_wait=first_wait).download(unreachable(), tmp_path / "a", waiting)

    (warning,) = [each for each in caplog.records if each.levelname == "WARNING"]
    assert said in warning.getMessage()
    assert "Connection refused" in str(end.value.__cause__)


def test_storage_that_recovers_is_said_as_well(storage, tmp_path, caplog):
    caplog.set_level("INFO")
    storage.refusals = [503, 503, 503]

    transfers().download(storage.sent("a", b"Hello"), tmp_path / "a", patience())

    assert "503: <Error>" in caplog.text
    assert "The file 'a' was transferred on attempt 4." in caplog.text


def test_one_failed_try_is_no_warning(storage, tmp_path, caplog):
    storage.refusals = [503]

    transfers().download(storage.sent("a", b"Hello"), tmp_path / "a", patience())

    assert [each for each in caplog.records if each.levelname == "WARNING"] == []


def test_a_file_that_shrinks_while_it_is_sent_is_a_failure(storage):
    file = file_of_bytes("a", "text/plain", b"Hello")
    longer = type(file)(file.name, file.content_type, 9, file.open)

    with pytest.raises(TransferError, match="became shorter"):
        transfers().upload(storage.policy(), f"{PREFIX}1", longer, patience(0.0))
