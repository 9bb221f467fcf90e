"""A worker can speak only of what it was handed, whatever worker id it uses."""

import pytest

from spaces.adapters.dynamodb.queue_items import new_queue_item
from spaces.domain.errors import SpaceError
from spaces.services.administration import credentials
from spaces.services.requests.view_request import request_status
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.decline_request import decline_request
from spaces.services.workers.drain_worker import drain_worker
from spaces.services.workers.offer_slots import offer_slots
from spaces.services.workers.open_connection import open_connection
from spaces.services.workers.record_progress import record_progress
from spaces.services.workers.release_connection import release_connection
from spaces_protocol.gateway_messages import Ack, Check, Offered, Registered, Request
from spaces_protocol.rest_bodies import RequestState
from spaces_protocol.worker_messages import InFlight, Progress
from tests.functional.access.support.credentials import SOCKET, handshake, link, new_token
from tests.functional.gateway.world import answer_to, decline, lose_lease, offer

STRANGERS = {
    "the same worker id with another token": ("w1", "t2"),
    "another worker id with the same token": ("w2", "t1"),
    "another worker id with another token": ("w2", "t2"),
}


def _register(world, stranger, request):
    held = InFlight(request_id=request.request_id, attempt=request.attempt)
    world.register(stranger, in_flight=[held], session="other")


def _progress(world, stranger, request):
    message = Progress(request_id=request.request_id, attempt=request.attempt, message="hacked")
    record_progress(world.gateway, stranger, message)


def _result(status):
    def send(world, stranger, request):
        commit_result(world.gateway, stranger, answer_to(request, "hacked", status=status))

    return send


MESSAGES = {
    "register": _register,
    "progress": _progress,
    "completed": _result("completed"),
    "failed": _result("failed"),
    "cancelled": _result("cancelled"),
    "decline": lambda world, stranger, request: decline_request(
        world.gateway, stranger, decline(request, count=0, order=99)
    ),
    "offer": lambda world, stranger, _: offer_slots(world.gateway, stranger, offer(0, order=99)),
    "drain": lambda world, stranger, _: drain_worker(world.gateway, stranger),
    "disconnect": lambda world, stranger, _: release_connection(world.gateway, stranger),
}


def _send(send, world, stranger, request):
    try:
        send(world, stranger, request)
    except SpaceError as refusal:
        assert refusal.error_type == "not_allowed"  # noqa: PT017 - most messages change nothing


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_worker_changes_nothing_of_what_another_holds(world, stranger, message):
    worker = world.join("w1")
    accepted = world.submit()
    (request,) = world.handed(worker)
    name, token = STRANGERS[stranger]
    other = world.connect(name, token_id=token)
    before = world.queue()

    for kind in ("register", message):
        _send(MESSAGES[kind], world, other, request)

    assert (world.queue().running, world.queue().workers) == (before.running, before.workers)
    status = request_status(world.gateway, accepted.request.request_id)
    assert (status.status, status.progress) == (RequestState.IN_PROGRESS, None)
    assert not [m for m in world.messages(other) if isinstance(m, Ack | Request)]


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled"])
@pytest.mark.parametrize("stranger", STRANGERS)
def test_an_earlier_attempt_is_answered_only_by_whom_it_was_handed_to(world, stranger, status):
    world.create_space("lab", max_workers=3)
    worker = world.join("w1", "lab")
    accepted = world.submit(space="lab")
    (request,) = world.handed(worker)
    lose_lease(world, "lab")
    second = world.join("w3", "lab")
    assert [each.attempt for each in world.handed(second)] == [2]
    name, token = STRANGERS[stranger]
    other = world.connect(name, "lab", token_id=token)
    world.register(other)

    _send(_result(status), world, other, request)
    found = request_status(world.gateway, accepted.request.request_id)
    commit_result(world.gateway, worker, answer_to(request, "the answer of attempt 1"))

    assert found.status is RequestState.IN_PROGRESS
    assert request_status(world.gateway, accepted.request.request_id).status == "COMPLETED"


def test_a_worker_with_another_token_is_another_worker(world):
    world.create_space("lab", max_workers=2)
    worker = world.join("w1", "lab")
    other = world.connect("w1", "lab", token_id="t2")
    world.register(other)
    world.submit("first", space="lab")
    world.submit("second", space="lab")

    assert not world.messages(other, Registered)[0].rejected
    assert [len(world.handed(each)) for each in (worker, other)] == [1, 1]


def test_a_stranger_s_files_are_not_even_looked_at(world, monkeypatch):
    worker = world.join("w1")
    world.submit()
    (request,) = world.handed(worker)
    other = world.connect("w1", token_id="t2")
    asked = []
    monkeypatch.setattr(type(world.gateway.files), "describe", lambda _, key: asked.append(key))
    key = f"{request.upload.key_prefix}a.png"
    file = {"name": "a.png", "content_type": "image/png", "size": 1, "key": key}
    answer = answer_to(request, output={"files": [file]})

    with pytest.raises(SpaceError, match="not sent to you"):
        commit_result(world.gateway, other, answer)

    assert asked == []


def test_a_worker_with_a_rotated_token_resumes_and_answers(world):
    made = new_token(world)
    link(world, made.token)
    accepted = world.submit()
    rotated = credentials.rotate_token(world.gateway, made.token_id, 24, "ada", SOCKET)

    sender, digest = handshake(world, rotated.token)
    open_connection(world.gateway, sender, digest)
    held = InFlight(request_id=str(accepted.request.request_id), attempt=1)
    world.register(sender, in_flight=[held], session="gpu-1")
    (registered,) = world.messages(sender, Registered)
    request = Request(request_id=held.request_id, space="echo", attempt=1, deadline=None, input={})
    commit_result(world.gateway, sender, answer_to(request))

    assert registered.resume == [held]
    status = request_status(world.gateway, accepted.request.request_id)
    assert (status.status, status.attempt) == (RequestState.COMPLETED, 1)


def test_the_queue_of_one_busy_worker_stays_under_one_write_unit(world):
    worker = world.connect("a-worker-id-of-a-usual-length", token_id="AbCdEf-_0123")
    world.register(worker, capacity=8)
    for _ in range(4):
        world.submit()
    item = new_queue_item(world.queue())

    assert sum(len(name) + len(str(*value.values())) for name, value in item.items()) < 1024


def test_an_offer_without_a_place_learns_nothing_about_the_queue(world):
    world.submit("waits")
    stranger = world.connect("w2", token_id="t2")

    offer_slots(world.gateway, stranger, offer(1, order=1))

    assert world.messages(stranger, Offered) == []
    assert len(world.messages(stranger, Check)) == 1
