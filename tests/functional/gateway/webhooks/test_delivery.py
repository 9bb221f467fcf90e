"""Every end that somebody asked to hear of is announced at least once, signed, under one id."""

import json
import time

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from spaces.domain.errors import NotAllowed, RequestNotFound, StillRunning
from spaces.domain.request_options import RequestOptions
from spaces.domain.webhook_delivery import MINUTE, TRY_LASTS, Delivery
from spaces.domain.webhooks.message import signing_secret
from spaces.services.access.identify_key import identify_key
from spaces.services.access.issue_credential import digest_of
from spaces.services.administration import credentials
from spaces.services.administration.manage_requests import repeat_webhook_for
from spaces.services.dispatch.advance import advance
from spaces.services.requests.cancel_request import cancel_request
from spaces.services.requests.delete_request import delete_request
from spaces.services.requests.view_request import request_status
from spaces.services.requests.view_webhook import find_own_webhook, repeat_own_webhook, view_secret
from spaces.services.webhooks.deliver_webhook import TryNotArmed, deliver_webhook
from spaces.services.workers.commit_result import commit_result
from spaces_protocol.webhooks import Webhook
from tests.functional.access.support.credentials import new_key
from tests.functional.gateway.webhooks.receiver import Answer
from tests.functional.gateway.world import answer_to


@pytest.fixture
def key(world):
    return new_key(world).key


@pytest.fixture
def submit(world, receiver, key):
    def submit(*events):
        webhook = Webhook(url=receiver.url, **({"events": events} if events else {}))
        return world.submit(
            options=RequestOptions(webhook=webhook, metadata={"job": "7"}),
            caller=identify_key(world.gateway, key),
        ).request.request_id

    return submit


def deliver_all(world):
    """Run what was started, as Lambda does."""
    while world.tries.started:
        deliver_webhook(world.gateway, world.tries.started.pop(0))


def fire(world):
    """Let the last armed try come, as the scheduler does."""
    request_id, at = world.tries.armed[-1]
    world.clock.time = max(world.clock.time, at)
    deliver_webhook(world.gateway, request_id)


def deliver_in_real_time(world):
    """Deliver by the real clock, with which the library compares the time of a message."""
    world.clock.time = time.time_ns() // 1_000_000
    deliver_all(world)


def complete(world, request_id):
    worker = world.join()
    (handed,) = world.handed(worker)
    assert handed.request_id == str(request_id)
    commit_result(world.gateway, worker, answer_to(handed))


def test_a_result_is_announced_with_its_address_and_the_callers_notes(world, submit, receiver, key):
    request_id = submit()
    complete(world, request_id)

    deliver_all(world)

    ((headers, body),) = receiver.arrived
    said = json.loads(body)
    assert said["type"] == "request.completed"
    assert said["data"]["request_id"] == str(request_id)
    assert said["data"]["status"] == "COMPLETED"
    assert said["data"]["metadata"] == {"job": "7"}
    path = f"/v1/spaces/echo/requests/{request_id}"
    assert said["data"]["response_url"] == f"https://api.test{path}"
    assert said["timestamp"] == said["data"]["times"]["ended_at"]
    assert headers["content-type"] == "application/json"
    assert len(body) < 20_000
    view = find_own_webhook(world.gateway, request_id, identify_key(world.gateway, key))
    assert (view.state, view.tries, view.status) == ("delivered", 1, 200)


def verify(secret, message):
    headers, body = message
    return Verifier(secret).verify(body, headers)


def test_the_library_of_the_standard_accepts_it_and_no_other_secret(world, submit, receiver, key):
    complete(world, submit())
    deliver_in_real_time(world)

    secret = view_secret(identify_key(world.gateway, key), key).secret

    assert verify(secret, receiver.arrived[0])["type"] == "request.completed"
    with pytest.raises(WebhookVerificationError):
        verify(signing_secret(digest_of("wsk_another")), receiver.arrived[0])
    headers, body = receiver.arrived[0]
    with pytest.raises(WebhookVerificationError):
        verify(secret, (headers, body.replace(b"COMPLETED", b"CANCELLED")))


def test_while_a_key_is_replaced_both_secrets_sign(world, receiver):
    made = new_key(world)
    webhook = Webhook(url=receiver.url)
    request_id = world.submit(
        options=RequestOptions(webhook=webhook), caller=identify_key(world.gateway, made.key)
    ).request.request_id
    rotated = credentials.rotate_key(world.gateway, made.key_id, 24, "ada")
    complete(world, request_id)

    deliver_in_real_time(world)

    for key in (made.key, rotated.key):
        assert verify(signing_secret(digest_of(key)), receiver.arrived[0])


def test_only_the_events_that_were_asked_for_are_announced(world, submit, receiver):
    request_id = submit("request.failed", "request.timed_out")

    cancel_request(world.gateway, request_id)

    assert world.tries.started == []
    deliver_webhook(world.gateway, request_id)
    assert receiver.arrived == []


def test_a_cancelled_request_is_announced(world, submit, receiver):
    cancel_request(world.gateway, submit())

    deliver_all(world)

    assert json.loads(receiver.arrived[0][1])["type"] == "request.cancelled"


def test_a_request_that_waited_too_long_is_announced(world, submit, receiver):
    request_id = submit()
    world.clock.pass_seconds(24 * 3600)

    assert request_status(world.gateway, request_id).status == "TIMED_OUT"
    deliver_all(world)

    assert json.loads(receiver.arrived[0][1])["type"] == "request.timed_out"


def test_a_failing_receiver_is_tried_again_under_the_same_id(world, submit, receiver):
    receiver.answers = [Answer(500), Answer(302, {"location": "https://elsewhere.test"}), Answer()]
    complete(world, submit())

    deliver_all(world)
    fire(world)
    fire(world)

    ids = {headers["webhook-id"] for headers, _ in receiver.arrived}
    times = {headers["webhook-timestamp"] for headers, _ in receiver.arrived}
    assert (len(receiver.arrived), len(ids), len(times)) == (3, 1, 3)
    assert len({body for _, body in receiver.arrived}) == 1
    fire(world)  # a timer that comes twice
    assert len(receiver.arrived) == 3


def test_retry_after_is_obeyed(world, submit, receiver):
    receiver.answers = [Answer(429, {"retry-after": "600"}), Answer()]
    complete(world, submit())

    deliver_all(world)

    assert world.tries.armed[-1][1] == world.clock.time + 10 * MINUTE


def test_nothing_is_sent_after_410(world, submit, receiver, key):
    receiver.answers = [Answer(410), Answer()]
    request_id = submit()
    complete(world, request_id)

    deliver_all(world)
    deliver_webhook(world.gateway, request_id)

    assert len(receiver.arrived) == 1
    assert world.tries.armed == []
    view = find_own_webhook(world.gateway, request_id, identify_key(world.gateway, key))
    assert view.state == "gone"


def test_two_runs_at_the_same_time_send_it_once(world, submit, receiver):
    request_id = submit()
    complete(world, request_id)
    request = world.gateway.requests.read("echo", request_id.ticket)
    assert request.delivery is None
    under_way = Delivery().begin(world.clock())
    assert world.gateway.requests.swap_delivery(request_id, None, under_way).stored

    deliver_all(world)

    assert receiver.arrived == []
    assert world.tries.armed == [(request_id, world.clock() + TRY_LASTS)]
    fire(world)
    assert len(receiver.arrived) == 1


def test_a_try_that_cannot_arm_the_next_one_fails_and_is_repeated(world, submit, receiver):
    receiver.answers = [Answer(500), Answer()]
    request_id = submit()
    complete(world, request_id)
    world.tries.arming = False

    with pytest.raises(TryNotArmed):
        deliver_all(world)
    with pytest.raises(TryNotArmed):
        deliver_webhook(world.gateway, request_id)

    assert len(receiver.arrived) == 1
    world.tries.arming = True
    deliver_webhook(world.gateway, request_id)
    fire(world)
    assert len(receiver.arrived) == 2


def test_a_ticket_stays_until_its_webhook_is_on_its_way(world, submit, receiver):
    world.tries.starting = world.tries.arming = False
    request_id = submit()
    complete(world, request_id)

    assert request_id.ticket in world.queue().running
    assert request_status(world.gateway, request_id).status == "COMPLETED"
    assert ("webhook_not_started", {"request_id": str(request_id)}) in world.events
    world.tries.starting = True
    world.clock.pass_seconds(3600)
    advance(world.gateway, "echo")

    assert world.queue().running == {}
    deliver_all(world)
    assert len(receiver.arrived) == 1


def test_a_timer_stands_in_for_a_start_that_fails(world, submit, receiver):
    world.tries.starting = False
    complete(world, submit())

    assert world.queue().running == {}
    fire(world)

    assert len(receiver.arrived) == 1


def test_a_key_that_is_no_longer_valid_signs_nothing(world, receiver):
    made = new_key(world)
    request_id = world.submit(
        options=RequestOptions(webhook=Webhook(url=receiver.url)),
        caller=identify_key(world.gateway, made.key),
    ).request.request_id
    complete(world, request_id)
    credentials.revoke_key(world.gateway, made.key_id, "ada")

    deliver_all(world)

    assert receiver.arrived == []
    delivery = world.gateway.requests.read("echo", request_id.ticket).delivery
    assert delivery.error == "The API key of the request is no longer valid."


def test_a_deleted_request_is_not_announced(world, submit, receiver, key):
    request_id = submit()
    cancel_request(world.gateway, request_id)
    delete_request(world.gateway, request_id, identify_key(world.gateway, key))

    deliver_all(world)

    assert receiver.arrived == []


def test_it_can_be_sent_again_by_its_owner_and_by_administrators(world, submit, receiver, key):
    caller = identify_key(world.gateway, key)
    request_id = submit()
    with pytest.raises(StillRunning):
        repeat_own_webhook(world.gateway, request_id, caller)
    complete(world, request_id)
    deliver_all(world)

    repeat_own_webhook(world.gateway, request_id, caller)
    deliver_all(world)
    repeat_webhook_for(world.gateway, request_id, "ada")
    deliver_all(world)

    assert len({headers["webhook-id"] for headers, _ in receiver.arrived}) == 1
    assert len(receiver.arrived) == 3


def test_nobody_else_sees_or_repeats_it(world, submit):
    request_id, other = submit(), identify_key(world.gateway, new_key(world).key)

    with pytest.raises(NotAllowed):
        find_own_webhook(world.gateway, request_id, other)
    with pytest.raises(NotAllowed):
        repeat_own_webhook(world.gateway, request_id, other)


def test_a_request_without_a_webhook_has_none_to_show(world, key):
    caller = identify_key(world.gateway, key)
    request_id = world.submit(caller=caller).request.request_id

    with pytest.raises(RequestNotFound, match="webhook"):
        find_own_webhook(world.gateway, request_id, caller)
