import pytest
from msgspec import convert

from spaces.domain.access.caller import Anonymous
from spaces.domain.access.quota import CallerLimits
from spaces.domain.errors import (
    IdempotencyKeyReused,
    InputTooLarge,
    InvalidInput,
    QueueFull,
    RateLimited,
    UnknownSpace,
    UploadMissing,
)
from spaces.services.ports.gateway import SwapConflict
from spaces.services.requests.submit_request import submit_request
from spaces.services.requests.view_request import request_status
from spaces.services.requests.view_result import view_accepted
from spaces.services.workers.commit_result import commit_result
from spaces_protocol.gateway_messages import Request
from spaces_protocol.limits import DEFAULT_INPUT_BYTES, MAX_SOCKET_INPUT_BYTES
from spaces_protocol.rest_bodies import RequestState, SubmittedInput
from tests.functional.gateway.world import answer_to


def test_tickets_count_from_one_in_the_order_of_acceptance(world):
    accepted = [world.submit(f"prompt {n}") for n in range(3)]

    assert [a.request.ticket for a in accepted] == [1, 2, 3]
    assert [view_accepted(a, world.clock()).queue_position for a in accepted] == [0, 1, 2]


def test_a_free_worker_is_handed_the_request_at_once(world):
    worker = world.join()

    accepted = world.submit("what is this?")

    (request,) = world.messages(worker, Request)
    assert request.request_id == str(accepted.request.request_id)
    assert (request.attempt, request.input.prompt) == (1, "what is this?")
    assert view_accepted(accepted, world.clock()).status is RequestState.IN_PROGRESS


def test_a_busy_worker_is_handed_nothing_more_than_it_can_run(world):
    worker = world.join(capacity=2)

    for n in range(5):
        world.submit(f"prompt {n}")

    assert len(world.handed(worker)) == 2
    assert world.queue().waiting == 3


@pytest.mark.parametrize(
    ("prompt", "error"),
    [
        ("", InvalidInput),
        (" \n\t", InvalidInput),
        ("\ud800", InvalidInput),
        ("x" * (DEFAULT_INPUT_BYTES - 12), InputTooLarge),
        ("学" * (DEFAULT_INPUT_BYTES // 3 - 3), InputTooLarge),
        ('"' * (DEFAULT_INPUT_BYTES // 2 - 6), InputTooLarge),
    ],
)
def test_a_prompt_that_cannot_be_takes_no_ticket(world, prompt, error):
    with pytest.raises(error, match="input"):
        world.submit(prompt)

    assert world.queue().tail == 0


def test_the_largest_input_of_an_item_reaches_the_worker_unharmed(world):
    worker = world.join()
    prompt = "学" * ((MAX_SOCKET_INPUT_BYTES - 13) // 3)

    world.submit(prompt)

    assert world.handed(worker)[0].input.prompt == prompt


def test_params_travel_with_the_prompt_and_are_limited(world):
    worker = world.join()
    submitted = SubmittedInput(prompt="p", params={"temperature": 0.5, "stop": ["a"]})
    submit_request(world.gateway, "echo", submitted)

    assert world.handed(worker)[0].input.params == submitted.params
    too_much = SubmittedInput(prompt="p", params={"x": "y" * DEFAULT_INPUT_BYTES})
    with pytest.raises(InputTooLarge, match="params"):
        submit_request(world.gateway, "echo", too_much)


def test_an_unknown_space_is_named_in_the_error(world):
    with pytest.raises(UnknownSpace, match="nowhere"):
        world.submit(space="nowhere")


def test_a_full_queue_refuses_and_says_when_to_come_back(world):
    world.create_space("small", max_queue_length=2)
    world.submit(space="small")
    world.submit(space="small")

    with pytest.raises(QueueFull) as refusal:
        world.submit(space="small")

    assert refusal.value.retry_after_seconds >= 1
    assert world.queue("small").tail == 2


def test_the_same_idempotency_key_finds_the_same_request(world):
    first = world.submit("again", idempotency_key="k1")
    second = world.submit("again", idempotency_key="k1")

    assert second.request.request_id == first.request.request_id
    assert world.queue().tail == 1


def test_an_idempotency_key_is_good_for_one_input_only(world):
    world.submit("this", idempotency_key="k1")

    with pytest.raises(IdempotencyKeyReused):
        world.submit("that", idempotency_key="k1")


def test_a_repeated_submit_goes_on_where_the_first_one_died(world):
    """The first submit crashed after its key was noted and before its request was stored."""
    worker = world.join()
    store = world.gateway.requests.store

    class Crash(BaseException):
        pass

    def crash(request):
        raise Crash

    world.gateway.requests.store = crash
    with pytest.raises(Crash):
        world.submit("again", idempotency_key="k1")
    world.gateway.requests.store = store

    accepted = world.submit("again", idempotency_key="k1")

    assert accepted.request.ticket == 1
    assert [r.request_id for r in world.handed(worker)] == [str(accepted.request.request_id)]


def test_a_ticket_that_was_buried_meanwhile_is_replaced_by_a_new_one(world):
    """A slow submitter finds a tombstone where it wanted to store."""
    worker = world.join()
    queue = world.gateway.spaces.issue_ticket("echo")
    world.gateway.requests.bury("echo", queue.tail + 1, world.clock())

    accepted = world.submit("late", idempotency_key="k1")

    assert accepted.request.ticket == 3
    assert [r.request_id for r in world.handed(worker)] == [str(accepted.request.request_id)]
    again = world.submit("late", idempotency_key="k1")
    assert again.request.request_id == accepted.request.request_id


def test_a_ticket_without_a_request_gets_a_tombstone_and_holds_nobody_up(world):
    worker = world.join()
    world.gateway.spaces.issue_ticket("echo")

    accepted = world.submit("next")

    assert [r.request_id for r in world.handed(worker)] == [str(accepted.request.request_id)]
    assert world.queue().waiting == 0
    assert list(world.queue().running) == [2]


def test_a_ticket_issued_while_a_swap_is_under_way_is_not_left_lying(world):
    """The lost wake-up: the submitter saw no free slot, the finisher saw no ticket."""
    worker = world.join()
    world.submit("first")
    swap = world.gateway.spaces.swap
    late = []

    def swap_with_a_ticket_in_between(before, after):
        if not late:
            late.append(world.submit("second"))
        return swap(before, after)

    world.gateway.spaces.swap = swap_with_a_ticket_in_between
    commit_result(world.gateway, worker, answer_to(world.handed(worker)[0]))

    assert [r.input.prompt for r in world.handed(worker)] == ["first", "second"]


def test_a_request_that_nobody_takes_ends_when_its_queue_timeout_is_over(world):
    accepted = world.submit()
    request_id = accepted.request.request_id
    world.clock.pass_seconds(3_601)

    status = request_status(world.gateway, request_id)

    assert (status.status, status.error_type) == (RequestState.TIMED_OUT, "queue_timed_out")
    assert world.queue().waiting == 0
    worker = world.join()
    assert world.handed(worker) == []


def test_a_request_past_its_queue_timeout_is_not_handed_over_any_more(world):
    old = world.submit("old")
    world.clock.pass_seconds(3_601)
    new = world.submit("new")

    worker = world.join()

    assert [r.request_id for r in world.handed(worker)] == [str(new.request.request_id)]
    status = request_status(world.gateway, old.request.request_id)
    assert status.status is RequestState.TIMED_OUT


def test_a_stored_request_is_accepted_even_if_others_keep_changing_the_queue(world):
    def conflict(before, after):
        raise SwapConflict

    world.join()
    swap = world.gateway.spaces.swap
    world.gateway.spaces.swap = conflict
    accepted = world.submit()
    world.gateway.spaces.swap = swap

    status = request_status(world.gateway, accepted.request.request_id)
    assert status.status is RequestState.IN_PROGRESS


def test_a_submit_that_takes_up_the_claim_of_a_dead_one_decides_on_the_state_as_it_is(world):
    """The claim was made after this submit had read the queue: its ticket was not in there."""
    load = world.gateway.spaces.load
    before = load("echo")
    store = world.gateway.requests.store

    class Crash(BaseException):
        pass

    def crash(request):
        raise Crash

    world.gateway.requests.store = crash
    try:
        world.submit("again", idempotency_key="k")
    except Crash:
        world.gateway.requests.store = store
    world.gateway.spaces.load = lambda space_id: before

    accepted = world.submit("again", idempotency_key="k")

    assert accepted.request.ticket == 1
    assert len(world.clocks.armed) == 1


class Counted:
    """The calls to DynamoDB and S3 while the block runs."""

    def __init__(self, *clients):
        self.clients, self.calls = clients, []

    def __enter__(self):
        for client in self.clients:
            client.meta.events.register("before-call", self._count, unique_id="count")
        return self

    def __exit__(self, *_):
        for client in self.clients:
            client.meta.events.unregister("before-call", unique_id="count")

    def _count(self, model, **_):
        self.calls.append(model.name)


def with_files(world, aws, count):
    """Upload files and return an input with all of them."""
    for each in range(count):
        aws[1].put_object(
            Bucket="files", Key=f"uploads/media/{each:022}", Body=b"RIFF", ContentType="audio/wav"
        )
    files = [{"upload_id": f"{each:022}"} for each in range(count)]
    return convert({"prompt": "x", "files": files}, SubmittedInput)


@pytest.fixture
def media(world):
    few = CallerLimits(requests_per_minute=2)
    world.create_space("media", features=("prompt", "audio"), max_files=10, anonymous_limits=few)
    return world


def test_a_replay_reads_its_request_and_asks_nothing_else(media, aws):
    submitted = with_files(media, aws, 10)
    caller = Anonymous("a")
    first = submit_request(media.gateway, "media", submitted, idempotency_key="k", caller=caller)

    with Counted(*aws) as seen:
        again = submit_request(
            media.gateway, "media", submitted, idempotency_key="k", caller=caller
        )

    assert again.request.request_id == first.request.request_id
    assert set(seen.calls) <= {"GetItem", "BatchGetItem"}


def test_a_submit_over_the_limit_is_refused_before_its_files_are_looked_up(media, aws):
    submitted, caller = with_files(media, aws, 10), Anonymous("a")
    for _ in range(2):
        submit_request(media.gateway, "media", submitted, caller=caller)

    with Counted(*aws) as seen, pytest.raises(RateLimited):
        submit_request(media.gateway, "media", submitted, caller=caller)

    assert "HeadObject" not in seen.calls
    assert set(seen.calls) <= {"GetItem", "BatchGetItem"}


def test_a_submit_whose_files_are_refused_counts(media, aws):
    missing = convert({"files": [{"upload_id": "9" * 22}]}, SubmittedInput)
    for _ in range(2):
        with pytest.raises(UploadMissing):
            submit_request(media.gateway, "media", missing, caller=Anonymous("a"))

    with Counted(*aws) as seen, pytest.raises(RateLimited):
        submit_request(media.gateway, "media", missing, caller=Anonymous("a"))

    assert media.queue("media").tail == 0
    assert "HeadObject" not in seen.calls


def test_a_replay_of_a_submit_that_ended_before_its_dispatch_dispatches(world, monkeypatch):
    worker = world.join()

    def crash(*_):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("spaces.services.requests.submit_request._dispatch", crash)
        with pytest.raises(RuntimeError):
            world.submit("again", idempotency_key="k")
    assert world.handed(worker) == []

    again = world.submit("again", idempotency_key="k")

    assert [each.request_id for each in world.handed(worker)] == [str(again.request.request_id)]
