"""A value that only this stack's distribution and functions know."""

from aws_cdk import aws_cognito as cognito
from constructs import Construct


def edge_key(scope: Construct, id_: str, *, pool: cognito.IUserPool) -> str:
    """Return a random value of this stack, without a secret in the repository or a store of them.

    CloudFormation has no generator of its own, and a stored secret has a standing price. Cognito
    makes one for an app client: this client can do nothing, its secret is all that is used of it.
    Whoever replaces the client replaces the key.
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
