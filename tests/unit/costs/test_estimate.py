"""What a period costs, from logs and from what CloudWatch counted."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from infra.activity.activity import activity_of
from infra.activity.sources import ask_lines
from infra.costs.estimate import Runs, estimate, polls_of
from infra.costs.meters import Meter, meters_of, reader
from infra.costs.prices import Item
from infra.local.logs import LogLine

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def activity(hours=1.0, **events):
    lines = [
        LogLine(1, "api", f'{{"message": "{name}", "worker_id": "w{number}", "size": 1073741824}}')
        for name, times in events.items()
        for number in range(times)
    ]
    return activity_of(hours, ask_lines(lines, 0))


def runs(**numbers):
    return {name: Runs(Decimal(number), Decimal(number)) for name, number in numbers.items()}


def test_a_request_has_its_call_its_messages_and_its_units():
    usage = estimate(activity(request_accepted=1), runs(api=3, result=1), {}).usage

    assert (usage[Item.HTTP_CALL], usage[Item.RUN]) == (3, 4)
    assert usage[Item.MESSAGE] == 3  # the request, the result, its acknowledgement
    assert usage[Item.WRITE_UNIT] == 3 + 3
    assert usage[Item.READ_UNIT] == 1 + 1 + 2 * 1  # two of the calls are polls


def test_a_worker_is_connected_all_the_time_and_pings():
    usage = estimate(activity(hours=2, worker_connected=3), {}, {}).usage

    assert usage[Item.CONNECTION_MINUTE] == 3 * 120
    assert usage[Item.MESSAGE] == 3 * 40 + 3 * 2  # pings, and a registration with its reply


def test_functions_with_less_memory_cost_less():
    whole = estimate(activity(), runs(api=8), {}).usage
    stream = estimate(activity(), runs(stream=8), {}).usage

    assert (whole[Item.GB_SECOND], stream[Item.GB_SECOND]) == (4, 2)
    assert stream[Item.HTTP_CALL] == 0


def test_without_counted_runs_callers_are_assumed_to_poll_as_told():
    ended = '{"message": "request_ended", "state": "COMPLETED", "ran_ms": 10000}'
    lines = [LogLine(1, "api", '{"message": "request_accepted"}'), LogLine(2, "result", ended)]

    found = estimate(activity_of(1, ask_lines(lines, 0)), {}, {})

    assert found.counted == frozenset()
    assert (found.usage[Item.HTTP_CALL], found.usage[Item.RUN]) == (7, 9)
    assert (found.usage[Item.WRITE_UNIT], found.usage[Item.READ_UNIT]) == (7, 8.5)
    assert found.usage[Item.MESSAGE] == 4


@pytest.mark.parametrize(("seconds", "calls"), [(0, 3), (1, 3), (5.5, 4.5), (10, 6), (999, 18)])
def test_longer_requests_are_polled_more_often(seconds, calls):
    assert polls_of(seconds) == calls


def test_uploads_are_stored_fetched_and_transferred():
    usage = estimate(activity(upload_begun=2), {}, {}).usage

    assert (usage[Item.S3_PUT], usage[Item.TRANSFER_GB]) == (2, 2)


def test_what_cloudwatch_counted_is_taken_as_it_is():
    found = estimate(activity(request_accepted=1), runs(api=1), {Item.WRITE_UNIT: Decimal(99)})

    assert found.usage[Item.WRITE_UNIT] == 99
    assert found.counted == {Item.WRITE_UNIT, Item.RUN, Item.GB_SECOND}


class CloudWatch:
    def __init__(self, **sums):
        self.sums, self.periods = sums, []

    def get_metric_statistics(self, *, MetricName, Period, **_):  # noqa: N803 - as boto3 has it
        self.periods.append(Period)
        return {"Datapoints": [{"Sum": each} for each in self.sums.get(MetricName, [])]}


def test_points_and_meters_are_added_up():
    read = reader(CloudWatch(Count=[1.0, 2.0]), NOW.replace(day=1), NOW)

    assert read([Meter("AWS/ApiGateway", "Count", {})] * 2) == 6


def test_what_was_not_counted_is_not_zero():
    assert reader(CloudWatch(), NOW.replace(day=1), NOW)([Meter("a", "b", {})]) is None


@pytest.mark.parametrize(("days", "period"), [(1, 3600), (30, 3600), (366, 6 * 3600)])
def test_no_more_points_are_asked_for_than_cloudwatch_returns(days, period):
    cloudwatch = CloudWatch()
    since = datetime.fromtimestamp(NOW.timestamp() - days * 86_400, UTC)

    reader(cloudwatch, since, NOW)([Meter("a", "b", {})])

    assert cloudwatch.periods == [period]
    assert days * 86_400 / period <= 1_464


def test_each_api_has_its_own_meter_and_each_table_two():
    resources = {
        "AWS::ApiGatewayV2::Api": {"Api1": "http", "Sockets1": "sockets"},
        "AWS::DynamoDB::GlobalTable": {"a": "t1", "b": "t2"},
    }

    meters = meters_of(resources)

    assert meters[Item.HTTP_CALL] == [Meter("AWS/ApiGateway", "Count", {"ApiId": "http"})]
    assert meters[Item.MESSAGE][0].dimensions == {"ApiId": "sockets"}
    assert [each.dimensions["TableName"] for each in meters[Item.WRITE_UNIT]] == ["t1", "t2"]
