"""``--openai``: what servers really send, and what a person should see of it."""

import itertools
import json

import pytest

from spaces_worker import ModelCall, UserError
from spaces_worker.adapters import _answer_events
from spaces_worker.adapters.openai import OpenAIChat
from tests.functional.worker_cli.support.openai_server import answering, chunk, event

pytestmark = pytest.mark.timeout(60)

CALL = ModelCall(
    endpoint="chat.completions", body={"messages": [{"role": "user", "content": "Hello"}]}
)
STOP = chunk(finish="stop")
DONE = b"data: [DONE]\n\n"


def raw(text):
    return text.encode() + b"\n\n"


def delta(finish=None, **fields):
    return event({"choices": [{"index": 0, "delta": fields, "finish_reason": finish}]})


def choice(**fields):
    return event({"choices": [fields]})


def whole(**fields):
    message = {"role": "assistant", "content": "Whole"}
    choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
    return {"object": "chat.completion", "choices": choices, **fields}


def body(kind, content):
    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    return lambda call: call.answer(200, kind, content)


def thinking(text):
    return [{"type": "thinking", "thinking": [{"type": "text", "text": text}]}]


GOOD = {
    # an odd decoration between good chunks
    "an empty event": ([chunk("a"), b"data:\n\n", chunk("b"), STOP], "ab"),
    "blanks as an event": ([chunk("a"), b"data:   \n\n", chunk("b"), STOP], "ab"),
    "an empty string": ([chunk("a"), raw('data: ""'), chunk("b"), STOP], "ab"),
    "null": ([chunk("a"), raw("data: null"), chunk("b"), STOP], "ab"),
    "a number": ([chunk("a"), raw("data: 7"), chunk("b"), STOP], "ab"),
    "an empty object": ([chunk("a"), raw("data: {}"), chunk("b"), STOP], "ab"),
    "a comment": ([chunk("a"), raw(": PROCESSING"), chunk("b"), STOP], "ab"),
    "a bare colon": ([chunk("a"), b":\n\n", chunk("b"), STOP], "ab"),
    "a comment after an id": ([b"id: 1\n" + chunk("a"), raw(": ping"), chunk("b"), STOP], "ab"),
    "a comment as data": ([chunk("a"), raw("data: : keepalive"), chunk("b"), STOP], "ab"),
    "an event without data": ([chunk("a"), raw("event: keepalive"), chunk("b"), STOP], "ab"),
    "a ping of JSON": ([raw('event: ping\ndata: {"type": "ping"}'), chunk("ab"), STOP], "ab"),
    "a ping with a time": ([raw("event: ping\ndata: 2026-11-28T10:00Z"), chunk("ab"), STOP], "ab"),
    "delta null": ([chunk("a"), choice(delta=None), chunk("b"), STOP], "ab"),
    "an empty choice": ([chunk("a"), choice(), chunk("b"), STOP], "ab"),
    "choices null": ([chunk("a"), event({"choices": None}), chunk("b"), STOP], "ab"),
    "no choices, a cost": ([chunk("ab"), STOP, event({"choices": [], "cost": "0"}), DONE], "ab"),
    "a filter's verdict first": (
        [event({"choices": [], "prompt_filter_results": [{}]}), chunk("ab"), STOP],
        "ab",
    ),
    "content null": ([delta(content=None, role="assistant"), chunk("ab"), STOP], "ab"),
    "error null": ([chunk("ab", error=None), chunk(finish="stop", error=None)], "ab"),
    "an unknown field": ([chunk("ab", timings={"n": [1]}), raw("foo: bar"), STOP], "ab"),
    "an index that counts tokens": (
        [event({"choices": [{"index": n, "delta": {"content": t}}]}) for n, t in enumerate("ab")]
        + [STOP],
        "ab",
    ),
    "content as parts": (
        [delta(content=[{"type": "text", "text": "a"}, {"type": "image_url"}, "b"]), STOP],
        "ab",
    ),
    "a refusal of the model": ([delta(refusal="I can't."), STOP], "I can't."),
    "thoughts before text": ([delta(reasoning_content="hm"), chunk("ab"), STOP], "ab"),
    "thoughts with text": ([delta(reasoning_content="hm", content="ab"), STOP], "ab"),
    "thoughts as parts": ([delta(content=thinking("hm")), chunk("ab"), STOP], "ab"),
    # text that needs mending
    "halves of a pair in two chunks": (
        [
            raw(r'data: {"choices":[{"delta":{"content":"x\ud83d"}}]}'),
            raw(r'data: {"choices":[{"delta":{"content":"\ude00y"}}]}'),
            STOP,
        ],
        "x😀y",
    ),
    "half of a pair at the end": (
        [raw(r'data: {"choices":[{"delta":{"content":"x\ud83d"}}]}'), STOP],
        "x?",
    ),
    "half of a pair in thoughts": (
        [raw(r'data: {"choices":[{"delta":{"reasoning":"\ud83d"}}]}'), chunk("ab"), STOP],
        "ab",
    ),
    "half of a pair in thoughts only": (
        [raw(r'data: {"choices":[{"delta":{"reasoning":"x\ud83d"}}]}'), STOP],
        "x?",
    ),
    "half of a pair in a finish reason": (
        [chunk("ab"), raw(r'data: {"choices":[{"finish_reason":"stop"}], "id": "\ud83d"}')],
        "ab",
    ),
    "NaN beside the text": (
        [raw('data: {"choices":[{"delta":{"content":"ab"},"logprobs":NaN}]}'), STOP],
        "ab",
    ),
    "a character in two TCP pieces": ([chunk("é")[:-20], chunk("é")[-20:], STOP], "é"),
    "a field in two TCP pieces": ([b"data: ", chunk("ab")[6:], STOP], "ab"),
    "a byte-order mark": ([b"\xef\xbb\xbf" + chunk("ab"), STOP], "ab"),
    "line ends of Windows": ([chunk("ab").replace(b"\n", b"\r\n"), STOP], "ab"),
    "no blank after the colon": ([chunk("ab").replace(b"data: ", b"data:"), STOP], "ab"),
    "a line separator in the text": ([chunk("a\u2028b\u0085"), STOP], "a\u2028b\u0085"),
    # the ways in which an answer ends
    "[DONE] without finish reason": ([chunk("ab"), DONE], "ab"),
    "[DONE] between blanks": ([chunk("ab"), b"data:  [DONE] \n\n"], "ab"),
    "text after [DONE]": ([chunk("ab"), DONE, chunk("c")], "ab"),
    "a finish reason without [DONE]": ([chunk("ab"), STOP], "ab"),
    "the finish reason with the last text": ([chunk("ab", finish="stop")], "ab"),
    "an empty finish reason first": ([chunk("a", finish=""), chunk("b", finish="stop")], "ab"),
    "null as text first": ([chunk("a", finish="null"), chunk("b", finish="stop")], "ab"),
    "the end of a sequence": ([chunk("ab", finish="eos_token")], "ab"),
    "in capitals": ([chunk("ab", finish="STOP")], "ab"),
    "the whole message after its pieces": (
        [chunk("ab"), choice(message={"content": "ab"}, finish_reason="stop")],
        "ab",
    ),
    # thoughts only
    "thoughts only": ([delta(reasoning_content="hm"), STOP], "hm"),
    "thoughts only, under another name": ([delta(reasoning="hm"), DONE], "hm"),
    "thoughts only, as parts": ([delta(content=thinking("hm")), STOP], "hm"),
}


@pytest.mark.parametrize("name", GOOD)
async def test_a_good_answer_is_not_lost_or_soiled(ask, server, caplog, name):
    events, text = GOOD[name]
    server.reply = answering(*events)

    result = await ask(OpenAIChat(server.url, "tiny")).answer()

    assert (result.text, result.data) == (text, None)
    assert caplog.text == ""


@pytest.mark.parametrize("name", GOOD)
async def test_a_good_answer_to_a_call_is_whole_and_as_readable(ask, server, caplog, name):
    events, text = GOOD[name]
    server.reply = answering(*events)

    sent = await ask(OpenAIChat(server.url, "tiny"), call=CALL).sent()

    assert sent["text"] == text
    (choice,) = sent["data"]["choices"]
    assert choice["finish_reason"]
    if isinstance(choice["message"]["content"], str):
        assert choice["message"]["content"] in ("", text)
    assert caplog.text == ""


WHOLE = {
    "an object": body("application/json", whole()),
    "with line breaks": body("application/json", json.dumps(whole(), indent=2).encode()),
    "without its type": body("", whole()),
    "called a stream": body("text/event-stream", json.dumps(whole()).encode() + b"data: [DONE]"),
    "called a stream, on its own line": body(
        "text/event-stream", json.dumps(whole()).encode() + b"\ndata: [DONE]\n\n"
    ),
    "as one event": answering(event(whole())),
    "without finish reason": body(
        "application/json", {"choices": [{"message": {"content": "Whole"}, "finish_reason": None}]}
    ),
    "with parts": body(
        "application/json", {"choices": [{"message": {"content": [{"text": "Whole"}]}}]}
    ),
    "a stream called text": lambda call: call.stream("text/plain", [chunk("Whole"), STOP]),
    "a stream called JSON": lambda call: call.stream("application/json", [chunk("Whole"), STOP]),
    "chunks as lines": lambda call: call.stream(
        "application/x-ndjson", [chunk("Who")[6:-1], chunk("le", finish="stop")[6:-1]]
    ),
    "with a charset": lambda call: call.stream(
        "text/event-stream;charset=UTF-8", [chunk("Whole"), STOP]
    ),
}


@pytest.mark.parametrize("name", WHOLE)
async def test_an_answer_in_another_form_than_asked_for_is_the_answer(ask, server, name):
    server.reply = WHOLE[name]

    result = await ask(OpenAIChat(server.url, "tiny")).answer()

    assert (result.text, result.data) == ("Whole", None)


@pytest.mark.parametrize("name", WHOLE)
async def test_an_answer_to_a_call_may_have_another_form_too(ask, server, name):
    server.reply = WHOLE[name]

    result = await ask(OpenAIChat(server.url, "tiny"), call=CALL).answer()

    (choice,) = result.data["choices"]
    content = choice["message"]["content"]
    assert (result.text, choice["finish_reason"]) == ("Whole", "stop")
    assert content in ("Whole", [{"text": "Whole"}])


SILENCE = {
    "an error as text": (body("application/json", {"error": "no such path"}), "no such path"),
    "an error in a list": (body("application/json", [{"error": {"message": "why"}}]), "why"),
    "an error without that name": (
        body("application/json", {"object": "error", "message": "why"}),
        "why",
    ),
    "a detail": (body("application/json", {"detail": "Not Found"}), "Not Found"),
    "no success": (body("application/json", {"success": False, "info": "why"}), "why"),
    "a page": (body("text/html", b"<html>\n<title>Sign in</title>"), "Sign in"),
    "an empty body": (body("text/event-stream", b""), "nothing"),
    "204": (lambda call: (call.send_response(204), call.end_headers()), "nothing"),
    "[DONE] alone": (answering(DONE), "nothing"),
    "comments alone": (answering(raw(": ping")), "nothing"),
    "one chunk, then the end": (answering(chunk("Half")), "Half"),
    "thoughts, then the end": (answering(delta(reasoning="hm")), "hm"),
    "an error between chunks": (
        answering(chunk("Hi"), event({"object": "error", "message": "why"}), chunk(" you"), STOP),
        "why",
    ),
    "an error as text between chunks": (
        answering(chunk("Hi"), event({"error": "why", "error_type": "validation"}), STOP, DONE),
        "why",
    ),
    "a bare line of JSON": (answering(chunk("Hi"), b'{"error": "why"}\n\n', DONE), "why"),
    "an event of the type error": (
        answering(chunk("Hi"), raw('event: error\ndata: {"message": "why"}'), DONE),
        "why",
    ),
    "an error line of plain text": (answering(chunk("Hi"), raw("data: error: why"), DONE), "why"),
    "a string": (answering(raw('data: "why"'), DONE), "why"),
    "a chunk that is cut": (answering(chunk("Hi"), b'data: {"choices": [{"del\n\n', DONE), '{"del'),
    "an error of a choice": (
        answering(chunk("Hi"), choice(delta={}, finish_reason="error", error={"m": "why"})),
        "why",
    ),
    "finish reason error": (answering(chunk("Hi"), chunk(finish="error")), "error"),
}


@pytest.mark.parametrize("name", SILENCE)
async def test_silence_and_errors_are_failures_with_the_servers_words_in_the_log(
    ask, server, caplog, name
):
    server.reply, words = SILENCE[name]

    with pytest.raises(UserError) as failure:
        await ask(OpenAIChat(server.url, "tiny")).answer()

    assert failure.value.error_type == "model_failed"
    assert words in caplog.text
    assert words not in str(failure.value)


@pytest.mark.parametrize("name", SILENCE)
async def test_silence_and_errors_fail_a_call_too(ask, server, caplog, name):
    server.reply, words = SILENCE[name]

    with pytest.raises(UserError) as failure:
        await ask(OpenAIChat(server.url, "tiny"), call=CALL).answer()

    assert failure.value.error_type == "model_failed"
    assert words in caplog.text
    assert words not in str(failure.value)


@pytest.mark.parametrize(
    ("events", "text"),
    [
        ([STOP, DONE], "The model gave no answer."),
        ([chunk(" \n"), STOP], "The model gave no answer."),
        ([delta("tool_calls", tool_calls=[{"id": "1"}])], "The model gave no answer."),
        ([delta("content_filter")], "The model gave no answer."),
        ([delta("length", reasoning="hm")], "reached its token limit before it answered"),
    ],
)
async def test_an_answer_of_nothing_says_so(ask, server, caplog, events, text):
    server.reply = answering(*events)

    with pytest.raises(UserError, match=text) as failure:
        await ask(OpenAIChat(server.url, "tiny")).answer()

    assert failure.value.error_type == "model_empty"
    assert "answered without text (finish reason" in caplog.text


async def test_a_finish_reason_is_mended_as_data_is(ask, server):
    odd = raw(r'data: {"choices":[{"finish_reason":"odd \ud83d"}]}')
    server.reply = answering(chunk("Half"), odd)

    sent = await ask(OpenAIChat(server.url, "tiny")).sent()

    assert (sent["text"], sent["data"]) == ("Half", {"finish_reason": "odd ?"})


@pytest.mark.parametrize("reason", ["length", "content_filter", "max_tokens"])
async def test_an_answer_that_was_cut_off_keeps_its_text_and_says_why(ask, server, reason):
    server.reply = answering(chunk("Half"), chunk(finish=reason))

    result = await ask(OpenAIChat(server.url, "tiny")).answer()

    assert (result.text, result.data) == ("Half", {"finish_reason": reason})


USAGE = {
    "whole numbers": ({"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}, (3, 2, 5)),
    "as decimals": ({"prompt_tokens": 3.0, "completion_tokens": 2.0}, (3, 2, None)),
    "a fraction": ({"prompt_tokens": 4.5, "completion_tokens": 2}, (None, 2, None)),
    "negative": ({"prompt_tokens": -1, "completion_tokens": 2}, (None, 2, None)),
    "a text": ({"prompt_tokens": "3", "completion_tokens": 2}, (None, 2, None)),
    "a truth": ({"prompt_tokens": True, "completion_tokens": 2}, (None, 2, None)),
    "null": ({"prompt_tokens": None, "completion_tokens": 2}, (None, 2, None)),
    "enormous": ({"prompt_tokens": 10**400, "completion_tokens": 2}, (None, 2, None)),
    "details only": ({"prompt_tokens_details": {"cached_tokens": 0}}, None),
    "a list": ([1, 2], None),
    "nothing": (None, None),
}


@pytest.mark.parametrize("name", USAGE)
async def test_counts_that_are_none_are_dropped(ask, server, name):
    sent, counts = USAGE[name]
    server.reply = answering(chunk("Hi"), STOP, event({"choices": [], "usage": sent}), DONE)

    result = await ask(OpenAIChat(server.url, "tiny")).answer()

    usage = result.usage
    assert result.text == "Hi"
    assert (usage and (usage.input_tokens, usage.output_tokens, usage.total_tokens)) == counts


@pytest.mark.parametrize("name", USAGE)
async def test_counts_of_a_call_go_back_as_they_came(ask, server, name):
    counts, read = USAGE[name]
    server.reply = answering(chunk("Hi"), STOP, event({"choices": [], "usage": counts}), DONE)
    asked = ask(OpenAIChat(server.url, "tiny"), call=CALL)

    result, sent = await asked.answer(), await asked.sent()

    usage = result.usage
    assert (usage and (usage.input_tokens, usage.output_tokens, usage.total_tokens)) == read
    assert sent["data"].get("usage") == counts


async def test_later_counts_do_not_erase_earlier_ones(ask, server):
    first, last = {"prompt_tokens": 3}, {"completion_tokens": 2, "prompt_tokens_details": {}}
    server.reply = answering(chunk("Hi", usage=first), chunk(finish="stop", usage=last))

    usage = (await ask(OpenAIChat(server.url, "tiny")).answer()).usage

    assert (usage.input_tokens, usage.output_tokens) == (3, 2)


async def test_the_end_of_the_connection_may_be_untidy_after_the_end_of_the_answer(ask, server):
    def reply(call):
        call.send_response(200)
        call.send_header("Transfer-Encoding", "chunked")
        call.end_headers()
        piece = chunk("Hi") + STOP
        call.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        call.close_connection = True  # without the last chunk of HTTP

    server.reply = reply

    assert (await ask(OpenAIChat(server.url, "tiny")).answer()).text == "Hi"


@pytest.mark.parametrize(
    "heartbeat", [None, b":\n\n", b"event: ping\ndata: {}\n\n", b"data: {}\n\n"]
)
@pytest.mark.parametrize("last", [STOP, DONE])
async def test_a_server_that_does_not_hang_up_is_not_waited_for(
    ask, server, monkeypatch, last, heartbeat
):
    def pieces():
        yield chunk("Hi")
        yield last
        while not server.hung_up.wait(0.01):
            if heartbeat:
                yield heartbeat

    monkeypatch.setattr(_answer_events, "LAST_SECONDS", 0.1)
    server.reply = lambda call: call.stream("text/event-stream", pieces())

    result = await ask(OpenAIChat(server.url, "tiny")).answer()
    server.hung_up.set()

    assert result.text == "Hi"


async def test_a_connection_that_breaks_in_the_middle_is_a_failure(ask, server, caplog):
    def reply(call):
        call.send_response(200)
        call.send_header("Content-Length", "1000")
        call.end_headers()
        call.wfile.write(chunk("Half"))
        call.close_connection = True

    server.reply = reply

    with pytest.raises(UserError, match=r"The model's answer broke off\."):
        await ask(OpenAIChat(server.url, "tiny")).answer()

    assert "did not complete its answer" in caplog.text


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"code": 429, "message": "why"}, "model_busy"),
        ({"code": 503, "message": "why"}, "model_busy"),
        ({"code": "context_length_exceeded"}, "prompt_too_long"),
        ({"type": ["odd"], "code": {}}, "model_failed"),
        (
            {"message": "This model's maximum context length is 8 tokens.", "code": 400},
            "prompt_too_long",
        ),
    ],
)
async def test_errors_in_a_stream_mean_the_same_as_those_before_it(ask, server, error, kind):
    server.reply = answering(chunk("Hi"), event({"error": error}))

    with pytest.raises(UserError) as failure:
        await ask(OpenAIChat(server.url, "tiny")).answer()

    assert failure.value.error_type == kind


async def test_comments_do_not_count_as_an_answer(ask, server):
    comments = b": PROCESSING\n" * 100_000
    server.reply = answering(*[comments] * 5, chunk("Hi"), STOP)

    assert (await ask(OpenAIChat(server.url, "tiny")).answer()).text == "Hi"


async def test_thoughts_without_end_are_ended(ask, server):
    thought = delta(reasoning_content="round and round " * 5000)
    server.reply = lambda call: call.stream("text/event-stream", itertools.repeat(thought))

    with pytest.raises(UserError, match="too large to deliver"):
        await ask(OpenAIChat(server.url, "tiny")).answer()

    assert server.hung_up.wait(10)


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("https://user:pw@far.example/v1?key=secret", "https://***@far.example/v1?…"),
        ("/v2/chat", "{server}/v2/chat"),
        ("http://[bad", "http://[bad"),
        ("", "{server}/v1/chat/completions"),
    ],
)
async def test_a_redirect_is_logged_with_its_address(ask, server, caplog, location, shown):
    server.reply = lambda call: call.answer(308, "text/plain", b"", Location=location)

    with pytest.raises(UserError, match="The model failed"):
        await ask(OpenAIChat(f"{server.url}/v1", "tiny")).answer()

    assert f"answered 308 and points to {shown.format(server=server.url)}. Redirects" in caplog.text
    assert "secret" not in caplog.text
