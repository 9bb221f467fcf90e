"""What lies on disk, whatever happened to it meanwhile."""

import os
import stat
import threading
from pathlib import Path

import pytest

from spaces_protocol.worker_messages import Output, Result, Usage
from spaces_worker._doctor.examine import examine
from spaces_worker._session.effects import DeleteResult, SaveResult
from spaces_worker._settings import Settings
from spaces_worker._storage.result_store import (
    ABANDONED_SECONDS,
    MAX_FILE_BYTES,
    ResultStore,
    check_folder,
    results_folder,
)

FULL = Result(
    request_id="echo.7.AbC_-0123456789abcdefg",
    attempt=2,
    status="completed",
    output=Output(text="Grüße 語 \x00", data={"a": [1, 0.1, None, 2**60]}),
    confidence=0.97,
    model="tiny",
    usage=Usage(input_tokens=3, output_tokens=1, total_tokens=4),
    inference_time=0.8,
)


def result(name, text="Hi"):
    return Result(request_id=name, attempt=1, status="completed", output=Output(text=text))


class Clock:
    def __init__(self):
        self.now = 1_900_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def files(tmp_path, clock):
    return ResultStore(tmp_path / "results" / "atlas-1", clock)


def loaded(files):
    return [kept.result for kept in files.load()]


def names(files):
    return sorted(path.name for path in files.folder.iterdir())


def only_path(files):
    (path,) = files.folder.iterdir()
    return path


def test_a_result_is_found_exactly_as_it_was_kept_by_another_process(files):
    files.apply(SaveResult(FULL))

    assert loaded(ResultStore(files.folder)) == [FULL]


def test_nothing_is_found_and_no_folder_made_where_nothing_was_kept(files):
    assert loaded(files) == []
    assert not files.folder.exists()


def test_a_forgotten_result_is_gone_and_forgetting_twice_is_nothing(files):
    files.apply(SaveResult(result("a")))

    files.apply(DeleteResult("a"))
    files.apply(DeleteResult("a"))

    assert names(files) == []


def test_a_result_replaces_the_one_of_the_same_request(files):
    files.apply(SaveResult(result("a", "old")))
    files.apply(SaveResult(result("a", "new")))

    assert loaded(files) == [result("a", "new")]
    assert len(names(files)) == 1


def test_results_are_found_in_the_order_in_which_they_were_kept_with_their_age(files, clock):
    for name in "cab":
        files.apply(SaveResult(result(name)))
        clock.now += 10

    assert [(kept.result.request_id, kept.age) for kept in files.load()] == [
        ("c", 30.0),
        ("a", 20.0),
        ("b", 10.0),
    ]


def test_a_clock_that_was_set_back_gives_no_negative_age(files, clock):
    files.apply(SaveResult(result("a")))
    clock.now -= 1000

    assert files.load()[0].age == 0.0


@pytest.mark.parametrize("name", ["../../escape", "a/b", "x" * 90, "nul\0", "CON", "語"])
def test_no_request_id_leads_out_of_the_folder(files, tmp_path, name):
    files.apply(SaveResult(result(name)))

    assert loaded(files) == [result(name)]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [only_path(files)]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_folder_and_files_are_private_whatever_the_umask(files):
    former = os.umask(0)
    try:
        files.apply(SaveResult(result("a")))
    finally:
        os.umask(former)

    assert stat.S_IMODE(files.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(only_path(files).stat().st_mode) == 0o600


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_folder_that_others_may_enter_is_shut(files):
    files.folder.mkdir(parents=True, mode=0o777)
    files.folder.chmod(0o777)

    files.load()

    assert stat.S_IMODE(files.folder.stat().st_mode) == 0o700


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_folder_of_another_user_is_not_used(files, monkeypatch):
    files.apply(SaveResult(result("a")))
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)

    with pytest.raises(PermissionError, match="another user"):
        files.load()
    with pytest.raises(PermissionError, match="another user"):
        files.apply(SaveResult(result("b")))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"kept_at": 1}',
        b'{"kept_at": "x", "result": {}}',
        b'{"kept_at": 1, "result": {"action": "ping"}}',
        b"[" * 100_000,
        b" " * (MAX_FILE_BYTES + 1),
    ],
)
def test_a_file_that_cannot_be_read_is_put_aside_and_the_others_are_found(files, caplog, content):
    files.apply(SaveResult(result("a")))
    broken = only_path(files)
    files.apply(SaveResult(result("b")))
    broken.write_bytes(content)

    assert loaded(files) == [result("b")]
    assert broken.with_suffix(".unreadable").read_bytes() == content
    assert "cannot be read" in caplog.text
    caplog.clear()
    assert loaded(files) == [result("b")]
    assert caplog.text == ""


def test_a_folder_in_place_of_a_file_is_put_aside(files, caplog):
    (files.folder / "x.json").mkdir(parents=True)

    assert loaded(files) == []
    assert "cannot be read" in caplog.text


def test_a_file_half_written_by_a_process_that_died_is_never_taken_for_a_result(files, clock):
    files.apply(SaveResult(result("a")))
    half = files.folder / "0123.4567.tmp"
    half.write_bytes(b'{"kept_at": 1, "resu')

    os.utime(half, (clock.now, clock.now))
    assert loaded(files) == [result("a")]
    assert half.exists()  # another process may be writing it right now
    os.utime(half, (clock.now - ABANDONED_SECONDS - 1,) * 2)
    assert loaded(files) == [result("a")]

    assert not half.exists()


def test_files_that_were_put_aside_go_after_a_week(files, clock):
    files.apply(SaveResult(result("a")))
    only_path(files).write_bytes(b"")
    files.load()
    aside = only_path(files)
    os.utime(aside, (clock.now,) * 2)

    clock.now += 6 * 24 * 3600
    files.load()
    assert aside.exists()
    clock.now += 2 * 24 * 3600
    files.load()

    assert not aside.exists()


def test_a_write_that_fails_leaves_the_earlier_file_and_nothing_else(files, monkeypatch):
    files.apply(SaveResult(result("a", "old")))

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.apply(SaveResult(result("a", "new")))

    assert loaded(files) == [result("a", "old")]
    assert len(names(files)) == 1


def test_a_result_is_on_the_disk_before_it_has_its_name(files, monkeypatch):
    seen = []
    sync = os.fsync

    def watched(descriptor):
        seen.append([path.suffix for path in files.folder.iterdir()])
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    files.apply(SaveResult(result("a")))

    assert seen == [[".tmp"]]
    assert [Path(name).suffix for name in names(files)] == [".json"]


def test_an_empty_folder_is_removed_at_the_end_and_a_full_one_stays(files):
    files.remove_if_empty()
    files.apply(SaveResult(result("a")))
    files.remove_if_empty()
    assert loaded(files) == [result("a")]

    files.apply(DeleteResult("a"))
    files.remove_if_empty()

    assert not files.folder.exists()


def test_workers_and_gateways_have_folders_of_their_own(tmp_path):
    owners = [("wss://a/v1", "x"), ("wss://b/v1", "x"), ("wss://a/v1", "y"), ("wss://a/v1\nx", "y")]

    folders = {results_folder(tmp_path, url, worker_id) for url, worker_id in owners}

    assert len(folders) == 4
    assert results_folder(tmp_path, "wss://a/v1/", "x") in folders
    assert all(folder.parent == tmp_path / "results" for folder in folders)


def test_two_processes_of_one_worker_never_see_a_broken_file(files, caplog):
    twin = ResultStore(files.folder)
    finds = []

    def write(side, text):
        for _ in range(50):
            side.apply(SaveResult(result("a", text * 1000)))
            side.apply(DeleteResult("b"))
            side.apply(SaveResult(result("b", text)))

    def read():
        for _ in range(50):
            finds.extend(loaded(twin))

    threads = [
        threading.Thread(target=write, args=(files, "x")),
        threading.Thread(target=write, args=(twin, "y")),
        threading.Thread(target=read),
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert "cannot be read" not in caplog.text
    assert {found.output.text for found in finds} <= {"x", "y", "x" * 1000, "y" * 1000}
    assert len(names(files)) == 2


def unusable_folders(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("nowhere")
    return [tmp_path / name for name in ("file/x", "loop/x", "dangling", "a" * 300)] + [
        Path("/proc/x")
    ]


def test_a_folder_that_cannot_keep_results_is_found_before_there_is_one(tmp_path):
    for folder in unusable_folders(tmp_path):
        with pytest.raises(OSError):  # noqa: PT011 - each system has its own words
            ResultStore(folder / "results").load()


def test_checking_a_folder_leaves_nothing_behind(tmp_path):
    check_folder(tmp_path / "a" / "b" / "c")
    (tmp_path / "own").mkdir(mode=0o700)
    check_folder(tmp_path / "own")

    assert [path.name for path in tmp_path.rglob("*")] == ["own"]


async def test_doctor_and_a_worker_agree_about_a_folder(tmp_path):
    for folder in [*unusable_folders(tmp_path), tmp_path / "new"]:
        try:
            settings = Settings(
                url="wss://gw.invalid", token="t", spaces=("a",), worker_id="a", state_dir=folder
            )
            ResultStore(results_folder(folder, settings.url, "a")).load()
            expected = "ok"
        except OSError:
            expected = "warning"

        checks = examine(settings)
        await anext(checks)
        check = await anext(checks)
        await checks.aclose()

        assert check.status == expected, folder
