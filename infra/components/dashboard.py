"""One dashboard per stage, made from logs and from metrics that AWS publishes for nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aws_cdk import Duration, Stack
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.activity import queries
from infra.activity.log_query import LogQuery
from infra.components.alarms import PERIOD, RUNBOOK, Alarms, whole_account
from infra.components.tables import Tables
from infra.costs.prices import INSIGHTS_GB, PRICES, Item
from spaces import schema

WIDTH: Final = 24
DAY: Final = Duration.days(1)
_BAR: Final = cloudwatch.LogQueryVisualizationType.BAR
_LINE: Final = cloudwatch.LogQueryVisualizationType.LINE
_TABLE: Final = cloudwatch.LogQueryVisualizationType.TABLE
_ABOUT: Final = (
    f"**Spaces, stage {{stage}}.** The runbook ({RUNBOOK}) explains every figure and every alarm. "
    "Each curve and table from logs scans the logs of the period that you choose, for "
    f"{INSIGHTS_GB} USD a GB, whenever this page is loaded or refreshed: choose a short period, "
    "and no automatic refresh."
)


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What the dashboard shows.

    Attributes:
        log_groups: those of all functions.
        api: the HTTP API.
        sockets: the WebSocket API.
        tables: the three tables.
        schedule_group: the name of the schedules' group.
        failed: the queue of events that failed after all retries.
        alarms: the stage's alarms.
    """

    log_groups: Sequence[logs.ILogGroup]
    api: apigatewayv2.HttpApi
    sockets: apigatewayv2.WebSocketApi
    tables: Tables
    schedule_group: str
    failed: sqs.Queue
    alarms: Alarms


class OperationsDashboard(Construct):
    """Requests, times, workers, refusals, errors and money on one page."""

    def __init__(self, scope: Construct, id_: str, *, stage: str, watched: Watched) -> None:
        super().__init__(scope, id_)
        self._groups = [group.log_group_name for group in watched.log_groups]
        cloudwatch.Dashboard(
            self,
            "Page",
            # Dashboards have no region: those of all regions share their names.
            dashboard_name=f"spaces-{stage}-{Stack.of(self).region}",
            default_interval=Duration.hours(3),
            widgets=[
                [cloudwatch.TextWidget(markdown=_ABOUT.format(stage=stage), width=WIDTH, height=2)],
                [
                    cloudwatch.AlarmStatusWidget(
                        title="Alarms",
                        alarms=[*watched.alarms.all.values()],
                        width=WIDTH,
                        height=3,
                    )
                ],
                self._requests(),
                self._workers(),
                self._problems(),
                self._load(watched),
                self._money(watched),
            ],
        )

    def _requests(self) -> list[cloudwatch.IWidget]:
        return [
            self._curve("Requests accepted", queries.ACCEPTED, "5m", _BAR),
            self._curve("Requests ended, by kind", queries.ENDED, "5m", _BAR),
            self._curve("Milliseconds waited and run, p50 and p95", _TIMES, "5m"),
        ]

    def _workers(self) -> list[cloudwatch.IWidget]:
        return [
            self._curve("Most requests waiting and running", queries.WAITING, "5m"),
            self._curve("Workers seen in two hours, and their handshakes", queries.WORKERS, "2h"),
            self._log("By space", queries.SPACES.insights(), _TABLE),
        ]

    def _problems(self) -> list[cloudwatch.IWidget]:
        return [
            self._log("Refused", queries.REFUSED.insights(), _TABLE),
            self._log("Errors", queries.ERRORS.insights(), _TABLE),
            self._log("Webhooks", queries.WEBHOOKS.insights(), _TABLE),
        ]

    def _load(self, watched: Watched) -> list[cloudwatch.IWidget]:
        api = {"ApiId": watched.api.api_id}
        calls = [_metric("AWS/ApiGateway", name, api) for name in ("Count", "4xx", "5xx")]
        latency = _metric("AWS/ApiGateway", "Latency", api, statistic="p95")
        runs = [whole_account(name) for name in ("Errors", "Throttles")]
        most = whole_account("ConcurrentExecutions").with_(statistic="Maximum")
        kept = watched.failed.metric_approximate_number_of_messages_visible(
            period=PERIOD, statistic="Maximum"
        )
        return [
            _graph("Calls of the API", calls, right=[latency]),
            _graph("Functions of the account", runs, right=[most]),
            _graph("Events that failed for good", [kept]),
        ]

    def _money(self, watched: Watched) -> list[cloudwatch.IWidget]:
        return [
            self._log("USD of Lambda, by day", queries.SAVED["Money/Lambda, by day"], _BAR),
            _graph("USD of API, tables and schedules, by day", _money_of(watched), stacked=True),
            self._log("USD of Lambda, by function", queries.SAVED["Money/Lambda, by function"]),
        ]

    def _curve(
        self,
        title: str,
        query: LogQuery,
        every: str,
        view: cloudwatch.LogQueryVisualizationType = _LINE,
    ) -> cloudwatch.IWidget:
        return self._log(title, query.insights(every), view)

    def _log(
        self, title: str, text: str, view: cloudwatch.LogQueryVisualizationType = _TABLE
    ) -> cloudwatch.IWidget:
        return cloudwatch.LogQueryWidget(
            title=title,
            log_group_names=self._groups,
            query_string=text,
            view=view,
            width=WIDTH // 3,
            height=6,
        )


_TIMES: Final = LogQuery(queries.TIMES.events, queries.TIMES.columns[:4])


def _metric(
    namespace: str,
    name: str,
    dimensions: Mapping[str, str],
    *,
    statistic: str = "Sum",
    period: Duration = PERIOD,
) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=name,
        dimensions_map=dict(dimensions),
        statistic=statistic,
        period=period,
    )


def _graph(
    title: str,
    left: list[cloudwatch.Metric] | list[cloudwatch.MathExpression],
    *,
    right: list[cloudwatch.Metric] | None = None,
    stacked: bool = False,
) -> cloudwatch.IWidget:
    return cloudwatch.GraphWidget(
        title=title, left=left, right=right, stacked=stacked, width=WIDTH // 3, height=6
    )


def _money_of(watched: Watched) -> list[cloudwatch.MathExpression]:
    """Return what a day costs, by item."""
    tables = watched.tables
    names = [table.table_name for table in (tables.spaces, tables.connections, tables.requests)]
    indexes = {
        names[0]: schema.PUBLIC_SPACES_INDEX,
        names[2]: schema.REQUESTS_BY_OWNER_INDEX,
    }
    places = [{"TableName": name} for name in names] + [
        {"TableName": name, "GlobalSecondaryIndexName": index} for name, index in indexes.items()
    ]
    counted = {
        Item.HTTP_CALL: [("AWS/ApiGateway", "Count", {"ApiId": watched.api.api_id})],
        Item.MESSAGE: [("AWS/ApiGateway", "MessageCount", {"ApiId": watched.sockets.api_id})],
        Item.WRITE_UNIT: [("AWS/DynamoDB", "ConsumedWriteCapacityUnits", each) for each in places],
        Item.READ_UNIT: [("AWS/DynamoDB", "ConsumedReadCapacityUnits", each) for each in places],
        Item.SCHEDULE: [
            (
                "AWS/Scheduler",
                "InvocationAttemptCount",
                {"ScheduleGroup": watched.schedule_group},
            )
        ],
    }
    return [_usd(item, metrics) for item, metrics in counted.items()]


def _usd(item: Item, metrics: list[tuple[str, str, dict[str, str]]]) -> cloudwatch.MathExpression:
    prefix = item.name.lower().replace("_", "")
    used = {
        f"{prefix}{number}": _metric(*metric, period=DAY) for number, metric in enumerate(metrics)
    }
    return cloudwatch.MathExpression(
        expression=f"SUM([{', '.join(used)}]) * {PRICES[item].each:f}",
        using_metrics=used,
        label=str(item),
        period=DAY,
    )
