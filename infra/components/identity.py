"""Who people are: a user pool with its sign-in pages."""

from typing import Final

from aws_cdk import Aws, Duration, Fn, RemovalPolicy, Stack
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.acknowledgements import acknowledge
from spaces import schema

_INVITATION: Final = cognito.UserInvitationConfig(
    email_subject="You are invited to WebSocket Spaces",
    email_body="Your user name is {username}, your first password {####}. It is good for a week.",
)
_PASSWORDS: Final = cognito.PasswordPolicy(
    min_length=12,
    require_lowercase=True,
    require_uppercase=True,
    require_digits=True,
    require_symbols=True,
    temp_password_validity=Duration.days(7),
)


class Identity(Construct):
    """A user pool; free for the first 10,000 people a month, whoever does not sign in is free.

    Attributes:
        pool: the people.
        domain: where the sign-in pages are.
        issuer: what the tokens say where they come from.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: str,
        removal_policy: RemovalPolicy,
        self_sign_up: bool,
        require_mfa: bool,
    ) -> None:
        super().__init__(scope, id_)
        self.pool = cognito.UserPool(
            self,
            "Pool",
            # Managed login needs Essentials; Plus would have a price from the first person on.
            feature_plan=cognito.FeaturePlan.ESSENTIALS,
            sign_in_aliases=cognito.SignInAliases(username=True, email=True),
            sign_in_case_sensitive=False,
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            keep_original=cognito.KeepOriginalAttrs(email=True),
            self_sign_up_enabled=self_sign_up,
            user_invitation=_INVITATION,
            password_policy=_PASSWORDS,
            mfa=cognito.Mfa.REQUIRED if require_mfa else cognito.Mfa.OFF,
            mfa_second_factor=_second_factor(require_mfa),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            removal_policy=removal_policy,
            deletion_protection=removal_policy is RemovalPolicy.RETAIN,
        )
        cognito.CfnUserPoolGroup(
            self,
            "Administrators",
            user_pool_id=self.pool.user_pool_id,
            group_name=schema.ADMINISTRATORS,
            description="May do everything under /v1/admin.",
        )
        self.domain = self.pool.add_domain(
            "SignInPages",
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=self._prefix(stage)),
            managed_login_version=cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
        )
        # Written out: the emulator knows no ProviderURL.
        self.issuer = (
            f"https://cognito-idp.{Stack.of(self).region}.{Aws.URL_SUFFIX}/{self.pool.user_pool_id}"
        )
        self._acknowledge(require_mfa=require_mfa)

    @staticmethod
    def _prefix(stage: str) -> str:
        # Prefixes are unique in a region, over all accounts: a part of the stack's own id is.
        unique = Fn.select(0, Fn.split("-", Fn.select(2, Fn.split("/", Aws.STACK_ID))))
        return f"spaces-{stage}-{unique}"

    def _acknowledge(self, *, require_mfa: bool) -> None:
        if not require_mfa:
            acknowledge(
                self.pool, "AwsSolutions-COG2", "A setting of the stage; see docs/security.md."
            )
        for rule in ("AwsSolutions-COG3", "AwsSolutions-COG8"):
            acknowledge(self.pool, rule, "The Plus plan has a price from the first person on.")


def _second_factor(require_mfa: bool) -> cognito.MfaSecondFactor | None:  # noqa: FBT001
    # A message to a phone has a price; an authenticator app has none.
    return cognito.MfaSecondFactor(sms=False, otp=True) if require_mfa else None
