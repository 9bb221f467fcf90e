"""The three tables: spaces, connections, requests."""

from dataclasses import dataclass

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from spaces import schema


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)


@dataclass(frozen=True)
class TableOptions:
    """Options that all tables share."""

    removal_policy: RemovalPolicy
    point_in_time_recovery: bool


class Tables(Construct):
    """On-demand tables with expiry, encrypted with keys that DynamoDB owns (free).

    Attributes:
        spaces: definitions, queues and tokens.
        connections: the workers' open connections.
        requests: inputs, states and results of requests.
    """

    def __init__(self, scope: Construct, id_: str, *, options: TableOptions) -> None:
        super().__init__(scope, id_)
        self._options = options
        self.spaces = self._table("Spaces", schema.SPACE_ID, schema.RECORD)
        self.spaces.add_global_secondary_index(
            index_name=schema.PUBLIC_SPACES_INDEX,
            partition_key=_text(schema.LISTED),
            sort_key=_text(schema.SPACE_ID),
        )
        self.connections = self._table("Connections", schema.CONNECTION_ID)
        self.requests = self._table("Requests", schema.SPACE_ID, schema.TICKET)
        self.requests.add_global_secondary_index(
            index_name=schema.REQUESTS_BY_OWNER_INDEX,
            partition_key=_text(schema.OWNER),
            sort_key=_text(schema.CREATED_AT),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )

    def _table(self, id_: str, partition: str, sort: str | None = None) -> dynamodb.TableV2:
        return dynamodb.TableV2(
            self,
            id_,
            partition_key=_text(partition),
            sort_key=None if sort is None else _text(sort),
            billing=dynamodb.Billing.on_demand(),
            time_to_live_attribute=schema.EXPIRES_AT,
            removal_policy=self._options.removal_policy,
            deletion_protection=self._options.removal_policy is RemovalPolicy.RETAIN,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=self._options.point_in_time_recovery
            ),
        )
