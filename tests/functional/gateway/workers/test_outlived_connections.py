"""Places whose connection cannot exist any longer, as after the socket API was replaced."""

from spaces.services.dispatch.sweep_space import sweep_space
from spaces.services.spaces.view_space import view_space
from spaces_protocol.gateway_messages import Registered

TWO_HOURS = 2 * 3600
FIVE_MINUTES = 300


def accepted(world, sender):
    return [each.space for each in world.messages(sender, Registered)[-1].accepted]


def test_another_worker_gets_the_place_though_nobody_knows_about_the_old_connection(world):
    old = world.join("w1")
    world.ends.untold.add(old.connection_id)
    world.clock.pass_seconds(TWO_HOURS + FIVE_MINUTES + 1)

    new = world.join("w2")

    assert accepted(world, new) == ["echo"]
    assert world.worker_ids() == ["w2"]
    assert not world.ends.asked


def test_place_is_kept_while_its_connection_may_exist(world):
    world.join("w1")
    world.clock.pass_seconds(TWO_HOURS + FIVE_MINUTES - 1)

    new = world.join("w2")

    assert accepted(world, new) == []
    assert world.worker_ids() == ["w1"]


def test_request_goes_to_no_outlived_connection(world):
    old = world.join("w1")
    world.clock.pass_seconds(TWO_HOURS + FIVE_MINUTES + 1)

    world.submit()

    assert world.handed(old) == []
    assert world.queue().waiting == 1
    assert world.worker_ids() == []


def test_request_of_an_outlived_connection_goes_to_another_worker(world):
    world.create_space("slow", timeout=10 * 3600 * 1000)
    old = world.join("w1", "slow")
    world.submit(space="slow")
    assert world.handed(old)
    world.ends.unavailable.add(old.connection_id)  # neither posts nor probes tell
    world.clock.pass_seconds(TWO_HOURS + FIVE_MINUTES + 1)

    sweep_space(world.gateway, "slow", world.clock())
    new = world.join("w2", "slow")

    assert len(world.handed(new)) == 1


def test_space_does_not_show_an_outlived_worker(world):
    world.join("w1")
    assert view_space(world.gateway, "echo").connected
    world.clock.pass_seconds(TWO_HOURS + FIVE_MINUTES + 1)

    shown = view_space(world.gateway, "echo")

    assert not shown.connected
    assert shown.workers == []


def test_worker_that_renews_its_connection_in_time_stays(world):
    world.join("w1")
    world.clock.pass_seconds(TWO_HOURS - 600)
    world.join("w1")
    world.clock.pass_seconds(TWO_HOURS)

    world.submit()

    assert world.worker_ids() == ["w1"]
    assert world.queue().waiting == 0
