"""The clients of this process for AWS: created once, with explicit timeouts and retries.

They are those that boto3 creates. boto3 itself is not imported, because it brings the transfer
manager of S3 along: a sixth of the time until the first client is there.
"""

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from botocore.config import Config
from botocore.exceptions import NoCredentialsError
from botocore.loaders import Loader
from botocore.session import Session, get_session

from spaces.adapters.signing import Signature

if TYPE_CHECKING:
    from types_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_s3 import S3Client
    from types_boto3_scheduler import EventBridgeSchedulerClient

_SERVICES: Final = [
    "apigatewaymanagementapi", "cognito-idp", "dynamodb", "lambda", "s3", "scheduler",
]  # fmt: skip
_CONFIG: dict[str, Any] = {
    "connect_timeout": 2,
    "read_timeout": 5,
    "retries": {"mode": "standard", "total_max_attempts": 4},
}
_OPTIONAL_CONFIG: dict[str, Any] = {
    "connect_timeout": 1,
    "read_timeout": 2,
    "retries": {"mode": "standard", "total_max_attempts": 2},
}
"""For the calls that start sweeps: a caller waits for them, and their failure is made up for."""


class _OurServices(Loader):
    """Reads descriptions of services without first listing the folders of all 400."""

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - botocore's
        return _SERVICES


@cache
def _session() -> Session:
    session = get_session()
    session.register_component("data_loader", _OurServices())
    return session


def _client(service: str, settings: dict[str, Any], **more: Any) -> Any:  # noqa: ANN401 - any client
    return _session().create_client(service, config=Config(**settings), **more)


@cache
def dynamodb() -> "DynamoDBClient":
    """Return the DynamoDB client."""
    client: DynamoDBClient = _client("dynamodb", _CONFIG)
    return client


@cache
def s3() -> "S3Client":
    """Return the S3 client."""
    client: S3Client = _client("s3", _CONFIG)
    return client


def signature() -> Signature:
    """Return the credentials that this process signs with; they change over time."""
    session = _session()
    credentials = session.get_credentials()
    if credentials is None:
        raise NoCredentialsError
    return Signature(credentials.get_frozen_credentials(), session.get_config_variable("region"))


@cache
def scheduler() -> "EventBridgeSchedulerClient":
    """Return the EventBridge Scheduler client."""
    client: EventBridgeSchedulerClient = _client("scheduler", _OPTIONAL_CONFIG)
    return client


@cache
def functions() -> "LambdaClient":
    """Return the Lambda client."""
    client: LambdaClient = _client("lambda", _OPTIONAL_CONFIG)
    return client


@cache
def user_pools() -> "CognitoIdentityProviderClient":
    """Return the Cognito user pools client."""
    client: CognitoIdentityProviderClient = _client("cognito-idp", _CONFIG)
    return client


@cache
def connections_api(endpoint: str) -> "ApiGatewayManagementApiClient":
    """Return the client for the @connections API of one stage."""
    client: ApiGatewayManagementApiClient = _client(
        "apigatewaymanagementapi", _CONFIG, endpoint_url=endpoint
    )
    return client
