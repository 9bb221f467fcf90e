"""How the page signs people in: an app client without a secret, and what checks its tokens."""

from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cognito as cognito
from aws_cdk.aws_apigatewayv2_authorizers import HttpJwtAuthorizer
from constructs import Construct

from infra.components.identity import Identity

SCOPE: Final = "openid"
"""Demanded of every token: an ID token has no scopes, so it does not pass for an access token."""
SCOPES: Final = "openid profile"
"""What the page asks for; it may read who one is and change nothing."""
CALLBACK_PATH: Final = "signed-in.html"
_ACCESS_TOKENS: Final = Duration.minutes(15)
"""A token that was revoked is refused only from then on: its signature stays good until it ends."""
_REFRESH_TOKENS: Final = Duration.hours(12)


class SignIn(Construct):
    """The page as Cognito knows it: authorization code with PKCE, nothing else.

    Attributes:
        client_id: name of the page at Cognito.
        authorizer: lets pass the access tokens of this page only.
    """

    def __init__(
        self, scope: Construct, id_: str, *, identity: Identity, page_url: str, local: bool
    ) -> None:
        super().__init__(scope, id_)
        client = cognito.UserPoolClient(
            self,
            "Page",
            user_pool=identity.pool,
            generate_secret=False,  # a page can keep none
            supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            # Named, because the default would add renewal without rotation. The pages use none.
            auth_flows=cognito.AuthFlow(user_srp=True),
            access_token_validity=_ACCESS_TOKENS,
            id_token_validity=_ACCESS_TOKENS,
            refresh_token_validity=_REFRESH_TOKENS,
            refresh_token_rotation_grace_period=Duration.seconds(30),
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                scopes=[cognito.OAuthScope.OPENID, cognito.OAuthScope.PROFILE],
                callback_urls=[f"{page_url}{CALLBACK_PATH}"],
                logout_urls=[page_url],
            ),
        )
        self.client_id = client.user_pool_client_id
        self.authorizer = HttpJwtAuthorizer(
            "PageAuthorizer", identity.issuer, jwt_audience=[self.client_id]
        )
        if not local:  # the emulator has plain pages
            self._use_managed_look(identity)

    def _use_managed_look(self, identity: Identity) -> None:
        # Without a style, managed login answers with an error.
        cognito.CfnManagedLoginBranding(
            self,
            "Look",
            user_pool_id=identity.pool.user_pool_id,
            client_id=self.client_id,
            use_cognito_provided_values=True,
        )
