"""The page's sign-in: an app client without a secret, and the authorizer of its tokens."""

from collections.abc import Sequence
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cognito as cognito
from aws_cdk.aws_apigatewayv2_authorizers import HttpJwtAuthorizer
from constructs import Construct

from infra.components.identity import Identity

SCOPE: Final = "openid"
"""Required of every token. An ID token has no scopes, so it is not accepted as an access token."""
SCOPES: Final = "openid profile"
"""What the page requests: it can read the user's identity and change nothing."""
CALLBACK_PATH: Final = "signed-in.html"
_ACCESS_TOKENS: Final = Duration.minutes(15)
"""Revoking does not affect access tokens: their signature stays valid until they expire."""
_REFRESH_TOKENS: Final = Duration.hours(12)


class SignIn(Construct):
    """The page's app client, which only allows the authorization code flow with PKCE.

    Attributes:
        client_id: the id of the app client.
        authorizer: accepts only access tokens issued to this page.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        identity: Identity,
        page_urls: Sequence[str],
        local: bool,
    ) -> None:
        super().__init__(scope, id_)
        client = cognito.UserPoolClient(
            self,
            "Page",
            user_pool=identity.pool,
            generate_secret=False,  # a page cannot keep a secret
            supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            # Explicit because the default adds refresh without rotation.
            auth_flows=cognito.AuthFlow(user_srp=True),
            access_token_validity=_ACCESS_TOKENS,
            id_token_validity=_ACCESS_TOKENS,
            refresh_token_validity=_REFRESH_TOKENS,
            refresh_token_rotation_grace_period=Duration.seconds(30),
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                scopes=[cognito.OAuthScope.OPENID, cognito.OAuthScope.PROFILE],
                callback_urls=[f"{url}{CALLBACK_PATH}" for url in page_urls],
                logout_urls=list(page_urls),
            ),
        )
        self.client_id = client.user_pool_client_id
        self.authorizer = HttpJwtAuthorizer(
            "PageAuthorizer", identity.issuer, jwt_audience=[self.client_id]
        )
        if not local:  # the emulator has its own plain pages
            self._use_managed_look(identity)

    def _use_managed_look(self, identity: Identity) -> None:
        # Managed login responds with an error if it has no branding.
        cognito.CfnManagedLoginBranding(
            self,
            "Look",
            user_pool_id=identity.pool.user_pool_id,
            client_id=self.client_id,
            use_cognito_provided_values=True,
        )
