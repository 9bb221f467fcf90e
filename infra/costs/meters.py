"""What CloudWatch has counted on its own, without a price."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from infra.costs.prices import Item

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient

Resources = Mapping[str, Mapping[str, str]]
"""Physical ids by type and logical id."""
_HOUR: Final = 3600
_MOST_POINTS: Final = 1_440


class Meter(NamedTuple):
    """One metric.

    Attributes:
        dimensions: which resource it is about.
    """

    namespace: str
    name: str
    dimensions: Mapping[str, str]


def resources_of(cloudformation: CloudFormationClient, *stacks: str) -> Resources:
    """Return what stacks consist of."""
    found: dict[str, dict[str, str]] = {}
    for stack in stacks:
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
        for page in pages:
            for each in page["StackResourceSummaries"]:
                ids = found.setdefault(each["ResourceType"], {})
                ids[each["LogicalResourceId"]] = str(each.get("PhysicalResourceId"))
    return found


def meters_of(resources: Resources) -> dict[Item, list[Meter]]:
    """Return the meters of what is charged by count."""
    apis = resources.get("AWS::ApiGatewayV2::Api", {})
    tables = [
        {"TableName": each} for each in resources.get("AWS::DynamoDB::GlobalTable", {}).values()
    ]
    return {
        Item.HTTP_CALL: [
            Meter("AWS/ApiGateway", "Count", {"ApiId": api})
            for name, api in apis.items()
            if name.startswith("Api")
        ],
        Item.MESSAGE: [
            Meter("AWS/ApiGateway", "MessageCount", {"ApiId": api})
            for name, api in apis.items()
            if name.startswith("Sockets")
        ],
        Item.WRITE_UNIT: [
            Meter("AWS/DynamoDB", "ConsumedWriteCapacityUnits", table) for table in tables
        ],
        Item.READ_UNIT: [
            Meter("AWS/DynamoDB", "ConsumedReadCapacityUnits", table) for table in tables
        ],
    }


def reader(
    client: Any,  # noqa: ANN401 - boto3's client of CloudWatch
    since: datetime,
    until: datetime,
) -> Callable[[Iterable[Meter]], Decimal | None]:
    """Return what adds up meters over a period; None if none of them has counted anything.

    GetMetricStatistics belongs to the free million of calls a month, unlike GetMetricData.
    """
    period = max(_HOUR, _hours(since, until) // _MOST_POINTS * _HOUR)

    def read(meters: Iterable[Meter]) -> Decimal | None:
        sums = [
            Decimal(str(point["Sum"]))
            for meter in meters
            for point in client.get_metric_statistics(
                Namespace=meter.namespace,
                MetricName=meter.name,
                Dimensions=[
                    {"Name": name, "Value": value} for name, value in meter.dimensions.items()
                ],
                StartTime=since,
                EndTime=until,
                Period=period,
                Statistics=["Sum"],
            )["Datapoints"]
        ]
        return sum(sums, Decimal(0)) if sums else None

    return read


def _hours(since: datetime, until: datetime) -> int:
    return int((until - since).total_seconds()) // _HOUR
