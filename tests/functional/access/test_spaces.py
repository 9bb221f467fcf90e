from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from spaces.domain.access.caller import Anonymous
from spaces.domain.errors import InvalidInput, SpaceDisabled, SpaceExists, UnknownSpace
from spaces.domain.space import EditConflict
from spaces.services.administration.cancel_unfinished import MAX_AT_ONCE
from spaces.services.administration.delete_space import delete_space
from spaces.services.administration.edit_cover import remove_cover
from spaces.services.administration.edit_space import (
    edit_space,
    find_definition,
    list_settings,
)
from spaces.services.ports.gateway import Space
from spaces.services.requests.view_request import request_status
from spaces.services.requests.view_result import request_result
from spaces.services.spaces.view_space import list_spaces
from spaces.services.workers.commit_result import commit_result
from spaces_protocol import limits
from spaces_protocol.gateway_messages import Cancel, Check, Registered
from spaces_protocol.rest_bodies import RequestState
from tests.functional.access.support.spaces import create, delete
from tests.functional.gateway.world import answer_to


def edit(world, space="lab", **sent):
    world.clock.pass_seconds(1)
    return edit_space(world.gateway, space, sent, "ada")


def trail(world):
    entries = world.gateway.audit.page(None, world.clock()).entries
    return [(entry.action, entry.outcome) for entry in entries]


def test_a_space_is_created_with_all_its_settings(world):
    sent = {
        "title": "Lab",
        "features": ["prompt", "audio"],
        "accept": ["audio/*"],
        "visibility": "private",
        "members": ["mona"],
        "timeout_seconds": 30,
        "max_workers": 3,
        "requests_per_minute": 100,
        "anonymous_limits": {"requests_per_minute": None, "max_waiting": 1},
        "embed_origins": ["https://school.example"],
    }

    created = msgspec.to_builtins(create(world, **sent))

    assert {name: created[name] for name in sent if name != "anonymous_limits"} == {
        name: sent[name] for name in sent if name != "anonymous_limits"
    }
    assert created["anonymous_limits"]["max_waiting"] == 1
    assert created["version"] == 1
    assert world.queue("lab").limits.max_workers == 3
    assert "lab" in [each.space for each in list_settings(world.gateway).spaces]


@pytest.mark.parametrize(
    ("sent", "names"),
    [
        ({"space": "Not A Name"}, "space"),
        ({"max_workers": 0}, "max_workers"),
        ({"max_workers": 21}, "max_workers"),
        ({"timeout_seconds": 3_601}, "timeout_seconds"),
        ({"features": []}, "features"),
        ({"features": ["smell"]}, "features"),
        ({"visibility": "secret"}, "visibility"),
        ({"user_limits": {"max_waiting": -1}}, "user_limits.max_waiting"),
        ({"embed_origins": ["javascript:alert(1)"]}, "embed_origins"),
        ({"embed_origins": ["https://a.example/path"]}, "embed_origins"),
        ({"embed_origins": ["https://a.example; script-src *"]}, "embed_origins"),
        ({"titel": "typing error"}, "titel"),
    ],
)
def test_a_setting_that_cannot_be_is_named(world, sent, names):
    with pytest.raises(InvalidInput, match=names.replace(".", r"\.")):
        create(world, **{"space": "lab", **sent})


def test_of_twenty_that_create_one_name_one_wins(world):
    def attempt(number):
        try:
            return create(world, title=f"Title {number}").title
        except SpaceExists:
            return None

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(20)))

    won = [title for title in outcomes if title]
    assert len(won) == 1
    assert find_definition(world.gateway, "lab").title == won[0]


def test_an_edit_changes_what_it_says_and_nothing_else(world):
    before = create(world, title="Lab", members=["mona"], visibility="private")

    after = edit(world, version=1, description="New words.")

    assert (after.description, after.version) == ("New words.", 2)
    assert (after.title, after.members, after.created_at) == (
        before.title,
        before.members,
        before.created_at,
    )


LIMITS = {
    "user_limits": limits.USER_LIMITS._asdict(),
    "anonymous_limits": limits.ANONYMOUS_LIMITS._asdict(),
}


@pytest.mark.parametrize("whose", LIMITS)
def test_a_limit_that_is_left_out_of_a_new_space_is_the_usual_one(world, whose):
    created = create(world, **{whose: {"requests_per_minute": 10, "max_waiting": None}})

    kept = msgspec.to_builtins(created)
    assert kept[whose] == {**LIMITS[whose], "requests_per_minute": 10, "max_waiting": None}
    assert {name: kept[name] for name in LIMITS if name != whose} == {
        name: usual for name, usual in LIMITS.items() if name != whose
    }


@pytest.mark.parametrize("whose", LIMITS)
def test_a_limit_that_is_left_out_of_an_edit_stays(world, whose):
    given = {"requests_per_minute": None, "max_waiting": 7, "upload_bytes_per_day": 9}
    create(world, **{whose: given})

    edit(world, version=1, **{whose: {"max_waiting": 5}})
    edited = edit(world, version=2, **{whose: {"upload_bytes_per_day": None}})

    kept = msgspec.to_builtins(edited)
    assert kept[whose] == {**given, "max_waiting": 5, "upload_bytes_per_day": None}
    assert kept["features"] == ["prompt"]


def test_two_administrators_do_not_overwrite_each_other(world):
    create(world)
    edit(world, version=1, title="Hers")

    with pytest.raises(EditConflict) as conflict:
        edit(world, version=1, title="His")

    assert (conflict.value.current.title, conflict.value.current.version) == ("Hers", 2)
    assert trail(world)[0] == ("edit_space", "refused")


def test_two_administrators_at_the_same_moment_do_not_either(world):
    """Both read version 1 before either wrote."""
    create(world)
    old = world.gateway.spaces.definition("lab")
    edit(world, version=1, title="Hers")
    read = world.gateway.spaces.definition
    answers = iter([old])
    world.gateway.spaces.definition = lambda space_id: next(answers, None) or read(space_id)

    with pytest.raises(EditConflict) as conflict:
        edit(world, version=1, title="His")

    assert conflict.value.current.title == "Hers"


def test_an_edit_reaches_dispatch(world):
    create(world, max_workers=1)
    edit(world, version=1, max_workers=2, timeout_seconds=10)

    assert (world.queue("lab").limits.max_workers, world.queue("lab").limits.timeout) == (2, 10_000)


def test_a_crash_between_edit_and_queue_is_made_up_for_by_the_next_submit(world):
    create(world)
    definition = find_definition(world.gateway, "lab")
    edited = msgspec.structs.replace(definition, timeout=10_000, version=2)
    assert world.gateway.spaces.edit(edited, of_version=1)
    assert world.queue("lab").limits.timeout == 120_000

    world.submit(space="lab")

    assert world.queue("lab").limits.timeout == 10_000


def test_an_old_reading_of_the_definition_does_not_undo_an_edit(world):
    create(world)
    old = world.gateway.spaces.load("lab").definition
    edit(world, version=1, timeout_seconds=10)
    world.gateway.spaces.load = lambda space_id: Space(old, world.queue("lab"))

    world.submit(space="lab")

    assert world.queue("lab").limits.timeout == 10_000


def test_a_disabled_space_takes_nothing(world):
    create(world)
    edit(world, version=1, disabled=True)

    with pytest.raises(SpaceDisabled):
        world.submit(space="lab")


def test_deleting_a_space_ends_what_waits_and_runs_there(world):
    create(world)
    worker = world.join("w1", "lab")
    running, waiting = world.submit(space="lab"), world.submit(space="lab")

    deleted = delete(world)

    assert (deleted.cancelled, deleted.left) == (2, 0)
    for accepted in (running, waiting):
        status = request_status(world.gateway, accepted.request.request_id)
        assert status.status is RequestState.CANCELLED
    assert world.messages(worker, Cancel)[0].request_id == str(running.request.request_id)
    assert world.messages(worker, Check)
    with pytest.raises(UnknownSpace):
        world.submit(space="lab")
    world.register(worker)
    assert world.messages(worker, Registered)[-1].rejected[0].reason == "unknown_space"


def test_results_stay_readable_and_tickets_never_repeat(world):
    create(world)
    worker = world.join("w1", "lab")
    accepted = world.submit(space="lab")
    commit_result(world.gateway, worker, answer_to(world.handed(worker)[0]))

    delete(world)
    create(world, title="Another")
    again = world.submit(space="lab")

    assert again.request.ticket == 2
    result = request_result(world.gateway, accepted.request.request_id)
    assert result.output.text == "done"
    assert world.handed(world.join("w2", "lab"))[-1].request_id == str(again.request.request_id)


def test_a_deletion_of_an_older_version_is_refused_and_ends_nothing(world):
    create(world)
    edit(world, version=1, title="New")
    world.submit(space="lab")

    with pytest.raises(EditConflict):
        delete(world)

    assert world.queue("lab").waiting == 1
    world.submit(space="lab")


@pytest.mark.parametrize("dies_at", ["bury", "end", "swap", "remove"])
def test_a_deletion_that_died_goes_on_when_it_is_repeated(world, dies_at):
    create(world)
    world.submit(space="lab")
    world.submit(space="lab")
    store = world.gateway.requests if dies_at in ("bury", "end") else world.gateway.spaces
    real = getattr(store, dies_at)

    class Crash(BaseException):
        pass

    def crash(*_, **__):
        raise Crash

    setattr(store, dies_at, crash)
    with pytest.raises(Crash):
        delete(world)
    setattr(store, dies_at, real)

    delete(world)

    assert world.gateway.spaces.definition("lab") is None
    assert world.queue("lab").waiting == 0
    assert trail(world) == [
        ("delete_space", "done"),
        ("delete_space", "begun"),
        ("create_space", "done"),
    ]


def test_a_submit_that_read_the_space_before_its_end_is_refused(world):
    create(world)
    old = world.gateway.spaces.load("lab")
    delete(world)
    world.gateway.spaces.load = lambda space_id: old

    with pytest.raises(UnknownSpace):
        world.submit(space="lab")

    assert world.queue("lab").waiting == 0


def test_a_late_deletion_does_not_close_a_later_space_of_the_name(world):
    """It stalled after marking the definition; another call finished, and the name was reused."""
    create(world)
    close, calls = world.gateway.spaces.swap, []

    def stalled(before, after):
        if not calls:
            calls.append(1)
            world.gateway.spaces.swap = close
            delete_space(world.gateway, "lab", 1, "bob")
            create(world, title="Later")
            world.submit(space="lab")
            world.join("w1", "lab")
        return close(before, after)

    world.gateway.spaces.swap = stalled
    delete(world)

    assert find_definition(world.gateway, "lab").title == "Later"
    assert list(world.queue("lab").running) == [1]
    assert world.worker_ids("lab") == ["w1"]
    assert world.queue("lab").closed_at is None


def test_very_much_that_waits_is_ended_in_several_calls(world):
    create(world, max_queue_length=1_000)
    for _ in range(MAX_AT_ONCE + 5):
        world.gateway.spaces.issue_ticket("lab")
    world.submit(space="lab")

    first = delete(world)
    second = delete(world)

    assert first.left == 6
    assert (second.cancelled, second.left) == (1, 0)


def test_a_space_that_is_on_its_way_out_is_listed_no_more(world):
    create(world, max_queue_length=1_000)
    for _ in range(MAX_AT_ONCE + 5):
        world.gateway.spaces.issue_ticket("lab")
    delete(world)

    listed = list_spaces(world.gateway, Anonymous("a")).spaces

    assert [each.space for each in listed] == ["echo"]


def test_a_name_that_is_used_again_works_though_its_creation_died_half_way(world):
    create(world)
    delete(world)
    swap = world.gateway.spaces.swap

    class Crash(BaseException):
        pass

    def crash(*_):
        raise Crash

    world.gateway.spaces.swap = crash
    with pytest.raises(Crash):
        create(world)
    world.gateway.spaces.swap = swap

    assert world.submit(space="lab").request.ticket == 1


def test_an_edit_names_the_version_that_it_is_based_on(world):
    create(world)

    with pytest.raises(InvalidInput, match="version"):
        edit(world, title="New")


def test_an_edit_that_another_one_made_already_changes_nothing(world):
    create(world)
    made = edit(world, version=1, title="New", features=["prompt", "prompt"])

    assert edit(world, version=1, title="New", features=["prompt", "prompt"]) == made
    with pytest.raises(EditConflict):
        edit(world, version=3, title="New")


def test_a_space_that_is_being_deleted_says_so_and_cannot_be_edited(world):
    create(world)
    for _ in range(MAX_AT_ONCE + 1):
        world.submit(space="lab")
    assert delete(world).left

    (listed,) = [each for each in list_settings(world.gateway).spaces if each.space == "lab"]
    assert listed.deleting
    with pytest.raises(SpaceDisabled, match="being deleted"):
        edit(world, version=2, title="New")
    with pytest.raises(SpaceDisabled, match="being deleted"):
        remove_cover(world.gateway, "lab", "ada")
    assert delete(world).left == 0
