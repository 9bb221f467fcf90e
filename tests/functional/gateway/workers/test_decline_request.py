import pytest

from spaces.domain.errors import NotAllowed, RequestNotFound
from spaces.services.dispatch.advance import advance
from spaces.services.dispatch.sweep_space import sweep_space
from spaces.services.requests.view_request import request_status
from spaces.services.spaces.view_space import view_space
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.decline_request import decline_request
from spaces.services.workers.offer_slots import offer_slots
from spaces.services.workers.record_progress import record_progress
from spaces_protocol.gateway_messages import Offered, Request
from spaces_protocol.worker_messages import Progress
from tests.functional.gateway.world import answer_to, decline, lose_lease, offer


def test_a_declined_request_goes_back_to_the_head_of_its_queue_and_was_not_lost(world):
    worker = world.join()
    first, second = world.submit("first"), world.submit("second")

    decline_request(world.gateway, worker, decline(world.handed(worker)[0], 0, 1))

    queue = world.queue()
    assert [back.ticket for back in queue.retry] == [first.request.ticket]
    assert (queue.retry[0].losses, queue.running) == (0, {})
    assert queue.position(second.request.ticket) == 1
    assert len(world.handed(worker)) == 1


def test_a_request_that_was_only_declined_is_not_shown_as_handed_back(world):
    worker = world.join()
    accepted = world.submit()

    decline_request(world.gateway, worker, decline(world.handed(worker)[0], 0, 1))

    status = request_status(world.gateway, accepted.request.request_id)
    assert (status.status, status.queue_position, status.queue_reason, status.attempt) == (
        "IN_QUEUE", 0, "worker_busy", None,
    )  # fmt: skip


def test_a_space_whose_worker_is_busy_elsewhere_is_connected_and_busy(world):
    worker = world.join()
    world.submit()

    decline_request(world.gateway, worker, decline(world.handed(worker)[0], 0, 1))

    view = view_space(world.gateway, "echo")
    assert (view.connected, view.state) == (True, "busy")


def test_another_worker_with_a_free_slot_gets_a_declined_request_at_once(world):
    world.create_space("pair", max_workers=2)
    busy, free = world.join("w1", "pair"), world.join("w2", "pair")
    world.submit(space="pair")

    decline_request(world.gateway, busy, decline(world.handed(busy)[0], 0, 1))

    assert [request.attempt for request in world.handed(free)] == [2]


def test_a_request_is_declined_only_by_who_holds_it_at_that_attempt(world):
    world.create_space("pair", max_workers=2)
    slow, other = world.join("w1", "pair"), world.join("w2", "pair")
    world.submit(space="pair")
    old = world.handed(slow)[0]
    lose_lease(world, "pair")
    running = world.queue("pair").running
    assert running[1].attempt == 2

    decline_request(world.gateway, slow, decline(old, 0, 1))
    decline_request(world.gateway, slow, decline(world.handed(other)[0], 0, 2))

    assert world.queue("pair").running == running


def test_a_decline_by_an_earlier_connection_changes_nothing(world):
    old = world.join()
    world.submit()
    request = world.handed(old)[0]
    world.join()
    before = world.queue()

    decline_request(world.gateway, old, decline(request, 0, 1))

    assert world.queue() == before


def test_who_declines_is_handed_nothing_before_it_offers_a_slot_whatever_it_says(world):
    worker = world.join()
    world.submit()

    decline_request(world.gateway, worker, decline(world.handed(worker)[0], 1, 1))

    assert len(world.handed(worker)) == 1
    assert world.place("w1").slots == 0


def test_an_offer_brings_the_next_request_and_then_its_answer(world):
    worker = world.join()
    for name in ("first", "second"):
        world.submit(name)
    decline_request(world.gateway, worker, decline(world.handed(worker)[0], 0, 1))

    offer_slots(world.gateway, worker, offer(1, 2))

    *_, request, answer = world.messages(worker)
    assert isinstance(request, Request)
    assert (request.request_id, request.attempt) == (world.handed(worker)[0].request_id, 2)
    assert answer == Offered(space="echo", order=2, waiting=1)


def test_an_offer_that_was_overtaken_by_a_decline_changes_nothing(world):
    worker = world.join()
    world.submit()
    decline_request(world.gateway, worker, decline(world.handed(worker)[0], 0, 5))

    offer_slots(world.gateway, worker, offer(1, 4))

    assert len(world.handed(worker)) == 1
    assert world.messages(worker, Offered) == [Offered(space="echo", order=4, waiting=1)]


def test_a_decline_that_was_overtaken_by_an_offer_hands_back_and_leaves_the_offer(world):
    worker = world.join(capacity=2)
    world.submit()
    request = world.handed(worker)[0]
    offer_slots(world.gateway, worker, offer(2, 5))

    decline_request(world.gateway, worker, decline(request, 0, 4))

    assert [handed.attempt for handed in world.handed(worker)] == [1, 2]


def test_an_offer_never_exceeds_what_the_worker_registered(world):
    worker = world.join(capacity=2)
    offer_slots(world.gateway, worker, offer(60, 1))
    for n in range(5):
        world.submit(f"prompt {n}")

    assert len(world.handed(worker)) == 2


def test_a_result_can_close_its_space_so_that_nothing_comes_with_the_acknowledgement(world):
    worker = world.join()
    world.submit("first")
    world.submit("second")
    slots = {"count": 0, "order": 1}

    commit_result(world.gateway, worker, answer_to(world.handed(worker)[0], slots=slots))

    assert len(world.handed(worker)) == 1
    assert world.queue().waiting == 1


def test_an_offer_stays_when_its_connection_registers_again_and_goes_with_it(world):
    worker = world.join()
    world.submit()
    decline_request(world.gateway, worker, decline(world.handed(worker)[0], 0, 1))

    world.register(worker)
    assert world.place("w1").slots == 0
    again = world.join()

    assert [request.attempt for request in world.handed(again)] == [2]


def test_a_slot_whose_offer_got_lost_is_used_after_a_sweep(world):
    worker = world.join()
    world.submit()
    decline_request(world.gateway, worker, decline(world.handed(worker)[0], 0, 1))
    ((space, at),) = world.clocks.armed

    world.clock.time = at
    sweep_space(world.gateway, space, at)

    assert [request.attempt for request in world.handed(worker)] == [1, 2]


def test_a_decline_is_a_sign_of_life(world):
    worker = world.join(capacity=2)
    world.submit("silent")
    lose_lease(world, "echo")
    assert world.place("w1").state == "suspect"

    decline_request(world.gateway, worker, decline(world.handed(worker)[0], 1, 1))

    assert world.place("w1").state == "ready"


def test_progress_of_a_declined_request_leads_to_a_check_and_keeps_it_waiting(world):
    worker = world.join()
    world.submit()
    request = world.handed(worker)[0]
    decline_request(world.gateway, worker, decline(request, 0, 1))

    record_progress(
        world.gateway, worker, Progress(request_id=request.request_id, attempt=1, percent=1)
    )

    assert world.queue().waiting == 1


def test_nobody_declines_or_offers_for_a_space_outside_its_token(world):
    world.create_space("other")
    insider, outsider = world.join("w1", "other"), world.join("w2", "echo")
    world.submit(space="other")
    request = world.handed(insider)[0]

    with pytest.raises(NotAllowed):
        decline_request(world.gateway, outsider, decline(request, 0, 1))
    with pytest.raises(NotAllowed):
        offer_slots(world.gateway, outsider, offer(1, 1, "other"))
    with pytest.raises(RequestNotFound):
        decline_request(
            world.gateway, outsider, decline(request, 0, 1).__replace__(request_id="nonsense")
        )


def test_a_worker_that_dies_with_lowered_slots_leaves_them_behind(world):
    worker = world.join()
    world.submit()
    decline_request(world.gateway, worker, decline(world.handed(worker)[0], 0, 1))
    world.ends.gone.add(worker.connection_id)
    world.clock.pass_seconds(60)
    advance(world.gateway, "echo")

    other = world.join("w2")

    assert len(world.handed(other)) == 1
