"""Spaces are tools."""

import pytest

from spaces.services.mcp import list_tools
from spaces_protocol.model_call import ENDPOINTS

SCHEMA = {
    "type": "object",
    "properties": {
        "beam": {"type": "integer", "x-mcp-header": "Beam"},
        "files": {"type": "string"},
        "size": {"$ref": "#/$defs/size"},
    },
    "required": ["beam", "files"],
    "$defs": {"size": {"enum": ["s", "l"]}},
    "additionalProperties": False,
}


def tools(mcp, **options):
    return {tool["name"]: tool for tool in mcp.modern("tools/list", **options).result["tools"]}


def test_each_space_that_the_caller_may_use_is_a_tool(mcp, live, key):
    live.create_space("going", deleting=True)

    assert set(tools(mcp)) == {"echo"}
    assert set(tools(mcp, headers=key)) == {"closed"}
    answer = mcp.modern("tools/list")
    assert (answer.result["cacheScope"], answer.result["ttlMs"] > 0) == ("public", True)
    assert mcp.modern("tools/list", headers=key).result["cacheScope"] == "private"


def test_params_of_the_worker_become_arguments_beside_the_gateway_s_own(mcp, play):
    play(lambda _: iter([]), schema=SCHEMA)

    schema = tools(mcp)["echo"]["inputSchema"]

    own = {"prompt", "timeout_seconds", "start_timeout_seconds", "params"}
    assert set(schema["properties"]) == own | {"beam", "size"}
    assert schema["properties"]["beam"] == {"type": "integer"}  # and no header
    assert schema["properties"]["params"]["properties"] == {"files": {"type": "string"}}
    assert schema["required"] == ["prompt", "beam"]
    assert schema["$defs"] == SCHEMA["$defs"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["timeout_seconds"]["maximum"] == 120


def test_space_for_files_says_which(mcp, live):
    live.create_space("see", features=("image",), max_files=3, max_file_bytes=5000)

    schema = tools(mcp)["see"]["inputSchema"]

    assert schema["required"] == ["files"]
    assert schema["properties"]["files"]["maxItems"] == 3
    assert "image/*" in schema["properties"]["files"]["description"]
    assert "5,000 bytes" in schema["properties"]["files"]["description"]


def test_space_for_calls_takes_a_prompt_if_its_worker_chats(mcp, live, play):
    live.create_space("chat", features=("call",))
    assert "prompt" not in tools(mcp)["chat"]["inputSchema"]["properties"]

    play(lambda _: iter([]), space="chat", endpoints=ENDPOINTS[:1])

    schema = tools(mcp)["chat"]["inputSchema"]
    assert {"prompt", "call"} <= set(schema["properties"])
    assert schema["properties"]["call"]["properties"]["endpoint"]["enum"] == ["chat.completions"]


def test_description_says_whether_the_tool_is_available(mcp, live, play):
    live.create_space("off", disabled=True, description="Knows all.")
    live.create_space("refuses", when_offline="refuse")
    play(lambda _: iter([]))

    said = {name: tool["description"] for name, tool in tools(mcp).items()}

    assert said["echo"] == "The model behind Echo."
    assert said["off"].startswith("Knows all.\n\nNot available: the space accepts no requests")
    assert "Not available: no worker is connected" in said["refuses"]
    live.create_space("waits")
    assert "a call waits for one, at most 3,600 seconds" in tools(mcp)["waits"]["description"]


def test_tools_come_in_pages_in_natural_order(mcp, live, monkeypatch):
    monkeypatch.setattr(list_tools, "PAGE", 2)
    for number in (1, 10, 2):
        live.create_space(f"page-{number}")

    first = mcp.modern("tools/list").result
    second = mcp.modern("tools/list", {"cursor": first["nextCursor"]}).result

    names = [tool["name"] for tool in first["tools"] + second["tools"]]
    assert names == ["echo", "page-1", "page-2", "page-10"]
    assert "nextCursor" not in second


def test_only_the_version_with_tasks_in_its_core_is_told_of_them(mcp):
    assert mcp.legacy("tools/list").result["tools"][0]["execution"] == {"taskSupport": "optional"}
    assert "execution" not in mcp.modern("tools/list").result["tools"][0]
    early = mcp.legacy("tools/list", version="2025-06-18").result
    assert "execution" not in early["tools"][0]
    assert "ttlMs" not in early


@pytest.mark.parametrize("cursor", ["", "../x", 7, "A"])
def test_cursor_of_others_is_refused(mcp, cursor):
    assert mcp.modern("tools/list", {"cursor": cursor}).error["code"] == -32602
