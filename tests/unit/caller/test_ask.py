"""Which calls are repeated, after which pause, and which errors callers get."""

import socket

import httpx
import pytest

from spaces_client import (
    ApiError,
    Conflict,
    ConnectionFailed,
    InvalidInput,
    NotAllowed,
    NoWorker,
    QueueFull,
    RateLimited,
    RequestNotFound,
    ServerError,
    SpaceNotFound,
    Unauthorized,
    UnexpectedAnswer,
)
from spaces_client._core.api import Api
from spaces_client._core.ask import ask, decoded, failure_of
from spaces_client._core.effects import Answer, Lost
from spaces_client._core.requests import list_spaces
from spaces_client._sync.driver import Driver
from spaces_client._types import SpaceList
from spaces_protocol.errors import HTTP_STATUS, ErrorType
from tests.unit.caller.flows import Scene, answer, refusal

GOOD = answer(200)
LOCAL = "On the local cloud, use the address that `make run` prints after API."


def asked(scene, **options):
    return scene.run(lambda api: ask(api, api.spaces(), **options))


@pytest.mark.parametrize(
    "reply", [Lost("cut"), answer(500), answer(502), answer(503), answer(504), refusal(503, "busy")]
)
def test_what_may_go_away_is_asked_again_after_growing_pauses(reply):
    scene = Scene([reply, reply, reply, GOOD])

    assert asked(scene) is GOOD
    assert scene.pauses == [0.5, 1.0, 2.0]


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("http://abc.localhost:4566", f" {LOCAL}"),
        ("http://abc.example.org", ""),
    ],
)
def test_a_page_of_the_local_cloud_that_only_browsers_find_has_a_hint(monkeypatch, address, hint):
    def resolve(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with (
        httpx.Client(trust_env=False) as client,
        pytest.raises(ConnectionFailed, match=r"Name or service not known\.") as caught,
    ):
        Driver(client, sleep=lambda _: None).run(list_spaces(Api(address=address)))

    assert str(caught.value) == f"{address} did not answer: Name or service not known.{hint}"


def test_a_local_cloud_that_is_not_running_has_no_such_hint():
    api = Api(address="http://abc.localhost:4566")

    error = failure_of(api, Lost("Connection refused", connected=False))

    assert str(error) == "http://abc.localhost:4566 did not answer: Connection refused."


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 413, 415, 422])
def test_what_stays_is_asked_once(status):
    scene = Scene([refusal(status, "some_type")])

    with pytest.raises(ApiError):
        asked(scene)
    assert len(scene.calls) == 1


def test_the_gateway_s_own_pause_is_obeyed():
    scene = Scene([refusal(503, "busy", 3), GOOD])

    asked(scene)

    assert 3 <= scene.pauses[0] < 3.5


def test_a_gateway_that_stays_away_is_an_error_in_the_end():
    scene = Scene([Lost("cut")])

    with pytest.raises(ConnectionFailed, match="cut"):
        asked(scene)
    assert 25 < sum(scene.pauses) < 60


def test_an_address_where_nothing_is_fails_soon():
    scene = Scene([Lost("refused", connected=False)])

    with pytest.raises(ConnectionFailed):
        asked(scene)
    assert sum(scene.pauses) < 2


def test_one_that_was_there_before_is_waited_for():
    scene = Scene([Lost("refused", connected=False)])

    with pytest.raises(ConnectionFailed):
        asked(scene, persistent=True)
    assert sum(scene.pauses) > 25


@pytest.mark.parametrize(
    ("error_type", "kind"), [("queue_full", QueueFull), ("rate_limited", RateLimited)]
)
def test_a_limit_at_a_submit_is_an_error_at_once(error_type, kind):
    scene = Scene([refusal(429, error_type, 7), GOOD])

    with pytest.raises(kind) as caught:
        asked(scene, submit=True)

    assert (caught.value.retry_after, scene.pauses) == (7, [])


def test_a_patient_submit_waits_for_as_long_as_it_takes():
    scene = Scene([*[refusal(429, "rate_limited", 60)] * 20, GOOD])

    assert asked(scene, submit=True, patient=True) is GOOD
    assert sum(scene.pauses) >= 1_200


def test_a_day_s_limit_is_not_waited_for():
    scene = Scene([refusal(429, "rate_limited", 40_000), GOOD])

    with pytest.raises(RateLimited):
        asked(scene)


def test_a_429_of_api_gateway_is_repeated_at_a_submit_too():
    scene = Scene([answer(429, message="Too Many Requests"), GOOD])

    assert asked(scene, submit=True) is GOOD


def test_a_space_without_a_worker_that_refuses_is_an_error_at_once():
    scene = Scene([refusal(503, "no_worker", 5), GOOD])

    with pytest.raises(NoWorker):
        asked(scene)


KINDS = {
    "unknown_space": SpaceNotFound,
    "request_not_found": RequestNotFound,
    "request_expired": RequestNotFound,
    "queue_full": QueueFull,
    "rate_limited": RateLimited,
    "no_worker": NoWorker,
}
OF_STATUS = {401: Unauthorized, 403: NotAllowed, 409: Conflict, 500: ServerError, 503: ServerError}
OF_STATUS |= dict.fromkeys((400, 413, 415, 422), InvalidInput)


@pytest.mark.parametrize("error_type", [each for each in ErrorType if HTTP_STATUS[each] >= 400])
def test_every_error_of_the_gateway_has_its_exception(error_type):
    status = HTTP_STATUS[error_type]
    scene = Scene([refusal(status, error_type.value, 100)])

    with pytest.raises(ApiError) as caught:
        asked(scene, submit=True)

    assert type(caught.value) is KINDS.get(error_type.value, OF_STATUS.get(status, ApiError))
    assert (caught.value.error_type, caught.value.detail) == (error_type.value, "No.")


@pytest.mark.parametrize(
    "content", [b"", b"<html>Welcome</html>", b"[]", b'{"spaces": 5}', b"\xff"]
)
def test_another_server_is_named_as_such(content):
    with pytest.raises(UnexpectedAnswer, match="not this API"):
        decoded(Answer(status=200, content=content), SpaceList)


def test_a_redirect_says_where_to():
    moved = Answer(status=301, headers={"location": "https://there.example.org/"})

    with pytest.raises(UnexpectedAnswer, match=r"https://there\.example\.org/"):
        decoded(moved, SpaceList)


@pytest.mark.parametrize("status", [400, 403, 404, 405])
def test_another_server_s_refusal_is_named_as_such(status):
    scene = Scene([Answer(status=status, content=b"<Error><Code>NoSuchKey</Code></Error>")])

    with pytest.raises(UnexpectedAnswer, match=f"answered {status} with something"):
        asked(scene)
    assert len(scene.calls) == 1


def test_an_error_page_on_the_way_is_an_error_with_its_status():
    scene = Scene([Answer(status=502, content=b"<html>")])

    with pytest.raises(ServerError, match=r"The gateway answered 502\. \(HTTP 502\)"):
        asked(scene)
