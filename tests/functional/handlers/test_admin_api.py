import json

import pytest

from spaces import bootstrap
from spaces.handlers import admin, api
from tests.functional.handlers.http_events import ADA, ULLA, body_of, http_event

SPACES = "/v1/admin/spaces"


@pytest.fixture
def ask(environment):
    """Call the administration as Ada, or as whoever has these claims."""

    def ask_admin(method, path, body=None, *, claims=ADA, query=None):
        event = http_event(method, path, body, claims=claims, query=query)
        answer = admin.handler(event, None)
        return answer["statusCode"], body_of(answer)

    return ask_admin


@pytest.fixture
def visit(environment):
    """Call the visitors' API."""

    def call_api(method, path, body=None, *, claims=None, key=None, query=None):
        headers = {"authorization": f"Bearer {key}"} if key else {}
        event = http_event(method, path, body, claims=claims, headers=headers, query=query)
        answer = api.handler(event, None)
        return answer["statusCode"], body_of(answer)

    return call_api


ROUTES = sorted(
    {(r.method, r.path) for r in (*admin.app._static_routes, *admin.app._dynamic_routes)}
)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_administration_is_for_administrators_only(ask, method, path):
    path = path.replace("<", "").replace(">", "")

    status, body = ask(method, path, {}, claims=ULLA)
    nobody, _ = ask(method, path, {}, claims=None)

    assert (status, body["error_type"]) == (403, "not_allowed")
    assert nobody == 401


def test_head_is_for_administrators_only_and_has_no_body(ask):
    assert ask("HEAD", SPACES) == (200, None)
    assert ask("HEAD", SPACES, claims=ULLA) == (403, None)
    assert ask("HEAD", f"{SPACES}/nosuch") == (404, None)


def test_no_http_call_can_pass_for_the_command_line(ask):
    event = http_event("GET", SPACES, headers={"command_line": "root"})
    event["command_line"] = "root"

    assert admin.handler(event, None)["statusCode"] == 401


@pytest.mark.parametrize(
    ("given", "kept"), [("Two\n lines", "Two lines"), (" \u200b\n", "My lab"), ("", "My lab")]
)
def test_a_title_is_one_line_that_can_be_seen(ask, given, kept):
    created = ask("POST", SPACES, {"space": "my-lab", "title": given})[1]
    edited = ask("PUT", f"{SPACES}/my-lab", {"version": 1, "title": given + "\n"})[1]

    assert (created["title"], edited["title"]) == (kept, kept)


def test_spaces_are_listed_by_the_numbers_in_their_names(ask, visit):
    for name in ("page-10", "page-2", "page-1"):
        ask("POST", SPACES, {"space": name})

    listed = [ask("GET", SPACES)[1], visit("GET", "/v1/spaces")[1]]

    assert [[each["space"] for each in body["spaces"]] for body in listed] == [
        ["page-1", "page-2", "page-10"]
    ] * 2


def test_a_space_is_created_edited_and_deleted(ask, visit):
    assert ask("POST", SPACES, {"space": "lab", "title": "Lab"})[0] == 201
    assert ask("POST", SPACES, {"space": "lab"})[1]["error_type"] == "space_exists"
    status, edited = ask("PUT", f"{SPACES}/lab", {"version": 1, "title": "New"})
    assert (status, edited["title"], edited["version"]) == (200, "New", 2)
    assert visit("GET", "/v1/spaces/lab")[1]["title"] == "New"

    status, body = ask("PUT", f"{SPACES}/lab", {"version": 1, "title": "Late"})
    assert (status, body["error_type"], body["current"]["title"]) == (409, "edit_conflict", "New")

    assert ask("DELETE", f"{SPACES}/lab")[0] == 422
    assert ask("DELETE", f"{SPACES}/lab", query={"version": "2"}) == (
        200,
        {"cancelled": 0, "left": 0},
    )
    assert ask("GET", f"{SPACES}/lab")[0] == 404
    assert visit("GET", "/v1/spaces/lab")[0] == 404


def test_what_is_listed_is_what_may_be_seen(ask, visit):
    for visibility in ("public", "members", "private"):
        ask("POST", SPACES, {"space": visibility, "visibility": visibility, "members": ["mona"]})
    key = ask("POST", "/v1/admin/keys", {"spaces": ["private"]})[1]["key"]

    def listed(path="/v1/spaces", **who):
        return [space["space"] for space in visit("GET", path, **who)[1]["spaces"]]

    mona = {"sub": "sub-2", "username": "mona"}
    assert listed() == ["public"]
    assert listed("/v1/me/spaces", claims=ULLA) == ["members", "public"]
    assert listed("/v1/me/spaces", claims=mona) == ["members", "private", "public"]
    assert listed("/v1/me/spaces", claims=ADA) == ["members", "private", "public"]
    assert listed(key=key) == ["private"]


def test_a_hidden_space_and_a_missing_one_answer_alike(ask, visit):
    ask("POST", SPACES, {"space": "hidden", "visibility": "private"})
    submission = {"input": {"prompt": "hi"}}

    for method, path, body in (
        ("GET", "/v1/spaces/{}", None),
        ("POST", "/v1/spaces/{}/requests", submission),
        ("GET", "/v1/me/spaces/{}", None),
        ("POST", "/v1/me/spaces/{}/requests", submission),
    ):
        claims = ULLA if "/me/" in path else None
        hidden = visit(method, path.format("hidden"), body, claims=claims)
        missing = visit(method, path.format("nosuch"), body, claims=claims)

        assert hidden[0] == missing[0] == 404
        assert hidden[1]["detail"].replace("hidden", "nosuch") == missing[1]["detail"]


def test_paths_of_signed_in_people_are_closed_to_everybody_else(ask, visit):
    ask("POST", SPACES, {"space": "lab"})

    assert visit("GET", "/v1/me")[0] == 401
    assert visit("GET", "/v1/me/requests")[0] == 401
    assert visit("GET", "/v1/me/spaces")[0] == 404
    assert visit("GET", "/v1/me", claims=ADA) == (
        200,
        {"user": "ada", "groups": ["admins"], "admin": True},
    )


def test_a_person_submits_finds_and_deletes_a_request_of_their_own(ask, visit):
    ask("POST", SPACES, {"space": "lab", "visibility": "members"})
    status, accepted = visit(
        "POST", "/v1/me/spaces/lab/requests", {"input": {"prompt": "Bears?"}}, claims=ULLA
    )
    assert status == 202
    request_id = accepted["request_id"]
    assert visit("GET", accepted["status_url"])[0] == 200

    found = visit("GET", "/v1/me/requests", claims=ULLA, query={"q": "bear"})[1]["requests"]
    assert [(each["request_id"], each["prompt"]) for each in found] == [(request_id, "Bears?")]
    own = f"/v1/me/requests/{request_id}"
    assert visit("DELETE", own, claims=ULLA)[1]["error_type"] == "still_running"
    visit("PUT", accepted["cancel_url"])
    assert visit("DELETE", accepted["response_url"])[1]["error_type"] == "not_allowed"
    assert visit("DELETE", own, claims=ADA)[0] == 403
    assert visit("DELETE", own, claims=ULLA) == (204, None)
    assert visit("GET", accepted["status_url"])[0] == 404


def test_a_key_opens_its_spaces_until_it_is_revoked(ask, visit):
    ask("POST", SPACES, {"space": "lab", "visibility": "private"})
    ask("POST", SPACES, {"space": "open"})
    made = ask("POST", "/v1/admin/keys", {"spaces": ["lab"], "limits": {"requests_per_minute": 1}})[
        1
    ]
    submit = ("POST", "/v1/spaces/lab/requests", {"input": {"prompt": "hi"}})

    assert visit(*submit, key=made["key"])[0] == 202
    status, refused = visit(*submit, key=made["key"])
    assert (status, refused["error_type"]) == (429, "rate_limited")
    assert visit("GET", "/v1/spaces/open", key=made["key"])[0] == 404
    assert ask("DELETE", f"/v1/admin/keys/{made['key_id']}") == (204, None)
    assert visit(*submit, key=made["key"])[0] == 401


def test_a_refusal_for_the_rate_says_when_to_come_back(ask, environment):
    ask("POST", SPACES, {"space": "lab", "anonymous_limits": {"requests_per_minute": 1}})
    event = http_event("POST", "/v1/spaces/lab/requests", {"input": {"prompt": "hi"}})
    api.handler(event, None)

    answer = api.handler(event, None)

    assert answer["statusCode"] == 429
    assert 1 <= int(answer["headers"]["Retry-After"]) <= 60
    assert "1 requests per minute" in body_of(answer)["detail"]


def test_nothing_public_says_who_anybody_is(ask, visit):
    ask("POST", SPACES, {"space": "lab", "members": ["mona@example.org"]})
    accepted = visit("POST", "/v1/me/spaces/lab/requests", {"input": {"prompt": "x"}}, claims=ULLA)[
        1
    ]

    told = json.dumps(
        [visit("GET", path)[1] for path in ("/v1/spaces", "/v1/spaces/lab", accepted["status_url"])]
    )

    for secret in ("mona", "ulla", "sub-1"):
        assert secret not in told


def test_a_picture_is_uploaded_shown_and_taken_away(ask, visit, aws):
    ask("POST", SPACES, {"space": "lab"})
    status, form = ask("POST", f"{SPACES}/lab/cover", {"content_type": "image/png", "size": 3})
    assert status == 201
    missing = ask("PUT", f"{SPACES}/lab/cover", {"upload_id": form["upload_id"]})
    assert missing[1]["error_type"] == "upload_missing"
    key = form["fields"]["key"]
    aws[1].put_object(Bucket="files", Key=key, Body=b"png", ContentType="image/png")

    status, changed = ask("PUT", f"{SPACES}/lab/cover", {"upload_id": form["upload_id"]})

    assert (status, changed["version"]) == (200, 2)
    assert "/covers/lab/" in visit("GET", "/v1/spaces/lab")[1]["cover_url"]
    assert ask("DELETE", f"{SPACES}/lab/cover")[1]["cover_url"] is None
    keys = [each["Key"] for each in aws[1].list_objects_v2(Bucket="files")["Contents"]]
    assert keys == [key]


@pytest.mark.parametrize(("kind", "size"), [("text/html", 3), ("image/png", 2 * 1024**2)])
def test_what_is_no_picture_becomes_no_cover(ask, aws, kind, size):
    ask("POST", SPACES, {"space": "lab"})
    assert ask("POST", f"{SPACES}/lab/cover", {"content_type": kind, "size": size})[0] == 422
    upload_id = "A" * 22
    aws[1].put_object(
        Bucket="files", Key=f"uploads/lab/{upload_id}", Body=b"x" * size, ContentType=kind
    )

    status, body = ask("PUT", f"{SPACES}/lab/cover", {"upload_id": upload_id})

    assert (status, body["error_type"]) == (422, "upload_missing")


def test_the_command_line_makes_the_same_calls(environment):
    call = {"method": "POST", "path": SPACES, "body": {"space": "lab"}, "who": "ada"}

    created = admin.handler(call, None)
    again = admin.handler(call, None)
    trail = admin.handler({"method": "GET", "path": "/v1/admin/audit"}, None)

    assert (created["status"], created["body"]["space"]) == (201, "lab")
    assert (again["status"], again["body"]["error_type"]) == (409, "space_exists")
    assert {entry["who"] for entry in trail["body"]["entries"]} == {"cli:ada"}


def test_queries_that_cannot_be_are_told(ask):
    ask("POST", SPACES, {"space": "lab"})

    for path, query in (
        (f"{SPACES}/lab/activity", {"hours": "x"}),
        (f"{SPACES}/lab/activity", {"hours": "1000"}),
        ("/v1/admin/requests", {"from": "yesterday"}),
        ("/v1/admin/requests", {"cursor": "x"}),
        ("/v1/admin/requests", {"state": "DONE"}),
        ("/v1/admin/workers", {"cursor": "x"}),
        ("/v1/admin/audit", {"cursor": "x"}),
    ):
        status, body = ask("GET", path, query=query)
        assert (status, body["error_type"]) == (422, "invalid_input")
        assert next(iter(query)) in body["detail"]


def test_a_body_that_is_too_long_is_told_what_can_be_shortened_there(ask):
    status, body = ask("POST", SPACES, {"space": "lab", "members": ["m" * 120] * 600})

    assert (status, body["error_type"]) == (413, "body_too_large")
    assert "prompt" not in body["detail"]
    assert "Shorten its longest field" in body["detail"]


def test_the_command_for_a_worker_names_the_address_of_the_stage(ask):
    ask("POST", SPACES, {"space": "lab"})
    token = ask("POST", "/v1/admin/tokens", {"spaces": ["lab"]})[1]

    rotated = ask("POST", f"/v1/admin/tokens/{token['token_id']}/rotate")[1]

    for told in (token, rotated):
        assert "--url wss://workers.example.org/v1 " in told["command"]


def test_no_log_line_of_administration_holds_a_secret(ask, visit, caplog):
    with caplog.at_level("DEBUG"):
        ask("POST", SPACES, {"space": "lab"})
        token = ask("POST", "/v1/admin/tokens", {"spaces": ["lab"]})[1]
        key = ask("POST", "/v1/admin/keys", {"spaces": ["lab"]})[1]
        visit("POST", "/v1/spaces/lab/requests", {"input": {"prompt": "x"}}, key=key["key"])
        rotated = ask("POST", f"/v1/admin/tokens/{token['token_id']}/rotate")[1]
        bootstrap.gateway().log_event("anything")

    told = caplog.text + json.dumps([record.__dict__ for record in caplog.records], default=str)
    assert "administered" in told
    for secret in (token["token"], key["key"], rotated["token"]):
        assert secret not in told


@pytest.mark.parametrize("sent", [{}, {"action": "destroy"}, {"method": "GET"}, {"path": 5}])
def test_what_is_no_call_of_the_command_line_is_told_so(environment, sent):
    answer = admin.handler(sent, None)

    assert (answer["status"], answer["body"]["error_type"]) == (422, "invalid_input")
