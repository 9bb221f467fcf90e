"""A secret that only this stack's distribution and functions know."""

from aws_cdk import aws_cognito as cognito
from constructs import Construct


def edge_key(scope: Construct, id_: str, *, pool: cognito.IUserPool) -> str:
    """Return a random value for this stack without storing a secret anywhere.

    CloudFormation cannot generate random values, and a secret in Secrets Manager has a fixed cost.
    Cognito generates a secret for each app client. This client has no permissions; only its secret
    is used. To rotate the key, replace the client.
    """
    client = cognito.CfnUserPoolClient(
        scope,
        id_,
        user_pool_id=pool.user_pool_id,
        client_name="edge key",
        generate_secret=True,
        explicit_auth_flows=["ALLOW_REFRESH_TOKEN_AUTH"],
        allowed_o_auth_flows_user_pool_client=False,
    )
    return client.attr_client_secret
