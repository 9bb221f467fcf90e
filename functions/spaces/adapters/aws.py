"""The boto3 clients of this process: created once, with explicit timeouts and retries."""

from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import NoCredentialsError

from spaces.adapters.signing import Signature

if TYPE_CHECKING:
    from types_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_s3 import S3Client
    from types_boto3_scheduler import EventBridgeSchedulerClient

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


@cache
def dynamodb() -> "DynamoDBClient":
    """Return the DynamoDB client."""
    return boto3.client("dynamodb", config=Config(**_CONFIG))


@cache
def s3() -> "S3Client":
    """Return the S3 client."""
    return boto3.client("s3", config=Config(**_CONFIG))


def signature() -> Signature:
    """Return the credentials that this process signs with; they change over time."""
    session = boto3.DEFAULT_SESSION or boto3.Session()
    credentials = session.get_credentials()
    if credentials is None:
        raise NoCredentialsError
    return Signature(credentials.get_frozen_credentials(), session.region_name)


@cache
def scheduler() -> "EventBridgeSchedulerClient":
    """Return the EventBridge Scheduler client."""
    return boto3.client("scheduler", config=Config(**_OPTIONAL_CONFIG))


@cache
def functions() -> "LambdaClient":
    """Return the Lambda client."""
    return boto3.client("lambda", config=Config(**_OPTIONAL_CONFIG))


@cache
def user_pools() -> "CognitoIdentityProviderClient":
    """Return the Cognito user pools client."""
    return boto3.client("cognito-idp", config=Config(**_CONFIG))


@cache
def connections_api(endpoint: str) -> "ApiGatewayManagementApiClient":
    """Return the client for the @connections API of one stage."""
    return boto3.client("apigatewaymanagementapi", endpoint_url=endpoint, config=Config(**_CONFIG))
