import base64
import gzip
import json
import secrets

import pytest
from openapi_spec_validator import validate

from infra.openapi.document import openapi_document
from infra.openapi.paths import STREAM
from spaces import bootstrap
from spaces.domain.request import Ending
from spaces.domain.space import Definition
from spaces.handlers import api, wait
from spaces.observability import logger
from spaces.services.spaces.create_space import create_space
from spaces_protocol.limits import MAX_OUTPUT_BYTES
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import RequestState

SUBMIT = "/v1/spaces/echo/requests"
GOOD = {"input": {"prompt": "hello"}}
FILE = {"space": "lab", "name": "a.wav", "content_type": "audio/wav", "size": 1}


@pytest.fixture(autouse=True)
def space(environment):
    create_space(bootstrap.gateway(), Definition(space_id="echo", title="Echo", created_at=1))


def test_a_submit_is_promised_with_202_and_where_to_look(call):
    answer = call("POST", SUBMIT, GOOD)

    assert answer.status == 202
    assert answer.body["status"] == "IN_QUEUE"
    assert answer.body["queue_position"] == 0
    assert answer.body["queue_reason"] == "no_worker"
    assert answer.headers["Location"] == answer.body["status_url"]
    assert int(answer.headers["Retry-After"]) >= 1
    assert call("GET", answer.body["status_url"]).body["status"] == "IN_QUEUE"
    assert call("GET", answer.body["response_url"]).status == 202


@pytest.mark.parametrize(
    ("body", "status", "error_type", "says"),
    [
        (None, 400, "malformed_body", "JSON"),
        ("{", 400, "malformed_body", "JSON"),
        ("[]", 422, "invalid_input", "object"),
        ({}, 422, "invalid_input", "input"),
        ({"input": {}}, 422, "invalid_input", "prompt"),
        (
            {"input": {"prompt": 5}},
            422,
            "invalid_input",
            "input.prompt must be text or null, not a whole number.",
        ),
        ({"input": {"prompt": None}}, 422, "invalid_input", "prompt"),
        ({"input": {"prompt": ""}}, 422, "invalid_input", "empty"),
        (
            {"input": {"prompt": "p", "params": []}},
            422,
            "invalid_input",
            "input.params must be an object, not a list.",
        ),
        ({"input": {"promt": "p"}}, 422, "invalid_input", "promt"),
        (
            {"input": {"call": {"endpoint": "chat", "body": {}}}},
            422,
            "invalid_input",
            "input.call.endpoint must be one of audio.transcriptions, chat.completions, ",
        ),
        (
            {"input": {"call": {"endpoint": "embeddings", "body": ["text"]}}},
            422,
            "invalid_input",
            "input.call.body must be an object, not a list.",
        ),
        ({**GOOD, "webhook": {"url": "http://x"}}, 422, "invalid_input", "webhook"),
        ({"input": {"prompt": "x" * 300_000}}, 413, "input_too_large", "262,144"),
        ({"input": {"prompt": "x" * 6_000_000}}, 413, "body_too_large", "5,242,880"),
        ({"input": {"prompt": "x" * 6_000_000}}, 413, "body_too_large", "Shorten input"),
        ('{"input": {"prompt": "\\ud800"}}', 400, "malformed_body", "JSON"),
    ],
)
def test_a_bad_body_is_answered_with_field_limit_and_remedy(call, body, status, error_type, says):
    answer = call("POST", SUBMIT, body)

    assert (answer.status, answer.body["error_type"]) == (status, error_type)
    assert says in answer.body["detail"]
    assert call("GET", "/v1/spaces/echo").body["queue_length"] == 0


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "text/plain;charset=UTF-8",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=application/json",
        "text/plain; application/json",
        "text/plain, application/json",
        "application/jsonp",
        "",
    ],
)
@pytest.mark.parametrize("path", [SUBMIT, "/v1/uploads"])
def test_a_body_that_a_foreign_page_can_send_unasked_is_refused(call, path, content_type):
    # The Fetch standard lets any page send these types; application/json needs a preflight.
    answer = call("POST", path, GOOD, {"content-type": content_type})

    assert (answer.status, answer.body["error_type"]) == (415, "unsupported_media_type")
    assert "Content-Type: application/json" in answer.body["detail"]
    assert call("GET", "/v1/spaces/echo").body["queue_length"] == 0


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON", "application/json ;x=y"]
)
def test_a_type_may_carry_parameters_and_any_case(call, content_type):
    assert call("POST", SUBMIT, GOOD, {"content-type": content_type}).status == 202


def test_what_has_no_body_needs_no_type(call):
    accepted = call("POST", SUBMIT, GOOD).body

    assert call("PUT", accepted["cancel_url"], None, {"content-type": ""}).status == 200
    assert call("DELETE", accepted["response_url"], None, {"content-type": ""}).status == 204


def test_a_body_in_base64_is_understood(call):
    body = base64.b64encode(json.dumps(GOOD).encode()).decode()

    assert call("POST", SUBMIT, body, encoded=True).status == 202


def test_a_body_that_is_no_text_is_refused(call):
    body = base64.b64encode(b"\xff\xfe\x00").decode()

    assert call("POST", SUBMIT, body, encoded=True).status == 400


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "says", "remedy"),
    [
        ("POST", SUBMIT, GOOD, {"Idempotency-Key": "k" * 256}, "256 characters", "omit it"),
        ("GET", "/v1/spaces", None, {"authorization": "Bearer wsk_x"}, "is wrong", "administrator"),
        ("GET", "/v1/spaces", None, {"authorization": "Bearer abc"}, "begins with wsk_", "/v1/me"),
        (
            "POST",
            SUBMIT,
            {"input": {"prompt": "p", "params": {"a": "x" * 262_144}}},
            {},
            "262,176 bytes of JSON; this space accepts at most 262,144",
            "Shorten it",
        ),
        ("POST", "/v1/uploads", {**FILE, "space": "echo"}, {}, "accept files", "only a prompt"),
        (
            "POST",
            "/v1/uploads",
            {**FILE, "content_type": "a/b"},
            {},
            "a/b",
            "of one of these types",
        ),
        (
            "POST",
            "/v1/uploads",
            {**FILE, "space": "shut"},
            {},
            "not accepting requests",
            "try again",
        ),
        ("POST", "/v1/spaces/shut/requests", GOOD, {}, "not accepting requests", "try again"),
    ],
)
def test_a_refusal_says_what_to_do(call, method, path, body, headers, says, remedy):
    for name, disabled in (("lab", False), ("shut", True)):
        space = Definition(
            space_id=name, title=name, created_at=1, features=("prompt", "audio"), disabled=disabled
        )
        create_space(bootstrap.gateway(), space)

    answer = call(method, path, body, headers)

    assert answer.status >= 400
    assert says in answer.body["detail"]
    assert remedy in answer.body["detail"]


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_an_idempotency_key_has_limits(call, key):
    answer = call("POST", SUBMIT, GOOD, {"Idempotency-Key": key})

    assert answer.status == 422
    assert "Idempotency-Key" in answer.body["detail"]


def test_a_repeated_submit_finds_its_request(call):
    first = call("POST", SUBMIT, GOOD, {"idempotency-key": "k"}).body
    second = call("POST", SUBMIT, GOOD, {"Idempotency-Key": "k"}).body

    assert first["request_id"] == second["request_id"]
    assert call("GET", "/v1/spaces/echo").body["queue_length"] == 1


@pytest.mark.parametrize(
    ("method", "path", "error_type"),
    [
        ("GET", "/v1/spaces/nowhere", "unknown_space"),
        ("GET", "/v1/spaces/..%2f..", "unknown_space"),
        ("POST", "/v1/spaces/nowhere/requests", "unknown_space"),
        ("GET", f"{SUBMIT}/echo.1.AAAAAAAAAAAAAAAAAAAAAA", "request_not_found"),
        ("GET", f"{SUBMIT}/nonsense/status", "request_not_found"),
        ("GET", f"{SUBMIT}/other.1.AAAAAAAAAAAAAAAAAAAAAA/status", "request_not_found"),
        ("DELETE", "/v1/spaces/echo", "not_found"),
        ("GET", "/v1/nothing", "not_found"),
    ],
)
def test_what_is_not_there_is_answered_with_404(call, method, path, error_type):
    answer = call(method, path, GOOD if method == "POST" else None)

    assert (answer.status, answer.body["error_type"]) == (404, error_type)


def test_the_id_of_another_request_with_the_right_ticket_reveals_nothing(call):
    call("POST", SUBMIT, GOOD)

    answer = call("GET", f"{SUBMIT}/echo.1.AAAAAAAAAAAAAAAAAAAAAA/status")

    assert (answer.status, answer.body["error_type"]) == (404, "request_not_found")


def test_a_request_that_is_no_longer_kept_is_answered_with_410(call, dynamodb):
    accepted = call("POST", SUBMIT, GOOD).body
    key = {"space_id": {"S": "echo"}, "ticket": {"S": "000000000001"}}
    dynamodb.delete_item(TableName="requests", Key=key)

    assert call("GET", accepted["status_url"]).status == 410
    assert call("GET", accepted["response_url"]).status == 410


def test_answers_are_never_cached(call):
    assert call("GET", "/v1/spaces").headers["Cache-Control"] == "no-store"


def test_spaces_are_listed_with_their_live_state(call):
    (space,) = call("GET", "/v1/spaces").body["spaces"]

    assert (space["space"], space["title"], space["state"]) == ("echo", "Echo", "offline")
    assert space["connected"] is False


def test_an_unexpected_error_says_nothing_but_an_id(call, monkeypatch, caplog):
    secret = "the secret inside"

    def fail(*_):
        raise RuntimeError(secret)

    monkeypatch.setattr(bootstrap.gateway().spaces, "load", fail)
    answer = call("GET", "/v1/spaces/echo")

    assert (answer.status, answer.body["error_type"]) == (500, "internal_error")
    assert secret not in answer.text
    assert "id-to-quote" in answer.body["detail"]
    assert secret in caplog.text


def test_a_refused_call_is_logged_by_its_reason_alone(call, caplog):
    with caplog.at_level("INFO"):
        call("GET", "/v1/spaces/nowhere")

    (line,) = [each for each in caplog.records if each.getMessage() == "call_refused"]
    assert line.__dict__["error_type"] == "unknown_space"


def test_head_answers_as_get_does_without_a_body(call):
    there, missing = call("HEAD", "/v1/spaces"), call("HEAD", "/v1/spaces/nowhere")

    assert (there.status, there.text) == (200, "")
    assert there.headers == call("GET", "/v1/spaces").headers
    assert (missing.status, missing.text) == (404, "")
    assert call("HEAD", SUBMIT).status == 404


def test_the_description_is_valid_openapi_and_covers_every_route(call):
    document = call("GET", "/v1/openapi.json").body

    validate(document)
    described = {
        (method.upper(), path.replace("{", "<").replace("}", ">"))
        for path, methods in document["paths"].items()
        for method in methods
    }
    routes = {
        (route.method, route.path)
        for app in (api.app, wait.app)
        for route in (*app._static_routes, *app._dynamic_routes)
        if route.path != "/v1/openapi.json"
    }
    signed_in = {(method, path.replace("/v1", "/v1/me", 1)) for method, path in routes}
    described.remove(("GET", STREAM.replace("{", "<").replace("}", ">")))
    assert routes <= described <= routes | signed_in
    assert {
        (method, path)
        for method, path in signed_in
        if path.startswith(api._SHARED) and "<request_id>" not in path
    } == described - routes
    assert document == json.loads(json.dumps(openapi_document())), "run: make openapi"


@pytest.mark.parametrize("left_out", ["/v1/admin", "/openai/v1"])
def test_the_description_says_which_paths_it_leaves_out(call, left_out):
    document = call("GET", "/v1/openapi.json").body

    assert f"`{left_out}`" in document["info"]["description"]
    assert not [path for path in document["paths"] if path.startswith(left_out)]


def test_the_description_says_who_may_call_and_names_each_call_once(call):
    document = call("GET", "/v1/openapi.json").body
    operations = {
        f"{method} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }

    names = [operation["operationId"] for operation in operations.values()]
    assert len(names) == len(set(names))
    for call_, operation in operations.items():
        signed_in = operation["security"] == [{"accessToken": []}]
        assert signed_in == ("/v1/me" in call_)
        assert signed_in <= {"401", "403"}.issubset(operation["responses"])


def test_the_description_says_that_an_answer_has_all_its_fields(call):
    schemas = call("GET", "/v1/openapi.json").body["components"]["schemas"]

    status = schemas["RequestStatus"]
    assert set(status["required"]) == set(status["properties"])
    assert schemas["SubmittedInput"]["required"] == []
    assert schemas["RequestState"]["type"] == "string"
    assert schemas["RequestTimes"]["properties"]["created_at"]["format"] == "date-time"
    assert status["properties"]["retry_after_ms"]["description"] == (
        "when to poll again; null once it has ended."
    )


def test_the_longest_output_fits_into_what_a_function_may_answer(call):
    accepted = call("POST", SUBMIT, GOOD).body
    text = base64.b64encode(secrets.token_bytes(MAX_OUTPUT_BYTES * 3 // 8)).decode() + '"\\' * (
        MAX_OUTPUT_BYTES // 8
    )
    ending = Ending(state=RequestState.COMPLETED, ended_at=1, answer={"output": {"text": text}})
    bootstrap.gateway().requests.end(RequestId.parse(accepted["request_id"]), ending)

    answer = call("GET", accepted["response_url"])

    assert len(json.dumps(answer.text)) < 6 * 1024**2 - 10_000
    assert answer.headers["Content-Encoding"] == "gzip"
    shown = json.loads(gzip.decompress(base64.b64decode(answer.text)))
    assert shown["output"]["text"] == text


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"timeout_seconds": 121}, "this space allows at most 120. Send a smaller number"),
        ({"start_timeout_seconds": 3601}, "start_timeout_seconds is 3,601;"),
        ({"timeout_seconds": 1e308}, "this space allows at most 120. Send a smaller number"),
        ({"start_timeout_seconds": 10**308}, "this space allows at most 3,600."),
        ({"timeout_seconds": 0}, "timeout_seconds"),
        ({"timeout_seconds": "60"}, "timeout_seconds must be"),
        ({"metadata": {"a": 1}}, "metadata"),
        ({"metadata": {"a": "x" * 3_000}}, "the limit is 2,048"),
        ({"metadata": []}, "metadata must be an object"),
    ],
)
def test_a_bad_option_is_answered_with_field_limit_and_remedy(call, options, says):
    answer = call("POST", SUBMIT, {**GOOD, **options})

    assert (answer.status, answer.body["error_type"]) == (422, "invalid_input")
    assert says in answer.body["detail"]


def test_options_of_a_request_come_back(call):
    options = {"timeout_seconds": 60, "start_timeout_seconds": 90.5, "metadata": {"order": "7"}}

    accepted = call("POST", SUBMIT, {**GOOD, **options}).body

    assert call("GET", accepted["status_url"]).body["metadata"] == {"order": "7"}
    assert call("GET", accepted["response_url"]).body["metadata"] == {"order": "7"}


def test_log_lines_of_a_traced_call_say_where_it_belongs(call):
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    call("POST", SUBMIT, GOOD, {"Traceparent": trace})
    traced = logger.get_current_keys()["traceparent"]
    call("POST", SUBMIT, GOOD, {"Traceparent": "nonsense"})

    assert (traced, logger.get_current_keys()["traceparent"]) == (trace, None)
