"""Several spaces share the slots of a worker: declined, closed, offered, opened."""

import pytest

from spaces_protocol.gateway_messages import Check, Offered
from spaces_protocol.worker_messages import Decline, Drain, Offer, Ping, Register, Result
from tests.unit.worker.support.session_harness import (
    SessionHarness,
    ack,
    cancel,
    registered,
    request,
    result,
)


def name(short):
    """Return the id of ``a1``: the first request of the space a."""
    return f"{short[0]}.{short[1:]}.{'n' * 22}"


def of(short, **more):
    return request(name(short), space=short[0], **more)


class Spaces(SessionHarness):
    """A worker of the spaces a, b and c, and what it holds by short names."""

    def __init__(self, capacity=1, **options):
        super().__init__(spaces=["a", "b", "c"], capacity=capacity, **options)
        self.runs = {}
        self.open()
        for offer in self.hear(registered(spaces="abc")):
            self.hear(offered(offer, waiting=0))

    def give(self, *shorts, **more):
        sent = self.hear(*(of(short, **more) for short in shorts))
        self.begin()
        return sent

    def begin(self):
        begun = {"".join(key.split(".")[:2]): run for key, run in self.started().items()}
        self.runs.update(begun)
        return sorted(begun)

    def finish(self, short):
        """End a run; return its result, then what else is sent."""
        sent = self.end(self.runs.pop(short), result(name(short)))
        return sorted(sent, key=lambda message: not isinstance(message, Result))


def slots(message):
    """Return what a message says of a space: its count."""
    return message.slots and message.slots.count


def offered(offer, waiting):
    return Offered(space=offer.space, order=offer.slots.order, waiting=waiting)


def test_what_fits_is_taken_from_any_space():
    harness = Spaces(capacity=2)

    assert harness.give("a1", "b1") == []
    assert sorted(harness.runs) == ["a1", "b1"]


def test_a_request_without_a_slot_is_declined_with_what_is_held_of_its_space():
    harness = Spaces(capacity=2)
    harness.give("a1", "b1")

    (decline,) = harness.give("b2", attempt=4)

    assert isinstance(decline, Decline)
    assert (decline.request_id, decline.attempt, slots(decline)) == (name("b2"), 4, 1)


def test_a_worker_of_one_space_declines_nothing():
    harness = SessionHarness(capacity=1).connected()

    assert harness.hear(request("a"), request("b")) == []


def test_a_space_that_was_not_asked_for_is_taken_as_it_comes():
    harness = Spaces()
    harness.give("a1")

    assert harness.hear(request(name("x1"), space="x")) == []


def test_a_free_slot_is_offered_to_the_space_that_was_closed_first():
    harness = Spaces()
    harness.give("a1", "b1", "c1")

    answer, offer = harness.finish("a1")

    assert (type(answer), slots(answer)) == (Result, 0)
    assert (type(offer), offer.space, slots(offer)) == (Offer, "b", 1)
    assert offer.slots.order != answer.slots.order


def test_spaces_take_turns_while_all_of_them_have_more():
    harness = Spaces()
    harness.give("a1", "b1", "c1")
    served = []
    short = "a1"
    for _ in range(6):
        (*_, offer) = harness.finish(short)
        harness.hear(ack(name(short)))
        short = f"{offer.space}{len(served) + 2}"
        served.append(offer.space)
        harness.session._tracker.slots._declined_from.clear()
        harness.give(short)
        harness.hear(offered(offer, waiting=5))

    assert "".join(served) == "bcabca"


def test_a_space_of_which_nothing_waits_any_more_is_opened_again():
    harness = Spaces(capacity=2)
    harness.give("a1", "a2", "b1")
    _, offer = harness.finish("a1")
    harness.give("b1", attempt=2)

    (opened,) = harness.hear(offered(offer, waiting=0))

    assert (opened.space, slots(opened)) == ("b", 2)
    assert list(harness.runs) == ["a2", "b1"]


def test_an_offer_that_led_to_nothing_opens_its_space_and_the_next_is_asked():
    harness = Spaces()
    harness.give("a1", "b1", "c1")
    _, offer = harness.finish("a1")

    sent = harness.hear(offered(offer, waiting=0))

    said = [(message.space, slots(message)) for message in sent]
    assert sorted(said) == [("b", 1), ("c", 1)]


def test_an_offer_without_an_answer_counts_as_one_that_led_to_nothing():
    harness = Spaces()
    harness.give("a1", "b1", "c1")
    harness.finish("a1")

    assert [message for message in harness.wait(4.9) if isinstance(message, Offer)] == []
    sent = [message for message in harness.wait(0.2) if isinstance(message, Offer)]

    assert {message.space for message in sent} == {"b", "c"}


def test_an_answer_to_an_older_offer_changes_nothing():
    harness = Spaces()
    harness.give("a1", "b1", "c1")
    _, offer = harness.finish("a1")

    assert harness.hear(Offered(space="b", order=offer.slots.order - 1, waiting=0)) == []


def test_an_opening_is_repeated_until_it_is_answered():
    harness = Spaces()
    harness.give("a1", "b1")
    _, offer = harness.finish("a1")
    harness.hear(ack(name("a1")))
    (opened,) = [each for each in harness.hear(offered(offer, waiting=0)) if each.space == "b"]

    again = [each for each in harness.wait(20) if isinstance(each, Offer) and each.space == "b"]
    harness.hear(offered(opened, waiting=3))

    later = [each for each in harness.wait(100) if isinstance(each, Offer)]

    assert again == [opened, opened]
    assert {each.space for each in later} == {"a"}


def test_the_slot_that_is_kept_for_a_space_is_not_given_to_another():
    harness = Spaces()
    harness.give("a1", "b1")
    harness.finish("a1")

    (decline,) = harness.give("c1")

    assert (decline.request_id, slots(decline)) == (name("c1"), 0)


def test_a_slot_that_got_free_without_an_answer_is_offered_too():
    harness = Spaces()
    harness.give("a1", "b1")

    (offer,) = harness.hear(cancel(name("a1")))

    assert (offer.space, slots(offer)) == ("b", 1)


def test_the_result_carries_the_offer_where_it_is_its_own_spaces_turn():
    harness = Spaces(capacity=2)
    harness.give("a1", "a2", "b1")
    _, offer = harness.finish("a1")
    harness.give("b1", attempt=2)
    harness.hear(ack(name("a1")), offered(offer, waiting=3))

    (answer,) = harness.finish("a2")
    harness.hear(ack(name("a2"), following=of("a3")))

    assert (type(answer), slots(answer)) == (Result, 1)
    assert harness.begin() == ["a3"]


def test_such_an_offer_that_led_to_nothing_opens_the_space():
    harness = Spaces(capacity=2)
    harness.give("a1", "a2", "b1")
    _, offer = harness.finish("a1")
    harness.give("b1", attempt=2)
    harness.hear(ack(name("a1")), offered(offer, waiting=3))
    harness.finish("a2")

    sent = harness.hear(ack(name("a2")))

    assert ("a", 2) in [(message.space, slots(message)) for message in sent]


def test_a_space_that_is_alone_again_is_opened_by_its_next_result():
    harness = Spaces(capacity=3)
    harness.give("a1", "b1", "b2", "a2", "b3")
    _, offer = harness.finish("b1")
    harness.give("a2", attempt=2)
    harness.hear(offered(offer, waiting=0), cancel(name("a1")), cancel(name("a2"), attempt=2))

    (answer,) = harness.finish("b2")
    harness.hear(ack(name("b2")))

    assert slots(answer) == 3
    assert not [each for each in harness.wait(30) if isinstance(each, Offer) and each.space == "b"]


def test_while_a_result_is_under_way_its_space_is_not_offered_a_slot():
    harness = Spaces(capacity=2)
    harness.give("a1", "b1", "c1", "b2")
    _, offer = harness.finish("b1")
    harness.give("c1", attempt=2)
    harness.hear(offered(offer, waiting=0))
    before = harness.hear(cancel(name("c1"), attempt=2))

    after = harness.hear(ack(name("b1")))

    assert offer.space == "c"
    assert "b" not in [each.space for each in before]
    assert ("b", 1) in [(each.space, slots(each)) for each in after]


def test_results_under_way_are_counted_in_the_offer_of_the_next_one():
    harness = Spaces(capacity=3)
    harness.give("a1", "a2", "b1", "c1")
    harness.finish("b1")

    (first, *_) = harness.finish("a1")
    (second, *_) = harness.finish("a2")

    assert slots(first) == 1
    assert slots(second) <= 1


def test_a_result_that_is_not_acknowledged_does_not_hold_up_the_others_for_ever():
    harness = Spaces(capacity=2)
    harness.give("a1", "a2", "b1")
    harness.finish("a1")
    harness.give("b1", attempt=2)
    harness.hear(cancel(name("b1"), attempt=2))

    spaces = {message.space for message in harness.wait(6) if isinstance(message, Offer)}

    assert spaces >= {"b"}


def test_what_comes_after_a_declined_request_does_not_start_before_it():
    harness = Spaces(capacity=2)
    harness.give("a1", "a2", "b1", "b2")
    _, offer = harness.finish("a1")

    (decline,) = harness.give("b2", attempt=2)
    harness.give("b1", attempt=2)

    assert offer.space == "b"
    assert decline.request_id == name("b2")
    assert list(harness.runs) == ["a2", "b1"]


def test_if_the_declined_request_comes_no_more_the_next_one_gets_in():
    harness = Spaces()
    harness.give("a1", "b1")
    _, offer = harness.finish("a1")
    harness.give("b2")

    harness.hear(offered(offer, waiting=1))
    harness.give("b2", attempt=2)

    assert list(harness.runs) == ["b2"]


def test_a_closed_space_gets_one_slot_at_a_time():
    harness = Spaces(capacity=2)
    harness.give("a1", "a2", "b1", "b2")
    harness.finish("a1")
    harness.give("b1", attempt=2)

    (decline,) = harness.give("b2", attempt=2)

    assert (decline.request_id, slots(decline)) == (name("b2"), 1)


def test_the_cap_of_a_space_is_said_once_it_is_registered():
    harness = Spaces(capacity=3, caps={"b": 1})
    harness.session.lost()
    harness.open()

    (offer,) = harness.hear(registered(spaces="abc"))

    assert (offer.space, slots(offer)) == ("b", 1)


def test_the_cap_of_a_rejected_space_is_said_when_it_is_accepted_after_all():
    harness = Spaces(capacity=3, caps={"b": 1})
    harness.session.lost()
    harness.open()

    early = harness.hear(registered(spaces="ac"))
    (offer,) = harness.hear(registered(spaces="abc"))

    assert early == []
    assert (offer.space, slots(offer)) == ("b", 1)


def test_no_more_than_its_cap_is_held_of_a_space_and_it_is_not_closed_for_that():
    harness = Spaces(capacity=3, caps={"b": 1})
    harness.give("b1")

    (decline,) = harness.give("b2")
    (answer,) = harness.finish("b1")

    assert slots(decline) == 1
    assert answer.slots is None


def test_a_capped_space_that_was_closed_is_passed_over_while_it_is_full():
    harness = Spaces(capacity=2, caps={"b": 1})
    harness.give("a1", "a2", "b1", "c1")
    _, offer = harness.finish("a1")
    harness.give("b1", attempt=2)
    harness.hear(ack(name("a1")), offered(offer, waiting=5))

    (*_, next_offer) = harness.finish("a2")

    assert next_offer.space == "c"


def test_a_free_slot_is_not_offered_to_a_space_that_is_full():
    harness = Spaces(capacity=3, caps={"b": 1})
    harness.give("a1", "a2", "a3", "b1")
    _, offer = harness.finish("a1")
    harness.give("b1", attempt=2)
    harness.hear(ack(name("a1")), offered(offer, waiting=5))
    harness.finish("a2")

    sent = harness.hear(ack(name("a2")))

    assert [(each.space, slots(each)) for each in sent] == [("a", 3)]


def test_a_space_that_is_asked_says_anew_what_it_holds_when_one_of_it_ends():
    harness = Spaces(capacity=2)
    harness.give("a1", "b1", "a2", "b2")
    _, offer = harness.finish("b1")
    before_it_came, *_ = harness.finish("a1")

    assert offer.space == "a"
    assert slots(before_it_came) == 1


def test_on_a_new_connection_all_spaces_are_open():
    harness = Spaces()
    harness.give("a1", "b1")
    harness.session.lost()
    harness.open()
    harness.hear(registered(spaces="abc"))

    (answer,) = harness.finish("a1")

    assert answer.slots is None
    assert harness.give("b1", attempt=2) == []


def test_a_second_register_on_the_same_connection_forgets_nothing():
    harness = Spaces()
    harness.give("a1", "b1")
    harness.hear(Check())
    harness.hear(registered(spaces="abc"))

    _, offer = harness.finish("a1")

    assert offer.space == "b"


def test_a_draining_worker_asks_for_nothing():
    harness = Spaces()
    harness.give("a1", "b1")
    harness.session.drain(harness.now)
    drain, answer = [*harness.sent(), *harness.finish("a1")]

    assert isinstance(drain, Drain)
    assert answer.slots is None
    assert harness.hear(ack(name("a1"))) == []


def test_what_came_early_starts_with_the_time_of_its_space():
    harness = Spaces()
    harness.give("a1")
    assert harness.hear(of("a2", prefetched=True)) == []
    assert harness.begin() == []

    harness.finish("a1")
    (start,) = harness.session.take_run_effects()

    assert (start.request.request_id, start.seconds) == (name("a2"), 120)


def test_no_run_lasts_longer_than_the_time_of_its_space_whatever_its_deadline_says():
    harness = Spaces()
    harness.hear(of("a1"))

    (start,) = harness.session.take_run_effects()

    assert start.seconds == 120


def test_what_has_a_slot_starts_before_what_came_early():
    harness = SessionHarness(capacity=1).connected()
    harness.hear(request("a"), request("b", prefetched=True), request("c"))
    harness.end(harness.started()["a"], result("a"))

    assert list(harness.started()) == ["c"]


def test_nothing_is_taken_early_while_a_space_is_closed():
    harness = Spaces()
    harness.give("a1", "b1")

    (decline,) = harness.give("a2", prefetched=True)

    assert (decline.request_id, slots(decline)) == (name("a2"), 1)


def test_what_came_early_counts_as_started_in_the_result_that_lets_it_start():
    harness = Spaces()
    harness.give("a1")
    harness.give("a2", prefetched=True)
    harness.give("b1")

    (answer,) = harness.finish("a1")

    assert slots(answer) == 1
    assert harness.begin() == ["a2"]


@pytest.mark.parametrize("kind", [Ping, Register])
def test_nothing_is_said_of_slots_without_need(kind):
    harness = Spaces(capacity=2)
    harness.give("a1")
    harness.finish("a1")
    harness.hear(ack(name("a1")))

    assert not [each for each in harness.wait(400) if isinstance(each, Offer | Decline)]
