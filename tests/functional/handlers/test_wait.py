"""Waiting over HTTP: what a call answers, and where it leads when it cannot last longer."""

from urllib.parse import urljoin

import pytest

from spaces import bootstrap
from spaces.domain.request import Ending
from spaces.domain.space import Definition
from spaces.handlers import api, wait
from spaces.handlers.rest.prefer_header import preferred_wait
from spaces.handlers.routes import wait_routes
from spaces.services.spaces.create_space import create_space
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import RequestState
from tests.functional.handlers.http_events import ULLA, body_of, http_event

SUBMIT = "/v1/spaces/echo/requests"
API = "https://api.example.org/prefix"
GOOD = {"input": {"prompt": "hello"}}


@pytest.fixture(autouse=True)
def space(environment):
    create_space(bootstrap.gateway(), Definition(space_id="echo", title="Echo", created_at=1))


@pytest.fixture
def accepted(call):
    return call("POST", SUBMIT, GOOD).body


def follow(path, answer):
    """Return the path to which a client goes on."""
    return urljoin(API + path, answer.headers["Location"]).removeprefix(API)


def end(accepted):
    ending = Ending(state=RequestState.COMPLETED, ended_at=1, answer={"output": {"text": "done"}})
    bootstrap.gateway().requests.end(RequestId.parse(accepted["request_id"]), ending)


@pytest.mark.parametrize("query", ["", "?seconds=0", "?seconds=25", "?seconds=3600"])
def test_an_ended_request_is_answered_as_by_get(call, accepted, query):
    end(accepted)

    answer = call("GET", f"{accepted['response_url']}/wait{query}")

    assert answer.status == 200
    assert answer.body == call("GET", accepted["response_url"]).body


def test_when_the_time_is_over_the_answer_is_202(call, accepted):
    answer = call("GET", f"{accepted['response_url']}/wait?seconds=1")

    assert (answer.status, answer.body["status"]) == (202, "IN_QUEUE")
    assert int(answer.headers["Retry-After"]) >= 1


def test_a_longer_wait_goes_on_in_the_next_call(call, accepted, monkeypatch):
    monkeypatch.setattr(wait_routes, "HOLD_SECONDS", 1)

    wait = f"{accepted['response_url']}/wait?seconds="
    first = call("GET", f"{wait}3")
    second = call("GET", follow(f"{wait}3", first))
    third = call("GET", follow(f"{wait}2", second))

    assert [answer.status for answer in (first, second, third)] == [303, 303, 202]
    assert follow(f"{wait}3", first) == f"{wait}2"
    assert follow(f"{wait}2", second) == f"{wait}1"


def test_an_unknown_request_is_404_at_once(call):
    answer = call("GET", f"{SUBMIT}/echo.9.{'A' * 22}/wait?seconds=20")

    assert (answer.status, answer.body["error_type"]) == (404, "request_not_found")


@pytest.mark.parametrize("seconds", ["-1", "3601", "99999999999999999999", "1.5", "x", "٣"])
def test_a_wrong_number_of_seconds_is_refused_with_its_limit(call, accepted, seconds):
    answer = call("GET", f"{accepted['response_url']}/wait?seconds={seconds}")

    assert (answer.status, answer.body["error_type"]) == (422, "invalid_input")
    assert "0 to 3,600" in answer.body["detail"]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("wait=600", 600),
        ("Wait=10", 10),
        ('wait="20"', 20),
        ("respond-async, wait=10", 10),
        ("wait = 30 ; x=y", 30),
        ('x="a, wait=5", wait=40', 40),
        ("wait=5, wait=9", 5),
        ("wait=999999", 3600),
    ],
)
def test_a_submit_that_prefers_to_wait_is_led_there(call, header, seconds):
    answer = call("POST", SUBMIT, GOOD, {"Prefer": header})

    assert answer.status == 303
    assert follow(SUBMIT, answer) == f"{answer.body['response_url']}/wait?seconds={seconds}"
    assert answer.headers["Preference-Applied"] == f"wait={seconds}"
    assert answer.body["status"] == "IN_QUEUE"


@pytest.mark.parametrize(
    "header",
    ["", "wait=0", "wait", "wait=", "wait=x", "wait=-1", "waiting=5", 'wait="5', "xwait=5"],
)
def test_any_other_preference_changes_nothing(call, header):
    answer = call("POST", SUBMIT, GOOD, {"Prefer": header})

    assert answer.status == 202
    assert answer.headers["Location"] == answer.body["status_url"]
    assert "Preference-Applied" not in answer.headers


def test_a_repeated_submit_leads_to_the_same_request(call):
    headers = {"Prefer": "wait=5", "Idempotency-Key": "once"}

    first, second = (call("POST", SUBMIT, GOOD, headers) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]


def test_a_signed_in_submit_leads_to_the_path_that_needs_no_token(environment):
    path = "/v1/me/spaces/echo/requests"
    event = http_event("POST", path, GOOD, headers={"Prefer": "wait=5"}, claims=ULLA)

    answer = api.handler(event, None)

    there = urljoin(API + path, answer["headers"]["Location"])
    assert there == f"{API}{body_of(answer)['response_url']}/wait?seconds=5"


class SlowStart:
    """The context of an invocation that has little time left."""

    @staticmethod
    def get_remaining_time_in_millis():
        return 3_900


def test_an_invocation_that_started_slowly_waits_less_long_and_hands_on_the_rest(accepted):
    path = f"{accepted['response_url']}/wait"
    event = http_event("GET", path, query={"seconds": "60"})

    answer = wait.handler(event, SlowStart())

    assert answer["statusCode"] == 303
    assert answer["headers"]["Location"].endswith("wait?seconds=59")


def test_a_long_header_is_ignored_and_costs_no_time():
    assert preferred_wait("wait=5, " + "x" * 492) == 5
    assert preferred_wait("wait=5, " + "x" * 493) is None
    assert preferred_wait('\\"' * 100_000) is None
