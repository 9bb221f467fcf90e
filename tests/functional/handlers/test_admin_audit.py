"""Every call that changes something leaves exactly one entry in the trail; the others none."""

import re
from pathlib import Path

import pytest

from spaces import bootstrap
from spaces.adapters import aws as clients_of_process
from spaces.domain.request_options import RequestOptions
from spaces.handlers import admin
from spaces.services.ports.gateway import Sender
from spaces.services.requests.cancel_request import cancel_request
from spaces.services.requests.submit_request import submit_request
from spaces.services.workers.register_worker import register_worker
from spaces_protocol.request_id import RequestId
from spaces_protocol.rest_bodies import SubmittedInput
from spaces_protocol.webhooks import Webhook
from spaces_protocol.worker_messages import Register
from tests.functional.gateway.world import Tries
from tests.functional.handlers.http_events import ADA, body_of, http_event

UPLOAD = "A" * 22
BODIES = {
    "POST /v1/admin/spaces": {"space": "lab"},
    "PUT /v1/admin/spaces/<space>": {"version": 1, "title": "New"},
    "PUT /v1/admin/spaces/<space>/cover": {"upload_id": UPLOAD},
    "POST /v1/admin/spaces/<space>/purge": {"states": ["IN_QUEUE"]},
    "POST /v1/admin/tokens": {"spaces": ["echo"]},
    "POST /v1/admin/tokens/<token_id>/rotate": {},
    "POST /v1/admin/keys": {"spaces": ["echo"]},
    "POST /v1/admin/keys/<key_id>/rotate": {},
    "POST /v1/admin/workers/<connection_id>/notice": {"text": "Hello."},
    "POST /v1/admin/people": {"user": "bo", "email": "bo@example.org"},
    "POST /v1/admin/people/actions": {"user": "cy", "action": "make_administrator"},
}
NOTHING_CHANGES = {
    "POST /v1/admin/spaces/<space>/cover": {"content_type": "image/png", "size": 9},
}
LABELS = Path(__file__).parents[3] / "web_static/locales/en/admin.js"
LABELLED = set(re.findall(r'"admin\.field\.(\w+)"', LABELS.read_text("utf-8")))
COMMAND_LINE_ONLY = "POST /v1/admin/audit/people"
CHANGES = sorted(
    f"{route.method} {path}"
    for route in (*admin.app._static_routes, *admin.app._dynamic_routes)
    if route.method != "GET"
    and f"{route.method} {(path := str(route.path))}" not in {*NOTHING_CHANGES, COMMAND_LINE_ONLY}
)


class Sockets:
    """Links that take whatever is sent to them."""

    def post(self, *_):
        return "sent"

    def close(self, _):
        return True

    def last_active(self, _):
        return 1


@pytest.fixture
def office(environment, aws, users):
    """A space with a worker, a request, a token and a key; calls it as Ada."""

    def ask(method, path, body=None, query=None):
        answer = admin.handler(http_event(method, path, body, claims=ADA, query=query), None)
        assert answer["statusCode"] < 300, answer["body"]
        return body_of(answer)

    gateway = bootstrap.gateway()
    clients_of_process.user_pools().admin_create_user(UserPoolId=users, Username="cy")
    object.__setattr__(gateway, "sockets", Sockets())
    object.__setattr__(gateway, "clocks", type("Clocks", (), {"arm": lambda *_: None})())
    ask("POST", "/v1/admin/spaces", {"space": "echo"})
    object.__setattr__(gateway, "webhook_tries", Tries())
    webhook = RequestOptions(webhook=Webhook(url="https://example.com/in"))
    accepted = submit_request(gateway, "echo", SubmittedInput(prompt="Hello"), options=webhook)
    names = {
        "<space>": "echo",
        "<token_id>": ask("POST", "/v1/admin/tokens", {"spaces": ["echo"]})["token_id"],
        "<key_id>": ask("POST", "/v1/admin/keys", {"spaces": ["echo"]})["key_id"],
        "<connection_id>": "link",
        "<request_id>": str(accepted.request.request_id),
    }
    worker = Sender("link", gateway.now(), "w1", names["<token_id>"], frozenset({"echo"}))
    gateway.connections.open(worker, now=gateway.now())
    aws[1].put_object(
        Bucket="files", Key=f"uploads/echo/{UPLOAD}", Body=b"png", ContentType="image/png"
    )
    ask.names = names
    register_worker(gateway, worker, Register(spaces=["echo"], session="s"))
    return ask


def call(office, route):
    method, path = route.split(" ")
    if path.endswith("/webhook"):  # only an ended request has one to repeat
        cancel_request(bootstrap.gateway(), RequestId.parse(office.names["<request_id>"]))
    for placeholder, name in office.names.items():
        path = path.replace(placeholder, name)
    query = {"version": "1"} if route == "DELETE /v1/admin/spaces/<space>" else None
    office(method, path, BODIES.get(route, NOTHING_CHANGES.get(route)), query)


@pytest.mark.parametrize("route", CHANGES)
def test_a_change_has_one_entry_with_its_author_and_outcome(office, route):
    before = len(office("GET", "/v1/admin/audit")["entries"])

    call(office, route)

    entries = office("GET", "/v1/admin/audit")["entries"]
    assert len(entries) == before + 1
    assert (entries[0]["who"], entries[0]["outcome"]) == ("ada", "done")
    assert entries[0]["target"]
    shown = {*(entries[0].get("before") or {}), *(entries[0].get("after") or {})}
    assert shown <= LABELLED, "the page has a label for each field"


@pytest.mark.parametrize("route", NOTHING_CHANGES)
def test_what_changes_nothing_has_no_entry(office, route):
    before = office("GET", "/v1/admin/audit")

    call(office, route)
    office("POST", "/v1/admin/spaces/echo/purge", {"states": ["IN_QUEUE"], "dry_run": True})

    assert office("GET", "/v1/admin/audit") == before


def invoke(body):
    order = {"method": "POST", "path": "/v1/admin/audit/people", "who": "me", "body": body}
    return admin.handler(order, None)


def newest(office):
    entry = office("GET", "/v1/admin/audit")["entries"][0]
    return {name: entry[name] for name in ("who", "action", "target", "outcome", "after")}


def test_a_change_of_a_person_is_noted_before_it_is_made_and_after(office):
    note = {"action": "make_administrator", "user": "ulla"}

    made = invoke(note)["body"]
    begun = newest(office)
    invoke({**note, **made, "outcome": "done"})

    told = {"who": "cli:me", "action": "make_administrator", "target": "ulla"}
    assert begun == {**told, "outcome": "begun", "after": {"administrator": True}}
    assert newest(office) == {**begun, "outcome": "done"}


def test_a_change_of_a_person_that_was_refused_tells_nothing_that_became_so(office):
    note = {"action": "disable_user", "user": "nobody"}
    made = invoke(note)["body"]

    invoke({**note, **made, "outcome": "refused"})

    assert (newest(office)["outcome"], newest(office)["after"]) == ("refused", None)


@pytest.mark.parametrize("cursor", ["0000-01", "0000-05", "1999-12", "2026-00", "2026-13", "2026"])
@pytest.mark.usefixtures("office")
def test_cursor_of_no_month_is_refused(cursor):
    order = {"method": "GET", "path": "/v1/admin/audit", "query": {"cursor": cursor}}

    refused = admin.handler(order, None)

    assert refused["status"] == 422


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "done"},
        {"note_id": "00000000000001#" + "A" * 22},
        {"note_id": "99999999999999#" + "A" * 22},
        {"note_id": "#audit#2026-01"},
        {"password": "secret"},
        {"action": "edit_space"},
    ],
)
def test_nothing_else_can_be_written_into_the_trail(office, changes):
    before = office("GET", "/v1/admin/audit")

    refused = invoke({"action": "make_administrator", "user": "ulla", **changes})

    assert refused["status"] == 422
    assert office("GET", "/v1/admin/audit") == before


def test_an_outcome_replaces_the_beginning_of_the_same_change_only(office):
    edited = office("GET", "/v1/admin/spaces/echo")
    office("PUT", "/v1/admin/spaces/echo", {**edited, "title": "Ours"})
    (of_the_edit,) = [
        item["record"]["S"]
        for item in clients_of_process.dynamodb().scan(TableName="spaces")["Items"]
        if '"edit_space"' in str(item.get("entry"))
    ]
    made = invoke({"action": "disable_user", "user": "ulla"})["body"]
    before = office("GET", "/v1/admin/audit")

    for note_id, user in ((of_the_edit, "ulla"), (made["note_id"], "otto")):
        note = {"action": "disable_user", "user": user, "note_id": note_id, "outcome": "done"}
        assert invoke(note)["status"] == 422

    assert office("GET", "/v1/admin/audit") == before


def test_by_http_nobody_notes_changes_of_people(office):
    path = "/v1/admin/audit/people"
    body = {"action": "make_administrator", "user": "ulla"}

    answer = admin.handler(http_event("POST", path, body, claims=ADA), None)

    assert answer["statusCode"] == 404
