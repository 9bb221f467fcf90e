"""The command ``spaces`` on a terminal: state, streamed text, Ctrl-C, chat."""

import json
import re
import threading
from contextlib import suppress

import msgspec
import pytest

from spaces.domain.space import Definition
from spaces.services.spaces.create_space import create_space
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.record_progress import record_progress
from spaces_client import RequestFailed
from spaces_protocol.worker_messages import Progress
from tests.functional.caller.support.command import Terminal, environment
from tests.functional.gateway.world import answer_to
from tests.functional.openai.support.scripts import answers, says

WILD = "\x9b2J\x1b[31mred\x7f\u202egpj \U000e0001"


@pytest.fixture
def terminal(server, tmp_path):
    env = environment(server, tmp_path)
    return lambda *words, **more: Terminal({**env, **more}, *words)


def test_the_state_is_shown_and_then_the_text_as_it_is_written(terminal, play):
    running = terminal("run", "echo", "hi")
    running.until("no worker is connected")
    may_end = threading.Event()

    def script(_):
        yield "Once "
        may_end.wait(30)
        yield "upon"
        yield {"output": {"text": "Once upon"}}

    play(script)
    running.until("Once ")
    may_end.set()
    ended = running.end()

    assert ended.code == 0
    last = ended.out.rpartition("\r\x1b[K")[2]
    assert last == "Once upon\r\n"


def test_an_upload_says_how_far_it_is(terminal, tmp_path, play):
    play(says("seen"))
    path = tmp_path / "large.bin"
    path.write_bytes(b"x" * 17 * 2**20)

    ended = terminal("run", "echo", "-f", str(path)).end()

    assert re.search(r"Uploading large\.bin: [1-9][0-9]? %", ended.text)
    assert ended.out.endswith("seen\r\n")


def test_long_columns_are_wrapped_at_words_under_their_heads(terminal, play):
    meaning = "how many beams the search follows at each step of the decoding, from one to sixteen"
    schema = {"type": "object", "properties": {"beam": {"type": "integer", "description": meaning}}}
    play(says("x"), schema=schema)

    lines = terminal("describe", "echo", COLUMNS="60").end().text.splitlines()

    begin = next(number for number, line in enumerate(lines) if line.startswith("beam"))
    indent = lines[begin].index("how")
    rest = [line for line in lines[begin + 1 :] if line]
    assert len(rest) > 0
    assert max(map(len, lines[begin:])) <= 60
    assert {line[:indent].strip() for line in rest} == {""}
    assert " ".join([lines[begin][indent:], *(line.strip() for line in rest)]) == meaning


def test_an_answer_cannot_control_the_terminal(terminal, play):
    play(says("\x1b]0;title\x07\x1b[2Jtext\n", "tab\there"))

    ended = terminal("run", "echo", "hi", TERM="dumb").end()

    assert ended.out == "\\x1b]0;title\\x07\\x1b[2Jtext\r\ntab\there\r\n"


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_data_cannot_control_the_terminal_and_stays_json(terminal, play, words):
    play(answers(output={"data": {"a": WILD, "b": "好"}}))

    ended = terminal("run", "echo", "hi", *words, TERM="dumb").end()

    said = json.loads(ended.out)
    assert (said["data"] if words else said) == {"a": WILD, "b": "好"}
    assert ended.out.replace("\r\n", "").isprintable()
    assert "好" in ended.out


@pytest.mark.parametrize("command", [("list",), ("describe", "cats")])
@pytest.mark.parametrize("words", [(), ("--json",)])
def test_a_space_cannot_control_the_terminal(terminal, live, play, command, words):
    cats = Definition(space_id="cats", title=f"Cats{WILD}", description=WILD, created_at=1)
    create_space(live.gateway, cats)
    option = {"description": WILD, "enum": [WILD], "default": {WILD: 1}}
    play(says("x"), space="cats", schema={"type": "object", "properties": {WILD: option}})

    ended = terminal(*command, *words, NO_COLOR="1").end()

    assert ended.out.replace("\r\n", "").isprintable()
    assert "Cats" in ended.text


def test_the_state_of_a_request_cannot_control_the_terminal(terminal, spaces, play):
    play(answers(status="failed", error={"type": "bad", "message": WILD}))
    request = spaces.submit("echo", "hi", metadata={"a": WILD})
    with suppress(RequestFailed):
        request.result(timeout=30)

    for words in (("status",), ("status", "--json"), ("result",), ("result", "--json")):
        ended = terminal(words[0], request.id, *words[1:], NO_COLOR="1", TERM="dumb").end()
        assert ended.out.replace("\r\n", "").isprintable()


def test_progress_is_a_bar(terminal, live):
    running = terminal("run", "echo", "hi")
    running.until("Waiting")
    sender = live.join("w1")
    (request,) = live.handed(sender)
    named = {"request_id": request.request_id, "attempt": request.attempt}
    said = {**named, "percent": 50.0, "message": "half\x1b[2J done"}
    record_progress(live.gateway, sender, msgspec.convert(said, Progress))
    running.until(r"\[##########\.+\] 50 %, half\\x1b\[2J done")
    commit_result(live.gateway, sender, answer_to(request))

    assert running.end().text.endswith("done\n")


@pytest.mark.parametrize(
    ("words", "left"), [((), "IN_QUEUE"), (("--cancel-on-interrupt",), "CANCELLED")]
)
def test_ctrl_c_says_what_becomes_of_the_request(terminal, spaces, words, left):
    running = terminal("run", "echo", "hi", *words)
    running.until("Waiting")
    running.press_ctrl_c()
    ended = running.end()

    assert ended.code == 130
    assert "Traceback" not in ended.out
    if left == "CANCELLED":
        assert "Cancelled." in ended.text
    else:
        request_id = ended.text.partition("spaces cancel ")[2].strip()
        assert spaces.request(request_id).status().status == left


def test_a_conversation_remembers_what_was_said(terminal, play):
    def script(request):
        count = len(request.input.call.body["messages"])
        yield {"output": {"text": f"answer to {count} messages"}}

    play(script, endpoints=("chat.completions",))
    talking = terminal("chat", "echo", "--system", "Be brief.")
    talking.until("You")
    talking.type("one\n")
    talking.until("answer to 2 messages")
    talking.type("two\n")
    talking.until("answer to 4 messages")
    talking.type("\x04")
    ended = talking.end()

    assert ended.code == 0


def test_no_color_is_respected(terminal):
    ended = terminal("list", NO_COLOR="1").end()

    assert "\x1b" not in ended.out
