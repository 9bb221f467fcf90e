"""Arguments of the clients that cannot be meant: nothing is sent."""

import math

import httpx
import pytest

from spaces_client import AsyncSpaces, Spaces, UsageError
from tests.unit.caller.flows import ID

URL = "https://gateway.example.org"
wrong_timeouts = pytest.mark.parametrize("timeout", [math.nan, "5", b"5"])


@pytest.fixture
def nothing_sent():
    """A transport that no call may reach."""
    sent = []

    def answer(request):
        sent.append(request)
        return httpx.Response(404)

    yield httpx.MockTransport(answer)
    assert sent == []


@pytest.fixture
def spaces(nothing_sent):
    with httpx.Client(transport=nothing_sent) as client:
        yield Spaces(URL, http_client=client)


@pytest.mark.parametrize("client", [Spaces, AsyncSpaces])
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"address": b"https://a"}, "The address must be text, not bytes"),
        ({"key": 5}, "The key must be text, not int"),
        ({"access_token": 5}, "The access token must be text, not int"),
        ({"timeout": "5"}, "timeout must be a number of seconds above 0, but it is '5'"),
        ({"timeout": None}, "timeout must be a number of seconds above 0, but it is None"),
        ({"timeout": 0}, "timeout must be a number of seconds above 0, but it is 0"),
        ({"timeout": math.inf}, "timeout must be a number of seconds above 0, but it is inf"),
    ],
)
def test_a_setting_of_another_type_is_named(client, settings, said):
    with pytest.raises(UsageError, match=said):
        client(**{"address": URL, **settings})


@wrong_timeouts
@pytest.mark.parametrize(
    "call",
    [
        lambda spaces, timeout: spaces.run("echo", "hi", timeout=timeout),
        lambda spaces, timeout: spaces.map("echo", ["hi"], timeout=timeout),
        lambda spaces, timeout: spaces.request(ID).result(timeout),
        lambda spaces, timeout: spaces.request(ID).events(timeout=timeout),
    ],
)
def test_a_timeout_that_is_no_number_is_refused(spaces, call, timeout):
    with pytest.raises(UsageError, match=r"^timeout must be a number of seconds, or None"):
        call(spaces, timeout)


@wrong_timeouts
async def test_it_is_refused_with_await_too(nothing_sent, timeout):  # noqa: ASYNC109
    async with httpx.AsyncClient(transport=nothing_sent) as client:
        spaces = AsyncSpaces(URL, http_client=client)
        with pytest.raises(UsageError, match="timeout must be"):
            await spaces.run("echo", "hi", timeout=timeout)
        with pytest.raises(UsageError, match="timeout must be"):
            spaces.map("echo", ["hi"], timeout=timeout)
