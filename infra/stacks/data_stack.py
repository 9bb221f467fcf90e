"""The stack with all data: tables, files and users."""

from types import MappingProxyType
from typing import Final

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from constructs import Construct

from infra.components.identity import Identity
from infra.components.private_bucket import private_bucket
from infra.components.tables import TableOptions, Tables
from infra.settings import Settings
from infra.stacks.options import StackOptions

FILES_EXPIRE: Final = MappingProxyType({"uploads/": 8, "inputs/": 8, "outputs/": 8, "results/": 8})
"""Days until files expire, by prefix. Files outlive the records of their requests, which are kept
for seven days. Covers and files of examples do not expire."""


class DataStack(Stack):
    """All state, separate from the rest, so that refactoring never replaces a table.

    Attributes:
        tables: the three tables.
        files: the bucket of files, and of inputs and results that are too long for an item.
        identity: the user pool.
    """

    def __init__(
        self, scope: Construct, id_: str, *, settings: Settings, options: StackOptions
    ) -> None:
        super().__init__(scope, id_, env=options.env, synthesizer=options.synthesizer)
        removal_policy = RemovalPolicy.RETAIN if settings.keep_data else RemovalPolicy.DESTROY
        table_options = TableOptions(removal_policy, settings.point_in_time_recovery)
        self.tables = Tables(self, "Tables", options=table_options)
        self.files = private_bucket(
            self,
            "Files",
            removal_policy=removal_policy,
            local=settings.local,
            expire=FILES_EXPIRE,
            open_to_pages=True,
        )
        self.identity = Identity(
            self,
            "Identity",
            stage=settings.stage,
            removal_policy=removal_policy,
            self_sign_up=settings.self_sign_up,
            require_mfa=settings.require_mfa,
        )
        self._name_outputs()
        self._export_everything()

    def _name_outputs(self) -> None:
        CfnOutput(self, "SpacesTable", value=self.tables.spaces.table_name)
        CfnOutput(self, "ConnectionsTable", value=self.tables.connections.table_name)
        CfnOutput(self, "RequestsTable", value=self.tables.requests.table_name)
        CfnOutput(self, "FilesBucket", value=self.files.bucket_name)
        CfnOutput(self, "UserPoolId", value=self.identity.pool.user_pool_id)

    def _export_everything(self) -> None:
        """Export all that a version of the service stack may import, whether this one does or not.

        CDK exports only what is imported. When an earlier version is deployed again, this stack
        comes first; CloudFormation refuses to drop an export that the later service stack still
        imports. An export therefore never goes away.
        """
        tables, files, identity = self.tables, self.files, self.identity
        for value in (
            *(
                attribute
                for table in (tables.spaces, tables.connections, tables.requests)
                for attribute in (table.table_name, table.table_arn)
            ),
            files.bucket_name,
            files.bucket_arn,
            files.bucket_domain_name,
            files.bucket_regional_domain_name,
            identity.pool.user_pool_id,
            identity.pool.user_pool_arn,
            identity.pool.user_pool_provider_name,
            identity.domain.domain_name,
        ):
            self.export_value(value)
