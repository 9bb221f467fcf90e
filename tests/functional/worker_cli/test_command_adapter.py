"""``--command``: real programs, started for each request and ended with it."""

import asyncio
import contextlib
import shlex
import sys
from pathlib import Path

import psutil
import pytest

from spaces_worker import UserError
from spaces_worker._errors import FunctionError, SettingsError
from spaces_worker.adapters.command import CommandLine

pytestmark = [
    pytest.mark.timeout(60),
    pytest.mark.skipif(sys.platform == "win32", reason="tools of a shell"),
]


def shell(script):
    return CommandLine(f"sh -c {shlex.quote(script)} tool {{prompt_file}} {{output_dir}}")


async def test_the_prompt_comes_in_a_file_and_on_standard_input(ask):
    result = await ask(CommandLine("tr a-z A-Z"), "hello").answer()
    counted = await ask(CommandLine("wc -c {prompt_file}"), "hello").answer()

    assert result.text == "HELLO"
    assert counted.text.split()[0] == "5"


FILES = {"a.txt": ("text/plain", b"one"), "b.txt": ("text/plain", b"two")}
STDIN = {
    "names nothing": ("cat", None, "Hello"),
    "names the parameters": ("cat {params_file} -", None, "{}Hello"),
    "names the folder": ("sh -c cat tool {output_dir}", None, "Hello"),
    "names the prompt": ("sh -c cat tool {prompt_file}", None, ""),
    "names a file": ("sh -c cat tool {file}", None, ""),
    "names a file inside a word": ("sh -c cat tool --in={file}", None, ""),
    "names all files": ("sh -c cat tool {files}", None, ""),
    "names file and prompt": ("sh -c cat tool {file} {prompt_file}", None, ""),
    "file, and told to read": ("sh -c cat tool {file}", "prompt", "Hello"),
    "told not to read": ("cat", "none", ""),
}


@pytest.mark.parametrize(("command", "stdin", "read"), STDIN.values(), ids=STDIN)
async def test_standard_input_is_open_only_to_a_program_that_is_given_the_prompt_there(
    ask, command, stdin, read
):
    result = await ask(CommandLine(command, stdin=stdin), files=FILES).answer()

    assert (result.text or "") == read


async def test_a_key_typed_as_a_prompt_does_not_stop_a_program(ask):
    """As ffmpeg, which ends at a ``q`` on its standard input and waits for a command at a ``c``."""
    script = 'case "$(dd bs=1 count=1 2>&-)" in q) echo half ;; *) echo whole ;; esac'
    asked = ask(CommandLine(f"sh -c {shlex.quote(script)} tool {{file}}"), "q", files=FILES)

    assert (await asked.answer()).text == "whole\n"


NAMES = ["-rf", "--help.png", "a b;$(id).png", "*.p*g", "'.png", ".bashrc", "a.png\n-x", "é.tar.gz"]


async def test_no_name_of_a_file_reaches_the_program_but_its_ending(ask):
    files = dict.fromkeys(NAMES, ("text/plain", b"x"))
    asked = ask(CommandLine("printf '%s\\n' {file} {files}"), files=files)

    printed = (await asked.answer()).text.split()

    endings = ["", "", ".png", ".png", "", ".png", "", "", ".gz"]
    numbers = [1, *range(1, 9)]
    assert printed == [
        f"{asked.context.folder}/input-{number}{ending}"
        for number, ending in zip(numbers, endings, strict=True)
    ]


LISTS = {
    "playlist": b"#EXTM3U\n#EXTINF:7,\n/home/me/private.mp3\n",
    "playlist with a binary byte": b"#EXTM3U\n\xff\xff\n/home/me/private.mp3\n",
    "manifest": b'<?xml version="1.0"?><MPD><BaseURL>file:///home/me/private.mp4</BaseURL></MPD>',
    "manifest with a mark": b"\xef\xbb\xbf<MPD><BaseURL>file:///home/me/private.mp4</BaseURL></MPD>",
    "playlist after tags": 2 * (b"ID3\x03\0\0\0\0\1\2" + bytes(130)) + b"#EXTM3U\n",
    "playlist after many tags": 101 * b"ID3\x03\0\0\0\0\0\0" + b"#EXTM3U\n",
    "playlist after a footer": b"ID3\x04\0\x10\0\0\0\0" + b"3DI\x04\0\x10\0\0\0\0" + b"#EXTM3U\n",
    "script": b"ffconcat version 1.0\nfile /home/me/private.mp3\n",
    "session": b"v=0\no=- 0 0 IN IP4 127.0.0.1\n",
    "list of images": b"/home/me/scan.png\n",
    "short": b"/a",
    "drawing": b"push graphic-context\nimage over 0,0 0,0 '/home/me/scan.png'\n",
}


@pytest.mark.parametrize("content", LISTS.values(), ids=LISTS)
@pytest.mark.parametrize("kind", ["audio/mpeg", "image/svg+xml", "video/mp4", "Audio/x-mpegurl; a"])
async def test_text_declared_as_media_does_not_reach_a_program(ask, content, kind):
    """ffmpeg and tesseract open the files that it names, and put them into the answer."""
    with pytest.raises(UserError, match=r"a\.mp3 is not an image, audio or video file"):
        await ask(CommandLine("cat {file}"), files={"a.mp3": (kind, content)}).answer()


MEDIA = {
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff\xe0"),
    "gif": ("image/gif", b"GIF89a"),
    "bmp": ("image/bmp", b"BM66 "),
    "netpbm": ("image/x-portable-pixmap", b"P6\n6 6\n255\n"),
    "wav": ("audio/wav", b"RIFF$\0\0\0WAVE"),
    "mp3": ("audio/mpeg", b"ID3\x03\0\0\0\0\0\2" + b"\0\0" + b"\xff\xfb\x90\0"),
    "mp3, cut off": ("audio/mpeg", b"ID3\x03\0\0\x7f\x7f\x7f\x7f"),
    "mp3, begun": ("audio/mpeg", b"ID3\x03\0"),
    "amr": ("audio/amr", b"#!AMR\n"),
    "mp4": ("video/mp4", b"\0\0\0\x20ftypisom"),
    "webm": ("video/webm", b"\x1aE\xdf\xa3"),
    "empty": ("audio/wav", b""),
    "text": ("text/plain", b"#EXTM3U\n"),
    "unknown": ("application/octet-stream", b"text"),
}


@pytest.mark.parametrize(("kind", "content"), MEDIA.values(), ids=MEDIA)
async def test_media_and_other_files_reach_a_program(ask, kind, content):
    files = {"a": (kind, content)}

    assert (await ask(CommandLine("wc -c {file}"), files=files).answer()).text.split()[0] == str(
        len(content)
    )


PNG, SVG = b"\x89PNG\r\n\x1a\n", b"<svg xmlns="
ACCEPTED = {
    "all": (None, "text/plain", b"text", None),
    "its kind": (["image/*"], "image/png", PNG, None),
    "in capitals": (["Image/*"], "IMAGE/PNG; a=b", PNG, None),
    "its type": (["audio/wav", "image/png"], "image/png", PNG, None),
    "text, named in full": (["image/svg+xml"], "image/svg+xml", SVG, None),
    "text of a kind": (["image/*"], "image/svg+xml", SVG, "not an image, audio or video file"),
    "text, declared so": (["image/png"], "image/png", b"/home/me", "not an image, audio or video"),
    "another kind": (["image/*"], "text/plain", b"/home/me/a.png", "is text/plain; send a file"),
    "another type": (["image/png"], "image/gif", b"GIF89a", "one of these types: image/png."),
    "no type": (["image/*"], "", PNG, "one of these types"),
}


@pytest.mark.parametrize(("accept", "kind", "content", "error"), ACCEPTED.values(), ids=ACCEPTED)
async def test_a_program_gets_only_files_of_the_accepted_types(ask, accept, kind, content, error):
    asked = ask(CommandLine("cat {file}", accept=accept), files={"a": (kind, content)})

    with contextlib.nullcontext() if error is None else pytest.raises(UserError, match=error):
        await asked.answer()


async def test_the_prompt_is_written_to_its_file_as_it_is(ask):
    prompt = "-n\r\n\x00\u2028$(id)\n"
    asked = ask(CommandLine("cat {prompt_file}"), prompt)

    assert (await asked.answer()).text == prompt


async def test_nothing_of_a_request_is_in_the_environment_and_there_is_no_terminal(ask):
    script = "env; cat /proc/self/cmdline; (echo > /dev/tty) 2>&- && echo terminal; true"
    asked = ask(shell(script), "typed", params={"key": "chosen"}, files={"named": ("a/b", b"")})

    printed = (await asked.answer()).text

    for word in ("typed", "chosen", "named", "terminal\n"):
        assert word not in printed


async def test_the_working_folder_is_that_of_the_worker(ask):
    assert (await ask(CommandLine("pwd")).answer()).text.strip() == str(Path.cwd())


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        (r"\357\273\277Hi", "Hi"),
        (r"H\377i", "H\N{REPLACEMENT CHARACTER}i"),
        (r"", ""),
        (r" \n", " \n"),
    ],
)
async def test_odd_output_of_a_program_that_succeeds_is_its_answer(ask, printed, text):
    assert (await ask(shell(f"printf '{printed}'")).answer()).text == text


async def test_what_is_printed_is_streamed_before_the_end(ask):
    asked = ask(shell("printf one; read line <&0; while [ ! -e $2/go ]; do sleep 0.01; done"))

    await asked.first_piece()
    assert asked.pieces == ["one"]
    (asked.context.folder / "output" / "go").touch()

    assert (await asked.answer()).text == "one"


async def test_files_that_it_leaves_are_returned_by_name(ask):
    script = "mkdir $2/sub; echo b > $2/b.txt; echo a > $2/sub/a.txt; ln -s /etc/hostname $2/c"
    result = await ask(shell(script)).answer()

    assert [path.name for path in result.files] == ["b.txt", "a.txt"]
    assert result.text is None or result.text == ""


async def test_numbered_files_are_returned_in_the_order_of_their_numbers(ask):
    result = await ask(shell("for n in 1 2 10; do echo > $2/page-$n.txt; done")).answer()

    assert [path.name for path in result.files] == ["page-1.txt", "page-2.txt", "page-10.txt"]


async def test_files_of_the_user_are_arguments(ask):
    files = {"a.txt": ("text/plain", b"one"), "b.txt": ("text/plain", b"two")}

    first = await ask(CommandLine("cat {file}"), files=files).answer()
    both = await ask(CommandLine("cat {files}"), files=files).answer()

    assert (first.text, both.text) == ("one", "onetwo")


async def test_a_missing_file_is_told_to_the_user(ask):
    with pytest.raises(UserError, match="needs a file; attach one"):
        await ask(CommandLine("cat {file}")).answer()


async def test_params_come_as_json(ask):
    asked = ask(CommandLine("cat {params_file}"), params={"size": 2})

    assert (await asked.answer()).text == '{"size":2}'


async def test_nothing_of_a_prompt_is_read_by_a_shell(ask):
    assert (await ask(CommandLine("cat"), "$(id) ; `id`").answer()).text == "$(id) ; `id`"


async def test_the_token_is_not_handed_on_and_temporary_files_are_private(ask, monkeypatch):
    monkeypatch.setenv("SPACES_TOKEN", "wst_secret")
    asked = ask(CommandLine("env"))

    printed = (await asked.answer()).text

    assert "wst_secret" not in printed
    for name in ("TMPDIR", "TEMP", "TMP"):
        assert f"{name}={asked.context.folder}\n" in printed


async def test_a_failing_program_keeps_its_words_in_the_log(ask, caplog):
    with pytest.raises(UserError, match="The program failed") as failure:
        await ask(shell("echo first >&2; echo secret last >&2; exit 3")).answer()

    assert "secret" not in str(failure.value)
    assert "ended with 3: secret last" in caplog.text
    assert "first" not in caplog.text


async def test_a_missing_program_is_a_failure(ask, caplog):
    with pytest.raises(UserError, match="The program failed"):
        await ask(CommandLine("/nonexistent/program")).answer()

    assert "cannot be started" in caplog.text


def test_a_missing_program_is_named_before_the_first_request(tmp_path):
    with pytest.raises(FunctionError, match=r"'nonexist' is not found\. Check its name and PATH"):
        CommandLine("nonexist {file}").check_program()
    with pytest.raises(FunctionError, match="is not found"):
        CommandLine(shlex.quote(str(tmp_path))).check_program()


def test_a_program_is_looked_up_where_it_will_be_started(tmp_path, monkeypatch):
    program = tmp_path / "own {program}"
    program.touch(mode=0o755)
    monkeypatch.chdir(tmp_path)

    CommandLine("'./own {{program}}' {prompt_file}").check_program()
    with pytest.raises(FunctionError, match="is not found"):
        CommandLine("'own {{program}}'").check_program()
    monkeypatch.setenv("PATH", str(tmp_path))
    CommandLine("'own {{program}}'").check_program()


def test_a_program_that_may_not_be_executed_is_no_missing_one(tmp_path):
    program = tmp_path / "predict.sh"
    program.touch(mode=0o644)

    with pytest.raises(FunctionError, match=r"is not executable\. Change its mode with chmod"):
        CommandLine(str(program)).check_program()


def test_a_program_that_comes_with_the_request_is_not_looked_up():
    CommandLine("{prompt_file}").check_program()


async def test_a_cancelled_request_ends_the_program_and_its_children(ask):
    asked = ask(shell("sleep 60 & echo $!; wait"))
    await asked.first_piece()
    child = int(asked.pieces[0])
    assert psutil.pid_exists(child)

    await asked.cancel()

    assert asked.task.cancelled()
    assert gone(child)


async def test_a_program_that_ignores_the_signal_is_killed(ask, monkeypatch):
    monkeypatch.setattr("spaces_worker.adapters._process.GRACE_SECONDS", 0.05)
    asked = ask(shell("trap '' TERM; echo $$; while true; do sleep 0.01; done"))
    await asked.first_piece()

    await asked.cancel()

    assert gone(int(asked.pieces[0]))


async def test_children_left_behind_do_not_hold_up_the_answer(ask):
    asked = ask(shell("sleep 60 & echo $!"))

    printed = (await asked.answer()).text

    assert gone(int(printed))


@pytest.mark.parametrize("kept", ["", ">&-", "2>&-"])
async def test_a_child_in_a_session_of_its_own_does_not_hold_up_the_answer(ask, kept, caplog):
    caplog.set_level("INFO")
    child = "setsid sh -c 'echo $$ > $0/pid; exec sleep 600' $2"
    asked = ask(shell(f"{child} {kept} & while [ ! -s $2/pid ]; do sleep 0.01; done; cat $2/pid"))

    async with asyncio.timeout(10):
        printed = (await asked.answer()).text

    psutil.Process(int(printed)).kill()
    assert "something that it started still has its output open" in caplog.text


async def test_what_is_printed_until_shortly_after_the_exit_belongs_to_the_answer(ask):
    child = "setsid sh -c 'touch $0/begun; sleep 0.2; echo late' $2"
    asked = ask(shell(f"{child} & while [ ! -e $2/begun ]; do sleep 0.01; done; printf 'first '"))

    assert (await asked.answer()).text == "first late\n"


async def test_endless_output_is_ended(ask):
    with pytest.raises(UserError, match="too large"):
        await ask(CommandLine("yes")).answer()


async def test_no_character_is_torn_apart(ask):
    code = "import os,time\nfor b in 'Grüße'.encode(): os.write(1, bytes([b])); time.sleep(0.005)"
    asked = ask(CommandLine(shlex.join([sys.executable, "-c", code])))

    assert (await asked.answer()).text == "Grüße"
    assert "\N{REPLACEMENT CHARACTER}" not in "".join(asked.pieces)


@pytest.mark.parametrize(
    ("command", "part"),
    [
        ("", "the command is empty"),
        ("cat 'a", "No closing quotation"),
        ("cat {prompt}", "unknown placeholder {prompt}"),
        ("cat --in={files}", "must be a separate argument"),
    ],
)
def test_a_wrong_command_is_refused(command, part):
    with pytest.raises(SettingsError, match=part):
        CommandLine(command)


@pytest.mark.parametrize("kind", ["png", "image/", "*/*", "image/*;a=b", "a b/c", ""])
def test_a_wrong_type_is_refused(kind):
    with pytest.raises(SettingsError, match="is not a media type, such as image"):
        CommandLine("cat {file}", accept=[kind])


async def test_two_braces_are_one(ask):
    assert (await ask(CommandLine("printf %s {{x}}")).answer()).text == "{x}"


def gone(pid):
    """Whether a process ends, at the latest in a moment."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        if process.status() != psutil.STATUS_ZOMBIE:
            process.wait(5)
    return True
