"""What callers write into paths and cursors never becomes a key that DynamoDB refuses.

It takes no empty key, no partition key above 2,048 bytes and no sort key above 1,024 ("Quotas in
Amazon DynamoDB"); moto is not so strict everywhere.
"""

import json

import pytest

from spaces.adapters import aws as clients_of_process
from spaces.handlers import admin, api
from spaces.services.administration.list_cursor import Positions, write
from tests.functional.handlers.http_events import ADA, ULLA, http_event

LONG = "a" * 3_000
PARTITIONS, SORTS = ("space_id", "connection_id", "owner"), ("record", "ticket", "created_at")


class KeyRefused(Exception):
    """DynamoDB would answer ValidationException."""


def _check(params, **_):
    for name, value in _texts(params):
        most = 1_024 if name in SORTS or name == ":before" else 2_048
        keyed = name in (*PARTITIONS, *SORTS) or name.startswith(":")
        if keyed and not 1 <= len(value.encode()) <= most:
            raise KeyRefused(name)


def _texts(value, name=""):
    if isinstance(value, dict) and isinstance(value.get("S"), str):
        yield name, value["S"]
    elif isinstance(value, dict):
        for inner, kept in value.items():
            yield from _texts(kept, inner)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each, name)


@pytest.fixture
def strict(environment):
    events = clients_of_process.dynamodb().meta.events
    events.register("before-parameter-build.dynamodb", _check)
    admin.handler(http_event("POST", "/v1/admin/spaces", {"space": "echo"}, claims=ADA), None)


def hexed(value):
    return json.dumps(value).encode().hex()


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (f"/v1/admin/spaces/{LONG}", {}),
        (f"/v1/admin/spaces/{LONG}/activity", {}),
        ("/v1/admin/requests", {"space": LONG}),
        ("/v1/admin/requests", {"cursor": hexed({"echo": 10**30})}),
        ("/v1/admin/requests", {"cursor": write(Positions({"echo": 2**40 - 1}))}),
        ("/v1/admin/requests", {"cursor": write(Positions({"echo": 10**12 - 1}))}),
        ("/v1/admin/requests", {"cursor": LONG}),
        ("/v1/admin/workers", {"cursor": f"{LONG}/1/{LONG}"}),
        ("/v1/admin/audit", {"cursor": f"2026-11/{LONG}"}),
        ("/v1/admin/audit", {"cursor": f"{LONG}/a"}),
        ("/v1/admin/audit", {"cursor": "2026-13"}),
        ("/v1/admin/audit", {"cursor": "/"}),
    ],
)
def test_administrators_are_told(strict, path, query):
    answer = admin.handler(http_event("GET", path, claims=ADA, query=query), None)

    assert answer["statusCode"] in (200, 404, 422)
    assert "detail" in answer["body"] or answer["statusCode"] == 200


@pytest.mark.parametrize("action", ["notice", "pause", "resume", "disconnect"])
def test_a_link_s_long_name_is_no_link(strict, action):
    path = f"/v1/admin/workers/{LONG}/{action}"

    answer = admin.handler(http_event("POST", path, {"text": "a"}, claims=ADA), None)

    assert answer["statusCode"] == 404 or json.loads(answer["body"])["error_type"] != "internal"


def test_a_purge_of_a_long_name_is_refused(strict):
    path = f"/v1/admin/spaces/{LONG}/purge"

    answer = admin.handler(http_event("POST", path, {"states": ["IN_QUEUE"]}, claims=ADA), None)

    assert answer["statusCode"] == 404


@pytest.mark.parametrize(
    "cursor",
    [
        ["", "", ""],
        ["echo", "", "1"],
        ["echo", "000000000001", ""],
        [LONG, "000000000001", "1800000000000"],
        ["echo", LONG, "1800000000000"],
        ["echo", "000000000001", LONG],
        [1, 2, 3],
    ],
)
def test_a_person_s_own_cursor_is_refused(strict, cursor):
    query = {"cursor": hexed(cursor)}

    answer = api.handler(http_event("GET", "/v1/me/requests", claims=ULLA, query=query), None)

    assert json.loads(answer["body"])["error_type"] == "invalid_input"


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/spaces/{LONG}",
        f"/v1/spaces/{LONG}/requests/{LONG}.1.{'A' * 22}/status",
        f"/v1/spaces/echo/requests/echo.{'9' * 40}.{'A' * 22}",
        f"/v1/spaces/echo/requests/echo.1.{LONG}",
    ],
)
def test_visitors_are_told(strict, path):
    assert api.handler(http_event("GET", path), None)["statusCode"] == 404
