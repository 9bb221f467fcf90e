from datetime import UTC, datetime

import boto3
import pytest
from botocore.stub import Stubber

from spaces.adapters.sockets import ConnectionsApi
from spaces.domain.access.caller import User
from spaces.domain.errors import InvalidInput, NotFound, UnknownSpace, UploadMissing
from spaces.domain.queue.queue import Queue
from spaces.services.administration import list_cursor, manage_worker
from spaces.services.administration import view_connections as links
from spaces.services.administration.browse_requests import Filter, browse_requests
from spaces.services.administration.delete_space import delete_space
from spaces.services.administration.manage_requests import cancel_for, purge_space, retry_request
from spaces.services.administration.view_activity import view_activity
from spaces.services.administration.view_connections import MAX_UNKNOWN, view_connections
from spaces.services.ports.gateway import ConnectionStatusUnknown
from spaces.services.requests.submit_request import submit_request
from spaces.services.requests.view_request import request_status
from spaces.services.workers.commit_result import commit_result
from spaces.services.workers.open_connection import open_connection
from spaces.services.workers.record_progress import record_progress
from spaces_protocol.admin_bodies import Percentiles, Purge
from spaces_protocol.gateway_messages import Cancel, Notice
from spaces_protocol.rest_bodies import RequestState, SubmittedInput, UploadedFile
from spaces_protocol.worker_messages import Progress
from tests.functional.gateway.world import START, answer_to

ULLA, UDO = User("sub-1", "ulla"), User("sub-2", "udo")


def link(world, worker_id="w1", *spaces):
    """Connect and register a worker, with the record that $connect writes."""
    sender = world.connect(worker_id, *spaces)
    world.gateway.connections.open(sender, now=world.clock())
    world.register(sender)
    return sender


def browse(world, cursor=None, **wanted):
    return browse_requests(world.gateway, Filter(**wanted), cursor)


def answer(world, worker, **fields):
    commit_result(world.gateway, worker, answer_to(world.handed(worker)[-1], **fields))


def test_workers_are_seen_with_what_they_are_doing(world):
    worker = link(world)
    accepted = world.submit()
    request_id = str(accepted.request.request_id)
    record_progress(
        world.gateway,
        worker,
        Progress(request_id=request_id, attempt=1, percent=40.0, message="half"),
    )

    (seen,) = view_connections(world.gateway).workers

    assert (seen.worker_id, seen.connection_id) == ("w1", worker.connection_id)
    (place,) = seen.spaces
    assert (place.space, place.state) == ("echo", "busy")
    (running,) = place.running
    assert (running.request_id, running.percent, running.message) == (request_id, 40.0, "half")


def test_a_link_that_is_gone_is_not_shown_and_its_record_goes(world):
    worker = link(world)
    world.ends.gone.add(worker.connection_id)

    assert view_connections(world.gateway).workers == []
    assert world.gateway.connections.list() == []


def test_a_paused_worker_finishes_and_is_handed_nothing_until_it_goes_on(world):
    worker = link(world)
    world.submit()
    manage_worker.pause_worker(world.gateway, worker.connection_id, "ada", paused=True)
    answer(world, worker)
    world.submit()
    assert len(world.handed(worker)) == 1
    assert view_connections(world.gateway).workers[0].spaces[0].state == "paused"

    manage_worker.pause_worker(world.gateway, worker.connection_id, "ada", paused=False)

    assert len(world.handed(worker)) == 2


def test_a_disconnected_worker_loses_its_link_and_what_it_holds(world):
    worker = link(world)
    world.submit()

    manage_worker.disconnect_worker(world.gateway, worker.connection_id, "ada")

    assert world.ends.closed == [worker.connection_id]
    assert world.queue().workers == {}
    assert world.queue().waiting == 1
    with pytest.raises(NotFound):
        manage_worker.disconnect_worker(world.gateway, worker.connection_id, "ada")


def test_an_older_link_of_a_worker_that_came_back_does_not_cost_its_place(world):
    old = link(world)
    new = link(world)

    manage_worker.disconnect_worker(world.gateway, old.connection_id, "ada")

    assert world.place("w1").connection_id == new.connection_id


def test_a_notice_reaches_the_worker(world):
    worker = link(world)

    manage_worker.notify_worker(world.gateway, worker.connection_id, "Update, please.", "ada")

    assert [each.text for each in world.messages(worker, Notice)] == ["Update, please."]
    world.ends.gone.add(worker.connection_id)
    with pytest.raises(NotFound):
        manage_worker.notify_worker(world.gateway, worker.connection_id, "Hello?", "ada")


def test_requests_are_found_by_space_state_owner_and_time(world):
    world.create_space("second")
    worker = link(world)
    done = world.submit(caller=ULLA)
    answer(world, worker)
    world.clock.pass_seconds(3600)
    failed = world.submit(caller=UDO)
    answer(world, worker, status="failed", output=None, error={"type": "oom", "message": "no"})
    waiting = world.submit(space="second", caller=ULLA)

    def tickets(**wanted):
        return {entry.request_id for entry in browse(world, **wanted).requests}

    ids = [str(each.request.request_id) for each in (done, failed, waiting)]
    assert tickets() == set(ids)
    assert tickets(space_id="echo") == set(ids[:2])
    assert tickets(state="FAILED") == {ids[1]}
    assert tickets(state="IN_QUEUE") == {ids[2]}
    assert tickets(owner_name="ulla") == {ids[0], ids[2]}
    assert tickets(since=START + 60_000) == {ids[1], ids[2]}
    assert tickets(until=START + 60_000) == {ids[0]}
    (entry,) = browse(world, state="FAILED").requests
    assert (entry.owner, entry.error, entry.error_type, entry.worker_id) == (
        "udo",
        "no",
        "oom",
        "w1",
    )


def test_a_filter_that_nothing_can_match_is_told(world):
    with pytest.raises(UnknownSpace, match="nosuch"):
        browse(world, space_id="nosuch")
    with pytest.raises(UnknownSpace):
        browse(world, space_id="No Name")
    with pytest.raises(InvalidInput, match="IN_QUEUE, IN_PROGRESS"):
        browse(world, state="DONE")


def test_requests_of_a_deleted_space_are_still_listed(world):
    world.submit()
    delete_space(world.gateway, "echo", 1, "ada")

    assert len(browse(world, space_id="echo").requests) == 1


def test_many_requests_come_in_pages_and_all_of_them_once(world):
    world.create_space("second")
    for number in range(130):
        world.clock.time += 1
        world.submit(space="echo" if number % 3 else "second")

    seen, cursor, pages = [], None, 0
    while True:
        page = browse(world, cursor)
        seen += [entry.request_id for entry in page.requests]
        cursor, pages = page.next_cursor, pages + 1
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 130
    assert pages > 1


def test_spaces_above_the_most_are_left_off_and_counted(world, monkeypatch):
    monkeypatch.setattr(list_cursor, "MAX_SPACES", 3)
    names = ["echo", "second", "third", "fourth", "fifth"]
    for name in names[1:]:
        world.create_space(name)
    for name in names[:3]:
        for _ in range(30):
            world.submit(space=name)

    seen, cursor = [], None
    while True:
        page = browse(world, cursor)
        seen += [entry.request_id for entry in page.requests]
        cursor = page.next_cursor
        assert page.spaces_left_off == 2
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 90


def test_a_cursor_fits_an_address_however_many_spaces_there_are():
    queues = [Queue(space_id=f"space-{n}-{'x' * 37}", tail=10**12 - 1) for n in range(1_000)]
    positions = list_cursor.begin(queues)

    cursor = list_cursor.write(positions)

    assert len(cursor) == 4_004
    assert list_cursor.read(cursor, queues) == positions
    assert positions.left_off == 700


@pytest.mark.parametrize("cursor", ["zz", "7b7d", "A" * 5_000, "____" * 5, "ä", "AAAA", "A" * 20])
def test_a_cursor_of_somebody_s_own_making_is_refused(world, cursor):
    with pytest.raises(InvalidInput, match="cursor"):
        browse(world, cursor)


def test_a_link_that_cannot_be_told_about_is_shown_all_the_same(world):
    told, untold = link(world, "w1"), link(world, "w2")
    world.ends.untold.add(untold.connection_id)

    first, second = view_connections(world.gateway).workers

    assert (first.connection_id, first.last_active_at is None) == (told.connection_id, False)
    assert (second.connection_id, second.last_active_at) == (untold.connection_id, None)
    assert len(world.gateway.connections.list()) == 2


def test_links_are_not_asked_about_for_ever_if_no_answer_comes(world):
    made = [link(world, f"w{number}") for number in range(6)]
    world.ends.untold |= {each.connection_id for each in made}
    world.ends.asked.clear()

    assert len(view_connections(world.gateway).workers) == 6
    assert len(world.ends.asked) == MAX_UNKNOWN


def test_a_throttled_question_about_a_link_is_told_apart_from_a_link_that_is_gone():
    client = boto3.client("apigatewaymanagementapi", endpoint_url="https://x.test", region_name="r")
    sockets = ConnectionsApi(lambda: client)
    with Stubber(client) as answers:
        answers.add_client_error("get_connection", "LimitExceededException", http_status_code=429)
        answers.add_client_error("get_connection", "GoneException", http_status_code=410)

        with pytest.raises(ConnectionStatusUnknown):
            sockets.last_active("c")
        assert sockets.last_active("c") is None


def test_many_links_are_seen_page_by_page(world, monkeypatch):
    monkeypatch.setattr(links, "MAX_CONNECTIONS", 2)
    wanted = [link(world, worker_id).connection_id for worker_id in ("w0", "w1", "w1", "w2", "w3")]
    world.ends.gone.add(wanted[3])

    seen, cursor = [], None
    while True:
        page = view_connections(world.gateway, cursor)
        seen += [each.connection_id for each in page.workers]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert sorted(seen) == sorted({*wanted} - {wanted[3]})


@pytest.mark.parametrize("cursor", ["w1", "w1/x/y", "w1/²/y", "w1/" + "9" * 5_000 + "/y"])
def test_a_cursor_of_links_that_is_none_is_refused(world, cursor):
    with pytest.raises(InvalidInput, match="cursor"):
        view_connections(world.gateway, cursor)


def test_a_request_is_cancelled_for_its_owner(world):
    worker = link(world)
    accepted = world.submit(caller=ULLA)

    assert cancel_for(world.gateway, accepted.request.request_id, "ada")

    assert world.messages(worker, Cancel)
    status = request_status(world.gateway, accepted.request.request_id)
    assert status.status is RequestState.CANCELLED


def test_a_retry_is_a_new_request_with_the_same_input_and_owner(world):
    worker = link(world)
    first = world.submit("what is this?", caller=ULLA)
    answer(world, worker, status="failed", output=None, error={"type": "oom", "message": "no"})

    again = retry_request(world.gateway, first.request.request_id, "ada")

    assert again.request.ticket == 2
    assert world.handed(worker)[-1].input.prompt == "what is this?"
    assert {entry.owner for entry in browse(world).requests} == {"ulla"}


def test_the_trail_does_not_give_away_the_key_to_a_result(world):
    accepted = world.submit()
    cancel_for(world.gateway, accepted.request.request_id, "ada")

    (entry,) = world.gateway.audit.page(None, world.clock()).entries

    assert entry.target == "echo.1"


def test_a_purge_can_be_counted_before_it_is_done(world):
    link(world)
    for _ in range(4):
        world.submit()

    def purge(states, **options):
        return purge_space(world.gateway, "echo", Purge(states=states, **options), "ada").count

    assert purge(["IN_QUEUE"], dry_run=True) == 3
    assert purge(["IN_QUEUE", "IN_PROGRESS"], dry_run=True) == 4
    assert world.queue().waiting == 3

    assert purge(["IN_QUEUE"]) == 3
    assert (world.queue().waiting, list(world.queue().running)) == (0, [1])
    assert purge(["IN_PROGRESS"]) == 1
    assert world.queue().running == {}
    states = [entry.status for entry in browse(world).requests]
    assert states == [RequestState.CANCELLED] * 4


def test_activity_is_counted_and_measured_by_period(world):
    worker = link(world)
    for seconds in (1, 2, 3, 100):
        world.submit()
        world.clock.pass_seconds(seconds)
        answer(world, worker)
    world.clock.pass_seconds(2.5 * 3600)
    link(world)  # no connection lasts that long
    world.submit()
    world.submit()

    activity = view_activity(world.gateway, "echo", 24)

    assert (activity.queue_length, activity.running, activity.workers) == (1, 1, 1)
    assert len(activity.buckets) == 24
    assert sum(bucket.accepted for bucket in activity.buckets) == 6
    (busy,) = [bucket for bucket in activity.buckets if bucket.completed]
    assert (busy.completed, busy.run_time.p50, busy.run_time.p95) == (4, 2.0, 100.0)
    assert busy.from_ <= datetime.fromtimestamp(START / 1000 + 106, UTC)
    assert not activity.truncated


def test_waiting_is_measured_over_the_whole_time_too(world):
    """The 95th percentile of all requests does not follow from those of the periods."""
    worker = link(world)
    for _ in range(20):
        world.submit()
    for _ in range(20):
        world.clock.pass_seconds(60)
        answer(world, worker)

    activity = view_activity(world.gateway, "echo", 1)

    assert activity.queue_time == Percentiles(p50=9 * 60, p95=18 * 60)
    assert len([bucket for bucket in activity.buckets if bucket.queue_time]) > 1


def test_waiting_of_a_space_without_requests_is_unknown(world):
    assert view_activity(world.gateway, "echo", 1).queue_time is None


def test_activity_looks_at_no_more_than_it_must(world):
    for _ in range(120):
        world.submit()
    world.clock.pass_seconds(7200)
    world.submit()
    read = []
    read_many = world.gateway.history.read_many
    world.gateway.history.read_many = lambda *asked: read.append(1) or read_many(*asked)

    activity = view_activity(world.gateway, "echo", 1)

    assert len(read) == 1
    assert sum(bucket.accepted for bucket in activity.buckets) == 1


def test_activity_says_when_there_was_too_much(world, monkeypatch):
    monkeypatch.setattr("spaces.services.administration.view_activity.MAX_REQUESTS", 100)
    for _ in range(110):
        world.clock.pass_seconds(1)
        world.submit()

    activity = view_activity(world.gateway, "echo", 1)

    assert activity.truncated
    assert activity.buckets[0].from_ == datetime.fromtimestamp(START / 1000 + 11, UTC)
    assert sum(bucket.accepted for bucket in activity.buckets) == 100


def test_a_record_that_connect_wrote_is_what_monitoring_reads(world):
    sender = world.connect()
    with pytest.raises(Exception, match="revoked"):
        open_connection(world.gateway, sender, "no such digest")

    assert world.gateway.connections.list() == []


def test_a_retry_without_its_files_is_refused(world, aws):
    """They may have expired, or their owner may have deleted them with another request."""
    _, s3 = aws
    world.create_space("files", features=("prompt", "file"))
    upload_id = "A" * 22
    s3.put_object(Bucket="files", Key=f"uploads/files/{upload_id}", Body=b"1")
    submitted = SubmittedInput(prompt="what is this?", files=[UploadedFile(upload_id=upload_id)])
    first = submit_request(world.gateway, "files", submitted).request.request_id
    s3.delete_object(Bucket="files", Key=f"uploads/files/{upload_id}")

    with pytest.raises(UploadMissing):
        retry_request(world.gateway, first, "ada")

    assert world.queue("files").tail == 1
