import dataclasses

import pytest
from msgspec.structs import replace

from spaces.domain.errors import UnsupportedProtocol
from spaces.services.requests.view_request import request_status
from spaces.services.requests.view_result import request_result
from spaces.services.spaces.view_space import view_space
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.drain_worker import drain_worker
from spaces.services.workers.register_worker import register_worker
from spaces.services.workers.release_connection import release_connection
from spaces_protocol.gateway_messages import Registered, Request
from spaces_protocol.rest_bodies import RequestState
from spaces_protocol.worker_messages import InFlight, Register
from tests.functional.gateway.world import FILES_URL, answer_to, lose_lease


def last_registered(world, sender):
    return world.messages(sender, Registered)[-1]


def in_flight(request):
    return InFlight(request_id=request.request_id, attempt=request.attempt)


def test_a_worker_that_registers_is_handed_what_waited(world):
    for n in range(3):
        world.submit(f"prompt {n}")

    worker = world.join(capacity=2)

    assert [a.space for a in last_registered(world, worker).accepted] == ["echo"]
    assert [r.input.prompt for r in world.handed(worker)] == ["prompt 0", "prompt 1"]
    assert isinstance(world.messages(worker)[0], Registered)


@pytest.mark.parametrize(
    ("page", "space"),
    [("https://page.test/", "https://page.test/space.html?space=echo"), (None, None)],
)
def test_a_worker_is_told_where_people_use_its_space(world, page, space):
    worker = world.connect()

    gateway = dataclasses.replace(world.gateway, page_url=page)
    register_worker(gateway, worker, Register(spaces=["echo"], session="s"))

    assert [each.page_url for each in last_registered(world, worker).accepted] == [space]


def test_a_worker_is_told_the_host_that_its_files_are_on(world):
    worker = world.join()

    assert last_registered(world, worker).files_url == FILES_URL
    assert world.gateway.files.download_url("a", seconds=60).startswith(f"{FILES_URL}/")
    policy = world.gateway.files.output_policy("outputs/", until=world.clock() + 60_000)
    assert policy.url == f"{FILES_URL}/"


def test_registering_twice_by_one_connection_changes_nothing(world):
    worker = world.join()
    version = world.queue().version
    world.clock.pass_seconds(5)

    world.register(worker)

    assert len(world.messages(worker, Registered)) == 2
    assert world.queue().version == version


def test_another_worker_is_refused_while_the_holder_is_alive(world):
    world.join("w1")

    second = world.join("w2")

    (rejection,) = last_registered(world, second).rejected
    assert rejection.reason == "duplicate_connection"
    assert "'w1'" in rejection.detail
    assert rejection.retry_after_seconds > 0
    assert world.worker_ids() == ["w1"]


def test_another_worker_takes_the_place_of_one_whose_socket_is_gone(world):
    first = world.join("w1")
    accepted = world.submit()
    world.ends.gone.add(first.connection_id)

    second = world.join("w2")

    assert world.worker_ids() == ["w2"]
    (request,) = world.handed(second)
    assert (request.request_id, request.attempt) == (str(accepted.request.request_id), 2)


def test_another_worker_takes_the_place_of_one_whose_link_is_silent(world):
    first = world.join("w1")
    world.ends.silent_since[first.connection_id] = world.clock() - 541_000

    world.join("w2")

    assert world.worker_ids() == ["w2"]
    assert world.ends.closed == [first.connection_id]


def test_the_same_worker_gets_its_place_back_at_once_and_its_old_socket_is_closed(world):
    old = world.join("w1")

    new = world.join("w1")

    assert last_registered(world, new).rejected == []
    assert world.place("w1").connection_id == new.connection_id
    assert world.ends.closed == [old.connection_id]


def test_a_register_of_an_older_connection_is_ignored_and_its_socket_closed(world):
    old = world.connect("w1")
    new = world.join("w1")

    world.register(old)

    assert world.messages(old) == []
    assert world.ends.closed == [old.connection_id]
    assert world.place("w1").connection_id == new.connection_id


def test_a_returning_worker_resumes_what_it_still_holds(world):
    old = world.join("w1")
    world.submit()
    request = world.handed(old)[0]
    release_connection(world.gateway, old)
    world.clock.pass_seconds(15)

    new = world.connect("w1")
    world.register(new, in_flight=[in_flight(request)])

    assert last_registered(world, new).resume == [in_flight(request)]
    assert world.handed(new) == []
    running = world.queue().running[1]
    assert (running.attempt, running.lease_until) == (1, world.clock() + 30_000)


def test_a_returning_worker_is_sent_again_what_it_never_received(world):
    old = world.join("w1")
    accepted = world.submit()

    new = world.join("w1")

    (request,) = world.handed(new)
    assert (request.request_id, request.attempt) == (str(accepted.request.request_id), 1)
    (before,) = world.handed(old)
    assert replace(before, upload=None) == replace(request, upload=None)


def test_a_restarted_process_is_handed_its_request_anew_and_the_loss_counts(world):
    old = world.join("w1")
    accepted = world.submit()

    new = world.connect("w1")
    world.register(new, session="another process")

    (request,) = world.handed(new)
    assert (request.request_id, request.attempt) == (str(accepted.request.request_id), 2)
    assert world.queue().running[1].losses == 1
    assert world.handed(old)[0].attempt == 1


def test_a_request_that_kills_its_worker_again_and_again_fails(world):
    deadly = world.submit("deadly")
    harmless = world.submit("harmless")
    for n in range(4):
        worker = world.connect("w1")
        world.register(worker, session=f"process {n}")

    status = request_status(world.gateway, deadly.request.request_id)
    assert (status.status, status.error_type) == ("FAILED", "worker_lost")
    assert status.attempt == 3
    assert [r.request_id for r in world.handed(worker)] == [str(harmless.request.request_id)]


def test_a_request_past_its_deadline_is_not_posted_again(world):
    old = world.join("w1")
    accepted = world.submit()
    world.clock.pass_seconds(121)

    new = world.join("w1")

    assert world.handed(new) == []
    assert len(world.handed(old)) == 1
    result = request_result(world.gateway, accepted.request.request_id)
    assert result.status == "TIMED_OUT"


def test_a_returning_worker_takes_up_what_was_taken_from_it_too_early(world):
    old = world.join("w1")
    world.submit()
    request = world.handed(old)[0]
    lose_lease(world, "echo")

    new = world.connect("w1")
    world.register(new, in_flight=[in_flight(request)])

    assert last_registered(world, new).resume == [in_flight(request)]
    assert world.queue().retry == ()
    commit_result(world.gateway, new, answer_to(request))
    assert world.queue().running == {}


def test_a_worker_is_told_to_abandon_what_is_no_longer_its_own(world):
    first = world.join("w1")
    world.submit()
    request = world.handed(first)[0]
    world.ends.gone.add(first.connection_id)
    second = world.join("w2")
    commit_result(world.gateway, second, answer_to(world.handed(second)[0]))
    world.ends.gone.add(second.connection_id)

    back = world.connect("w1")
    world.register(back, in_flight=[in_flight(request)])

    assert last_registered(world, back).abandon == [in_flight(request)]


def test_spaces_outside_the_token_and_unknown_ones_are_rejected_without_harm_to_the_rest(world):
    worker = world.connect("w1", "echo", "missing")

    world.register(worker, spaces=["echo", "missing", "secret"])

    answer = last_registered(world, worker)
    assert [a.space for a in answer.accepted] == ["echo"]
    assert {r.space: r.reason for r in answer.rejected} == {
        "missing": "unknown_space",
        "secret": "not_allowed",
    }


def test_another_protocol_is_refused_with_what_to_do(world):
    worker = world.connect()
    message = Register(spaces=["echo"], session="s", protocol=2)

    with pytest.raises(UnsupportedProtocol, match="Install"):
        register_worker(world.gateway, worker, message)


def test_a_disconnected_worker_is_shown_as_reconnecting_only_while_it_holds_something(world):
    worker = world.join()
    world.submit()
    release_connection(world.gateway, worker)
    assert view_space(world.gateway, "echo").state == "reconnecting"
    assert not view_space(world.gateway, "echo").connected

    idle = world.connect("w1")
    world.register(idle)
    commit_result(world.gateway, idle, answer_to(world.handed(idle)[0]))
    release_connection(world.gateway, idle)

    view = view_space(world.gateway, "echo")
    assert (view.state, view.workers) == ("offline", [])
    assert view.last_seen is not None


def test_a_late_disconnect_of_an_older_connection_changes_nothing(world):
    old = world.join("w1")
    new = world.join("w1")
    version = world.queue().version

    release_connection(world.gateway, old)
    release_connection(world.gateway, old)

    assert world.queue().version == version
    assert world.place("w1").connection_id == new.connection_id


def test_a_disconnected_worker_keeps_its_request_for_the_grace_and_no_longer(world):
    first = world.join("w1")
    accepted = world.submit()
    release_connection(world.gateway, first)
    second = world.join("w2")
    assert last_registered(world, second).rejected[0].reason == "duplicate_connection"

    world.clock.pass_seconds(21)
    world.register(second)

    assert last_registered(world, second).rejected == []
    assert [r.request_id for r in world.handed(second)] == [str(accepted.request.request_id)]


def test_a_draining_worker_finishes_but_is_handed_nothing_new(world):
    worker = world.join()
    world.submit("first")
    world.submit("second")

    drain_worker(world.gateway, worker)
    commit_result(world.gateway, worker, answer_to(world.handed(worker)[0]))

    assert [r.input.prompt for r in world.handed(worker)] == ["first"]
    assert view_space(world.gateway, "echo").state == "draining"


def test_a_worker_that_is_gone_when_a_request_is_posted_does_not_lose_it(world):
    first = world.join("w1")
    world.ends.gone.add(first.connection_id)
    accepted = world.submit()
    assert world.queue().waiting == 1
    assert first.connection_id in world.ends.closed

    second = world.join("w2")

    (request,) = world.handed(second)
    assert request.request_id == str(accepted.request.request_id)
    assert world.queue().running[1].losses == 0


def test_the_least_loaded_of_several_workers_is_served_first(world):
    world.create_space("many", max_workers=2)
    a = world.join("a", "many", capacity=2)
    b = world.join("b", "many", capacity=2)

    for n in range(4):
        world.submit(f"p{n}", space="many")

    assert [r.input.prompt for r in world.handed(a)] == ["p0", "p2"]
    assert [r.input.prompt for r in world.handed(b)] == ["p1", "p3"]


def test_a_running_request_is_posted_again_after_its_queue_deadline(world):
    world.create_space("short", queue_timeout=60_000)
    worker = world.connect("w1", "short")
    accepted = world.submit(space="short")
    world.clock.pass_seconds(55)
    world.register(worker)
    world.clock.pass_seconds(8)

    world.register(worker)

    assert [r.attempt for r in world.messages(worker, Request)] == [1, 1]
    commit_result(world.gateway, worker, answer_to(world.handed(worker)[0]))
    status = request_status(world.gateway, accepted.request.request_id)
    assert status.status is RequestState.COMPLETED


def test_a_worker_with_another_token_does_not_take_a_live_worker_s_place_by_its_name(world):
    holder = world.join("w1")
    thief = world.connect("w1", token_id="another")

    world.register(thief)

    (answer,) = world.messages(thief, Registered)
    assert answer.rejected[0].reason == "duplicate_connection"
    assert world.place("w1").connection_id == holder.connection_id
    world.ends.gone.add(holder.connection_id)
    world.register(thief)
    assert list(world.queue().workers) == [thief.holder]
