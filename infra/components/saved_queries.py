"""The questions of an operator, ready in the console of Logs Insights."""

from collections.abc import Iterable

from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.activity.queries import SAVED


class SavedQueries(Construct):
    """One folder of queries per stage; saved queries are free, running one is not."""

    def __init__(
        self, scope: Construct, id_: str, *, stage: str, log_groups: Iterable[logs.ILogGroup]
    ) -> None:
        super().__init__(scope, id_)
        names = [group.log_group_name for group in log_groups]
        for number, (name, text) in enumerate(SAVED.items()):
            logs.CfnQueryDefinition(
                self,
                f"Query{number:02}",
                name=f"spaces-{stage}/{name}",
                query_string=text,
                log_group_names=names,
            )
