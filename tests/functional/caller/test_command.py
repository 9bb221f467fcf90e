"""The command ``spaces`` in pipes: what it writes where, and how it ends."""

import json
import re
from pathlib import Path

import pytest

from spaces.domain.space import Definition
from spaces.services.spaces.create_space import create_space
from tests.functional.caller.support.command import environment, in_shell, piped
from tests.functional.openai.support.scripts import answers, says

SCHEMA = {
    "type": "object",
    "properties": {
        "beam": {"type": "integer", "default": 4, "description": "how wide\x1b[2J to look"},
        "mode": {"enum": ["fast", "good"]},
    },
}


@pytest.fixture
def env(server, tmp_path):
    return environment(server, tmp_path)


@pytest.fixture
def spaces_command(env):
    return lambda *words, **options: piped(env, *words, **options)


def test_the_answer_alone_goes_to_the_output(spaces_command, play):
    play(says("Hello", " you"))

    ended = spaces_command("run", "echo", "hi")

    assert (ended.code, ended.out, ended.err) == (0, "Hello you\n", "")


def test_a_prompt_comes_from_the_input_if_asked_for(spaces_command, play):
    worker = play(says("ok"))

    spaces_command("run", "echo", "-", given="多行\ntext\n")

    assert worker.taken[0].input.prompt == "多行\ntext\n"


def test_options_are_json_or_text(spaces_command, play):
    worker = play(says("ok"))
    options = ("beam=4", "mode=good", "big=6687881544318117707", 'id="5"', "on=true", "nan=NaN")

    ended = spaces_command("run", "echo", "hi", *[x for o in options for x in ("--option", o)])

    assert ended.code == 0
    assert worker.taken[0].input.params == {
        "beam": 4,
        "mode": "good",
        "big": 6687881544318117707,
        "id": "5",
        "on": True,
        "nan": "NaN",
    }


def test_an_answer_without_text_is_its_data(spaces_command, play):
    play(answers(output={"data": {"a": [1]}}))

    assert json.loads(spaces_command("run", "echo", "hi").out) == {"a": [1]}


def test_data_goes_into_a_pipe_as_it_is(spaces_command, play):
    play(answers(output={"data": "\x9b2J\u202e"}))

    assert spaces_command("run", "echo", "hi").out == '"\x9b2J\u202e"\n'


def test_json_has_everything_a_program_needs(spaces_command, play):
    play(says("Hello", usage={"input_tokens": 1}))

    ended = spaces_command("run", "echo", "hi", "--json", "--metadata", "order=7")
    said = json.loads(ended.out)

    assert (said["text"], said["status"], said["metadata"]) == (
        "Hello",
        "COMPLETED",
        {"order": "7"},
    )
    assert said["usage"]["input_tokens"] == 1
    assert re.fullmatch(r"echo\.1\.[\w-]{22}", said["request_id"])


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_a_failed_request_is_exit_code_1(spaces_command, play, words):
    play(answers(status="failed", error={"type": "too_loud", "message": "Be quiet.\x1b[2J"}))

    ended = spaces_command("run", "echo", "hi", *words)

    assert ended.code == 1
    if words:
        said = json.loads(ended.out)
        assert (said["status"], said["error_type"]) == ("FAILED", "too_loud")
    else:
        error, request, _ = ended.err.split("\n")
        assert (ended.out, error) == ("", "Error: Be quiet.\\x1b[2J (too_loud)")
        assert request.startswith("Request: echo.1.")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run",), "Missing argument 'SPACE'"),
        (("run", "echo"), "Pass a prompt"),
        (("run", "echo", "hi", "--option", "beam"), "--option beam is not NAME=VALUE"),
        (("run", "echo", "hi", "--file", "/nowhere"), "'/nowhere' cannot be read"),
        (("run", "echo", "hi", "--run-timeout", "1000000"), "timeout_seconds"),
        (("run", "echo", "hi", "--run-timeout", "nan"), "timeout_seconds is nan"),
        (("run", "echo", "hi", "--idempotency-key", ""), "idempotency_key must have 1 to 255"),
        (("run", "echo", "hi", "--idempotency-key", "é"), "idempotency_key must have 1 to 255"),
        (("result", "echo.1"), "not a request id"),
        (("rum",), "No such command 'rum'"),
        (("chat", "quiet"), "takes no conversations"),
    ],
)
def test_what_is_wrong_with_a_call_is_exit_code_2(spaces_command, live, words, said):
    live.create_space("quiet")

    ended = spaces_command(*words)

    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_the_gateway_s_refusal_is_exit_code_3(spaces_command, live):
    live.create_space("tight", max_queue_length=1)
    spaces_command("run", "tight", "first", "--no-wait")

    ended = spaces_command("run", "tight", "second")

    assert ended.code == 3
    assert "(queue_full)" in ended.err
    assert spaces_command("run", "nowhere", "hi").code == 3


def test_an_address_where_nothing_is_says_so_soon(env):
    ended = piped({**env, "SPACES_API_URL": "http://127.0.0.1:9"}, "list")

    assert ended.code == 3
    assert "http://127.0.0.1:9 did not answer" in ended.err


def test_a_request_is_left_and_found_again(spaces_command, play):
    request_id = spaces_command("run", "echo", "hi", "--no-wait").out.strip()

    assert "no worker is connected" in spaces_command("status", request_id).out
    late = spaces_command("result", request_id, "--timeout", "0.2")
    assert (late.code, late.out) == (4, "")
    assert late.err.splitlines()[1:] == [
        "No worker is connected.",
        f"Its result: spaces result {request_id}",
        f"To cancel it: spaces cancel {request_id}",
    ]

    play(says("there"))
    assert spaces_command("result", request_id).out == "there\n"
    assert spaces_command("status", request_id).out == "COMPLETED\n"
    assert spaces_command("cancel", request_id).code == 3


def test_the_time_is_over_while_a_worker_runs_it(spaces_command, live):
    live.join("w1")

    late = spaces_command("run", "echo", "hi", "--timeout", "0.2")

    assert late.code == 4
    assert re.fullmatch(
        r"Error: (echo\.1\.\S+) has not ended .*\n"
        r"Its result: spaces result \1\nTo cancel it: spaces cancel \1\n",
        late.err,
    )


def test_a_waiting_request_is_cancelled(spaces_command):
    request_id = spaces_command("run", "echo", "hi", "--no-wait").out.strip()

    assert spaces_command("cancel", request_id).out == "Cancelled.\n"
    ended = spaces_command("result", request_id, "--json")
    assert (ended.code, json.loads(ended.out)["status"]) == (1, "CANCELLED")


def test_spaces_are_listed_and_described(spaces_command, live, play):
    play(says("x"), schema=SCHEMA)
    live.create_space("cats", description="Finds cats.", features=("image",))

    assert spaces_command("list").out.splitlines() == [
        "SPACE  STATE    WAITING  TITLE",
        "cats   offline  0        Cats",
        "echo   ready    0        Echo",
    ]
    described = spaces_command("describe", "echo").out
    assert re.search(r"^beam +integer +4 +how wide\\x1b\[2J to look$", described, re.MULTILINE)
    assert re.search(r"^mode +fast \| good$", described, re.MULTILINE)
    assert "\x1b" not in described
    assert "image/*" in spaces_command("describe", "cats").out
    assert json.loads(spaces_command("describe", "cats", "--json").out)["title"] == "Cats"


@pytest.mark.parametrize(
    ("features", "shown"), [(("prompt",), []), (("prompt", "call"), ["chat.completions"])]
)
def test_endpoints_are_shown_where_calls_are_taken(spaces_command, live, play, features, shown):
    live.create_space("talk", features=features)
    play(says("x"), space="talk", endpoints=("chat.completions",))

    described = spaces_command("describe", "talk").out

    assert re.findall(r"^calls: +(.*)$", described, re.MULTILINE) == shown


def test_a_disabled_space_is_called_so(spaces_command, live):
    live.create_space("cats", disabled=True)

    assert "cats   disabled  0        Cats" in spaces_command("list").out.splitlines()
    assert re.search(
        r"^state: +disabled, 0 waiting", spaces_command("describe", "cats").out, re.MULTILINE
    )


@pytest.fixture
def play_files(aws, play):
    """Start a worker that answers with files, each of which contains its own name."""

    def start(*names):
        def script(request):
            files = []
            for number, name in enumerate(names):
                key = f"{request.upload.key_prefix}{number}"
                aws[1].put_object(Bucket="files", Key=key, Body=name.encode())
                files.append({"name": name, "content_type": "text/plain", "size": 1, "key": key})
            yield {"output": {"files": files}}

        return play(script)

    return start


def contents(folder):
    return {each.name: each.read_text() for each in folder.iterdir()}


def test_files_are_sent_and_saved_under_names_that_are_safe(spaces_command, play_files, tmp_path):
    play_files(".bashrc", "a.txt", "a.txt")
    (tmp_path / "in.txt").write_text("hello")
    out = tmp_path / "new" / "out"

    ended = spaces_command("run", "echo", "-f", str(tmp_path / "in.txt"), "-o", str(out))

    assert ended.code == 0
    assert sorted(each.name for each in out.iterdir()) == ["a-2.txt", "a.txt", "bashrc"]
    assert ended.err.count("Saved ") == 3


def test_no_file_of_a_result_replaces_another(spaces_command, play_files, tmp_path):
    play_files("Makefile", "A.png", "a.PNG")
    (tmp_path / "Makefile").write_text("mine")
    (tmp_path / "makefile-2").symlink_to(tmp_path / "nowhere")

    ended = spaces_command("run", "echo", "hi", "-o", str(tmp_path), "--json")

    saved = [tmp_path / name for name in ("Makefile-3", "A.png", "a-2.PNG")]
    assert json.loads(ended.out)["saved"] == [str(each) for each in saved]
    assert [each.read_text() for each in saved] == ["Makefile", "A.png", "a.PNG"]
    assert (tmp_path / "Makefile").read_text() == "mine"


def test_a_name_that_is_taken_at_the_last_moment_is_not_replaced(
    spaces_command, play_files, tmp_path, monkeypatch
):
    play_files("a.txt")
    (tmp_path / "a.txt").write_text("mine")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "iterdir", lambda _: iter(()))  # looked before it was there
        spaces_command("run", "echo", "hi", "-o", str(tmp_path))

    assert contents(tmp_path) == {"a.txt": "mine", "a-2.txt": "a.txt"}


def test_a_file_that_cannot_be_downloaded_leaves_nothing(
    server, spaces_command, play_files, tmp_path
):
    play_files("a.txt")
    server.file_faults = [403]

    ended = spaces_command("run", "echo", "hi", "-o", str(tmp_path))

    assert (ended.code, contents(tmp_path)) == (3, {})
    assert ended.err.startswith("Error: a.txt could not be downloaded")


def test_files_that_are_not_saved_are_named(aws, spaces_command, play):
    def script(request):
        key = f"{request.upload.key_prefix}0"
        aws[1].put_object(Bucket="files", Key=key, Body=b"x" * 1500)
        said = {"name": "a.txt", "content_type": "text/plain", "size": 1, "key": key}
        yield {"output": {"text": "ok", "files": [said]}}

    play(script)

    ended = spaces_command("run", "echo", "hi")

    assert ended.out == "ok\n"
    assert re.fullmatch(
        r"File: a\.txt \(1\.5 KB\)\nSave with: spaces result echo\.1\.\S+ -o FOLDER\n", ended.err
    )


def test_a_reader_that_leaves_is_no_traceback(env, play):
    play(says("line\n" * 100_000))

    ended = in_shell(env, "spaces run echo hi | head -1")

    assert (ended.out, ended.err) == (b"line\n", b"")


@pytest.mark.parametrize(
    ("encoding", "written"),
    [("cp1252", b"\\u2713 \\u597d \xfc\n"), ("gbk", b"\\u2713 \xba\xc3 \xa8\xb9\n")],
)
def test_no_encoding_of_the_terminal_fails_an_answer(env, play, encoding, written):
    play(says("✓ 好 ü"))

    told = {**env, "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding}
    ended = in_shell(told, "spaces run echo hi")

    assert (ended.code, ended.out) == (0, written)


def test_shells_complete_the_names_of_spaces(env, live):
    live.create_space("cats")
    asked = {
        **env,
        "_SPACES_COMPLETE": "bash_complete",
        "COMP_WORDS": "spaces run c",
        "COMP_CWORD": "2",
    }

    assert in_shell(asked, "spaces").out == b"plain,cats\n"
    assert "_SPACES_COMPLETE=bash_complete" in piped(env, "--show-completion", "bash").out


@pytest.mark.parametrize(
    ("shell", "words"),
    [
        ("zsh", {"COMP_WORDS": "spaces run c", "COMP_CWORD": "2"}),
        ("fish", {"COMP_WORDS": "spaces run c", "COMP_CWORD": "c"}),
    ],
)
def test_a_title_that_a_shell_shows_cannot_control_the_terminal(env, live, shell, words):
    cats = Definition(space_id="cats", title="Cats\n\x9b2J", created_at=1)
    create_space(live.gateway, cats)

    ended = in_shell({**env, "_SPACES_COMPLETE": f"{shell}_complete", **words}, "spaces")

    assert ended.out.decode().splitlines()[-1].endswith("Cats \\x9b2J")


def test_every_command_has_help_with_its_exit_codes(spaces_command):
    listed = re.findall(
        r"^  (\w+)  ", spaces_command("--help").out.split("Commands:")[1], re.MULTILINE
    )

    assert listed[:7] == ["list", "describe", "run", "chat", "status", "result", "cancel"]
    for command in listed[:7]:
        assert spaces_command(command, "--help").code == 0
