"""Clients of each version find out what the server is and can do."""

import pytest

from tests.functional.mcp.support.endpoint import LEGACY, MODERN, PREFIX, TASKS


@pytest.mark.parametrize("version", ["2025-11-25", "2025-06-18", "2025-03-26"])
def test_handshake_agrees_on_the_version_of_the_client(mcp, version):
    answer = mcp.send(
        {
            "jsonrpc": "2.0",
            "id": "a",
            "method": "initialize",
            "params": {"protocolVersion": version},
        }
    )

    assert answer.status == 200
    assert answer.message["id"] == "a"
    assert answer.result["protocolVersion"] == version
    assert answer.result["capabilities"]["tools"] == {}
    assert ("tasks" in answer.result["capabilities"]) == (version == LEGACY)
    assert "Mcp-Session-Id" not in answer.headers


@pytest.mark.parametrize("version", [MODERN, "2024-11-05", "1999-01-01", None, 7])
def test_handshake_of_another_version_is_offered_the_newest_with_a_handshake(mcp, version):
    answer = mcp.send(
        {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": version}}
    )

    assert answer.result["protocolVersion"] == LEGACY


def test_newest_version_discovers_without_a_handshake(mcp):
    found = mcp.modern("server/discover").result

    assert found["supportedVersions"][0] == MODERN
    assert found["capabilities"] == {"tools": {}, "extensions": {TASKS: {}}}
    assert found["resultType"] == "complete"
    assert found["_meta"][f"{PREFIX}serverInfo"]["name"] == "websocket-spaces"


def test_ping_is_answered_and_a_notification_is_accepted_without_an_answer(mcp):
    assert mcp.legacy("ping").result == {}
    told = mcp.send({"jsonrpc": "2.0", "method": "notifications/initialized"})
    assert (told.status, told.body) == (202, b"")


def test_version_that_is_not_supported_is_named_with_those_that_are(mcp):
    old = mcp.legacy("ping", version="2024-11-05")
    new = mcp.modern(
        "server/discover",
        headers={"MCP-Protocol-Version": "2027-01-01"},
        **{f"{PREFIX}protocolVersion": "2027-01-01"},
    )

    for answer, version in ((old, "2024-11-05"), (new, "2027-01-01")):
        assert (answer.status, answer.error["code"]) == (400, -32022)
        assert answer.error["data"]["requested"] == version
        assert MODERN in answer.error["data"]["supported"]


@pytest.mark.parametrize(
    "headers",
    [
        {"MCP-Protocol-Version": LEGACY},
        {"Mcp-Method": "tools/list"},
        {"Mcp-Name": "other"},
        {"Mcp-Name": "=?base64?!!?="},
    ],
)
def test_headers_that_contradict_the_body_are_refused(mcp, headers):
    answer = mcp.call("echo", {"prompt": "hi"}, headers=headers)

    assert (answer.status, answer.error["code"]) == (400, -32020)
    assert answer.message["id"] == 1


def test_name_in_base64_is_the_same_name(mcp, play):
    play(lambda _: iter([{"output": {"text": "hello"}}]))

    assert mcp.call("echo", {"prompt": "hi"}, headers={"Mcp-Name": "=?base64?ZWNobw==?="}).text == (
        "hello"
    )
