"""``spaces-worker run`` in a real process, with each kind of thing that it links."""

import json
import shlex
import signal

import psutil
import pytest

from spaces_protocol.codec import encode
from spaces_protocol.gateway_messages import Cancel
from spaces_protocol.worker_messages import Drain, Register
from spaces_worker import ModelCall
from tests.functional.worker.conftest import gone, started
from tests.functional.worker_cli.support.openai_server import answering, chunk
from tests.functional.worker_cli.support.run_command import (
    hand_over,
    hand_over_again,
    heard,
    next_chunk,
)

pytestmark = pytest.mark.timeout(60)

OPENAI = ["--openai", "http://x/v1", "--model", "tiny"]

FOUR_KINDS = """
import asyncio, time
def plain(prompt): return prompt.upper()
async def later(prompt): return {"prompt": prompt}
def pieces(prompt):
    for word in prompt.split():
        yield word + " "
        time.sleep(0.3)
async def later_pieces(prompt):
    for word in prompt.split():
        yield word + " "
        await asyncio.sleep(0.3)
"""


@pytest.mark.parametrize(
    ("name", "text", "data"),
    [
        ("plain", "ONE TWO THREE", None),
        ("later", None, {"prompt": "one two three"}),
        ("pieces", "one two three ", None),
        ("later_pieces", "one two three ", None),
    ],
)
async def test_each_kind_of_function_answers(gateway, command, tmp_path, name, text, data):
    (tmp_path / "kinds.py").write_text(FOUR_KINDS)
    await command("run", "--function", f"{tmp_path / 'kinds.py'}:{name}")
    await gateway.hear(Register)

    await hand_over(gateway)
    chunks, result = await heard(gateway)

    assert (result.output.text, result.output.data) == (text, data)
    assert bool(chunks) == ("pieces" in name)
    assert not chunks or text.startswith("".join(chunks))


WITH_PARAMS = """
from __future__ import annotations
import dataclasses
@dataclasses.dataclass
class Options:
    times: int = 1
def repeat(prompt: str, params: Options) -> str: return prompt * params.times
"""


async def test_a_function_of_a_file_declares_its_params(gateway, command, tmp_path):
    (tmp_path / "own.py").write_text(WITH_PARAMS)
    await command("run", "--function", f"{tmp_path / 'own.py'}:repeat")
    register = await gateway.hear(Register)

    await hand_over(gateway, "Ab", {"times": 2})
    _, result = await heard(gateway)

    assert register.params_schemas["demo"]["properties"] == {
        "times": {"type": "integer", "default": 1}
    }
    assert result.output.text == "AbAb"


DECLARED = """
from dataclasses import dataclass
from spaces_worker import RequestContext, Worker
worker = Worker(concurrency=8)
@dataclass
class Options:
    times: int = 2
@worker.space("demo", params=Options, concurrency=1)
def repeat(context: RequestContext) -> str: return context.prompt * context.params.times
@worker.space("other", concurrency=2)
def other(prompt): return prompt
worker.run()
"""


@pytest.fixture
def declared(tmp_path):
    (tmp_path / "declared.py").write_text(DECLARED)
    return str(tmp_path / "declared.py")


async def test_a_connected_function_keeps_its_space_params_and_limit(gateway, command, declared):
    await command("run", "--function", f"{declared}:repeat", SPACES_SPACES="")
    register = await gateway.hear(Register)

    await hand_over(gateway, "Ab", {"times": 3})
    _, result = await heard(gateway)

    assert register.spaces == ["demo"]
    assert list(register.params_schemas["demo"]["properties"]) == ["times"]
    assert register.capacity == 1
    assert result.output.text == "AbAbAb"


async def test_a_connected_function_keeps_its_params_in_another_space(gateway, command, declared):
    arguments = "--spaces", "elsewhere", "--concurrency", "4"
    await command("run", "--function", f"{declared}:repeat", *arguments)
    register = await gateway.hear(Register)

    assert register.spaces == ["elsewhere"]
    assert list(register.params_schemas) == ["elsewhere"]
    assert register.capacity == 1


async def test_examples_of_a_model_without_code_are_in_a_file(gateway, command, tmp_path):
    (tmp_path / "kinds.py").write_text(FOUR_KINDS)
    (tmp_path / "examples.json").write_text('["one two", {"title": "Three", "prompt": "3"}]')
    await command(
        "run",
        *("--function", f"{tmp_path / 'kinds.py'}:plain"),
        *("--examples", str(tmp_path / "examples.json")),
    )
    register = await gateway.hear(Register)

    assert register.examples == {"demo": [{"prompt": "one two"}, {"title": "Three", "prompt": "3"}]}


async def test_paths_of_example_files_begin_at_the_file_that_names_them(gateway, command, tmp_path):
    (tmp_path / "kinds.py").write_text(FOUR_KINDS)
    (tmp_path / "cat.txt").write_text("A cat")
    (tmp_path / "examples.json").write_text('[{"files": ["cat.txt"]}]')
    await command(
        "run",
        *("--function", f"{tmp_path / 'kinds.py'}:plain"),
        *("--examples", str(tmp_path / "examples.json")),
    )
    register = await gateway.hear(Register)

    ((file,),) = [each["files"] for each in register.examples["demo"]]
    assert (file["name"], file["content_type"], file["size"]) == ("cat.txt", "text/plain", 5)


async def test_a_worker_is_connected_with_all_its_spaces(gateway, command, declared):
    await command("run", "--function", f"{declared}:worker", SPACES_SPACES="")
    register = await gateway.hear(Register)

    assert register.spaces == ["demo", "other"]
    assert list(register.params_schemas) == ["demo"]
    assert register.capacity == 3


async def test_some_spaces_of_a_worker_are_chosen_by_an_option(gateway, command, declared):
    arguments = "--spaces", "other", "--concurrency", "1"
    await command("run", "--function", f"{declared}:worker", *arguments)
    register = await gateway.hear(Register)

    assert (register.spaces, register.capacity) == (["other"], 1)
    assert register.params_schemas == {}


@pytest.mark.parametrize(
    ("name", "arguments", "part"),
    [
        ("worker", ["--spaces", "third"], "no function for the space third; it has demo, other"),
        ("repeat", ["--params", "{schema}"], "declared twice: in the file and with --params"),
    ],
)
async def test_what_a_file_declares_otherwise_is_said(
    command, declared, tmp_path, name, arguments, part
):
    schema = tmp_path / "schema.json"
    schema.write_text('{"type": "object", "properties": {}}')
    given = [each.format(schema=schema) for each in arguments]
    process = await command("run", "--function", f"{declared}:{name}", *given)
    _, errors = await process.communicate()

    assert part in errors.decode()
    assert process.returncode == 3


CHANGES = """
import argparse, logging.config, os, socket
argparse.ArgumentParser().parse_args()
logging.config.dictConfig({"version": 1})
os.chdir("/")
socket.setdefaulttimeout(0.01)
def answer(prompt): return os.getcwd()
"""


async def test_a_file_that_changes_the_process_is_served_and_the_log_goes_on(
    gateway, command, tmp_path
):
    (tmp_path / "changes.py").write_text(CHANGES)
    process = await command("run", "--json", "--function", f"{tmp_path / 'changes.py'}:answer")
    await gateway.hear(Register)

    await hand_over(gateway)
    await started(process)
    _, result = await heard(gateway)

    assert result.output.text == "/"


async def test_a_program_that_a_function_starts_does_not_get_the_token(gateway, command, tmp_path):
    (tmp_path / "starts.py").write_text(
        "import subprocess\n"
        "def answer(prompt): return subprocess.run('env', capture_output=True, text=True).stdout\n"
    )
    await command("run", "--function", f"{tmp_path / 'starts.py'}:answer")
    await gateway.hear(Register)

    await hand_over(gateway)
    _, result = await heard(gateway)

    assert "SPACES_URL=" in result.output.text
    assert "SPACES_TOKEN" not in result.output.text


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("import sys\nsys.exit(0)", "changes.py ended with sys.exit(0)"),
        (
            "import argparse\np = argparse.ArgumentParser()\np.add_argument('x')\np.parse_args()",
            "changes.py ended with sys.exit(2)",
        ),
    ],
)
async def test_a_file_that_ends_its_import_is_named(command, tmp_path, code, part):
    (tmp_path / "changes.py").write_text(f"def answer(prompt): return prompt\n{code}")
    process = await command("run", "--function", f"{tmp_path / 'changes.py'}:answer")
    _, errors = await process.communicate()

    assert process.returncode == 3
    assert part in errors.decode()
    assert "Traceback" not in errors.decode()


async def test_a_server_of_chat_completions_answers(gateway, command, server):
    server.reply = answering(chunk("Once "), chunk("upon", finish="length"))
    arguments = "--model", "tiny", "--system", "Be short.", "--api-key-variable", "KEY"
    await command("run", "--openai", f"{server.url}/v1", *arguments, KEY="k-1")

    register = await gateway.hear(Register)
    await hand_over(gateway, params={"max_tokens": 2})
    _, result = await heard(gateway)

    assert "max_tokens" in register.params_schemas["demo"]["properties"]
    assert (result.output.text, result.model) == ("Once upon", "tiny")
    assert server.posted[0]["max_tokens"] == 2
    assert server.headers[0]["Authorization"] == "Bearer k-1"


async def test_a_server_answers_whole_calls_and_says_which(gateway, command, server):
    server.reply = answering(chunk("Hi", finish="stop"))
    given = "--endpoints", "embeddings, chat.completions", "--deny", "tools"
    await command("run", *OPENAI[:1], f"{server.url}/v1", *OPENAI[2:], *given)
    register = await gateway.hear(Register)
    body = {"messages": [{"role": "user", "content": "Hello"}], "temperature": 9, "tools": []}

    await hand_over(gateway, call=ModelCall(endpoint="chat.completions", body=body))
    _, result = await heard(gateway)

    assert register.endpoints == {"demo": ["chat.completions", "embeddings"]}
    assert (result.output.text, result.output.data["object"]) == ("Hi", "chat.completion")
    assert server.posted[0]["temperature"] == 9
    assert "tools" not in server.posted[0]


async def test_a_wrong_param_never_reaches_the_server(gateway, command, server):
    await command("run", "--openai", f"{server.url}/v1", "--model", "tiny")
    await gateway.hear(Register)

    await hand_over(gateway, params={"max_tokens": 0})
    _, result = await heard(gateway)

    assert (result.status, result.error.type) == ("failed", "invalid_params")
    assert "max_tokens" in result.error.message
    assert server.posted == []


async def test_an_http_program_answers(gateway, command, server, tmp_path):
    schema = {"type": "object", "properties": {"size": {"type": "integer", "minimum": 1}}}
    (tmp_path / "params.json").write_text(json.dumps(schema))
    await command("run", "--http", server.url, "--params", str(tmp_path / "params.json"))

    register = await gateway.hear(Register)
    await hand_over(gateway, params={"size": 2})
    _, result = await heard(gateway)

    assert register.params_schemas == {"demo": schema}
    assert server.posted == [{"prompt": "one two three", "params": {"size": 2}, "files": []}]
    assert result.output.text == "Hi"


async def test_a_program_answers_and_is_ended_by_a_cancel(gateway, command, tmp_path):
    script = f"cat $0; touch {tmp_path}/started; sleep 60; touch {tmp_path}/ended"
    await command("run", "--command", f"sh -c {shlex.quote(script)} {{prompt_file}}")
    await gateway.hear(Register)

    await hand_over(gateway)
    first = await next_chunk(gateway)
    cancel = Cancel(request_id="demo.1.abc", attempt=1, reason="cancelled")
    await gateway.links[-1].send(encode(cancel))
    await hand_over_again(gateway)

    assert first == "one two three"
    assert (await next_chunk(gateway)) == "again"
    assert not (tmp_path / "ended").exists()


async def test_no_program_outlives_the_second_signal(gateway, command):
    script = "trap '' TERM; sh -c 'trap \"\" TERM; echo $$; while :; do sleep 0.1; done' & wait"
    worker = await command("run", "--command", f"sh -c {shlex.quote(script)}")
    await gateway.hear(Register)
    await hand_over(gateway)
    program = psutil.Process(int(await next_chunk(gateway)))
    parent = program.parent()

    worker.send_signal(signal.SIGINT)
    await gateway.hear(Drain)
    worker.send_signal(signal.SIGINT)

    assert await worker.wait() == 130
    assert await gone(parent)
    assert await gone(program)


@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        ([], 2, "Give exactly one of --function, --openai"),
        (["--http", "http://x", "--command", "cat"], 2, "you gave --http and --command"),
        (["--openai", "http://x/v1"], 2, "Give --openai and --model together"),
        (["--http", "http://x", "--model", "m"], 2, "Give --openai and --model together"),
        (["--command", "cat", "--system", "x"], 2, "--system goes with --openai"),
        (["--http", "http://x", "--endpoints", "x"], 2, "--endpoints goes with --openai"),
        (["--http", "http://x", "--allow", "x"], 2, "--allow goes with --openai"),
        (["--http", "http://x", "--deny", "x"], 2, "--deny goes with --openai"),
        ([*OPENAI, "--endpoints", "x"], 2, "--endpoints: 'x' is not an endpoint"),
        ([*OPENAI, "--deny", "tools,messages"], 2, "--deny: messages is needed"),
        (["--http", "http://x", "--stdin", "none"], 2, "--stdin goes with --command"),
        (["--http", "http://x", "--accept", "image/*"], 2, "--accept goes with --command"),
        (["--command", "cat", "--accept", "image/*,x"], 2, "--accept: 'x' is not a media type"),
        (["--command", "cat", "--stdin", "tty"], 2, "'tty' is not one of"),
        (["--function", "json:dumps", "--silence", "5"], 2, "--silence goes with --openai or"),
        (["--command", "cat", "--api-key-variable", "K"], 2, "--api-key-variable goes with"),
        (["--http", "localhost:80"], 2, "is not a valid URL"),
        (["--http", "http://x", "--api-key-variable", "NO_KEY"], 2, "NO_KEY is not set"),
        (["--command", "cat", "--params", "/nonexistent"], 2, "--params: /nonexistent"),
        (["--command", "nonexist"], 3, "The program 'nonexist' is not found. Check its name"),
        (["--command", "/no/such/prog {file}"], 3, "The program '/no/such/prog' is not found"),
        (["--command", "cat {x}"], 2, "unknown placeholder {x}"),
        (["--transformers", "text-generation"], 2, "is not of the form TASK:PATH"),
        (["--transformers", "text-generation:x"], 3, "pip install transformers torch"),
    ],
)
async def test_what_does_not_fit_is_said_and_ends_with_a_code(command, arguments, code, part):
    process = await command("run", *arguments)
    _, errors = await process.communicate()

    assert part in errors.decode()
    assert process.returncode == code
    assert b"Traceback" not in errors


async def test_the_mock_streams_on_demand(gateway, command):
    await command("mock-app")
    await gateway.hear(Register)

    await hand_over(gateway, "/stream 8")
    chunks, result = await heard(gateway)

    assert chunks[0].startswith("word 1 ")
    assert result.output.text == "".join(f"word {number} " for number in range(1, 9))


async def test_a_mock_whose_times_do_not_fit_together_is_refused(command):
    process = await command("mock-app", "--min-seconds", "9", "--max-seconds", "1")
    _, errors = await process.communicate()

    assert process.returncode == 2
    assert "--min-seconds 9 is more than --max-seconds 1." in errors.decode()
