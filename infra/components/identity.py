"""The user pool and its sign-in pages."""

from typing import Final

from aws_cdk import Aws, Duration, Fn, RemovalPolicy, Stack
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.acknowledgements import acknowledge
from spaces import schema

_INVITATION: Final = cognito.UserInvitationConfig(
    email_subject="You are invited to WebSocket Spaces",
    email_body=(
        "Your user name is {username} and your temporary password is {####}. It expires in a week."
    ),
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
    """A user pool. The first 10,000 monthly active users are free.

    Attributes:
        pool: the user pool.
        domain: the domain of the sign-in pages.
        issuer: the issuer of the tokens.
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
            # Managed login needs Essentials. Plus is billed from the first user.
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
        group = cognito.CfnUserPoolGroup(
            self,
            "Administrators",
            user_pool_id=self.pool.user_pool_id,
            group_name=schema.ADMINISTRATORS,
            description="Full access to /v1/admin.",
        )
        self.domain = self.pool.add_domain(
            "SignInPages",
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=self._prefix(stage)),
            managed_login_version=cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
        )
        # A kept pool without its group and its sign-in pages would be of no use.
        group.apply_removal_policy(removal_policy)
        self.domain.apply_removal_policy(removal_policy)
        # Spelled out because the emulator does not support ProviderURL.
        self.issuer = (
            f"https://cognito-idp.{Stack.of(self).region}.{Aws.URL_SUFFIX}/{self.pool.user_pool_id}"
        )
        self._acknowledge(require_mfa=require_mfa)

    @staticmethod
    def _prefix(stage: str) -> str:
        # Prefixes must be unique in a region across all accounts, as part of the stack's id is.
        unique = Fn.select(0, Fn.split("-", Fn.select(2, Fn.split("/", Aws.STACK_ID))))
        return f"spaces-{stage}-{unique}"

    def _acknowledge(self, *, require_mfa: bool) -> None:
        if not require_mfa:
            acknowledge(
                self.pool, "AwsSolutions-COG2", "A setting of the stage. See docs/security.md."
            )
        for rule in ("AwsSolutions-COG3", "AwsSolutions-COG8"):
            acknowledge(self.pool, rule, "The Plus plan is billed from the first user.")


def _second_factor(require_mfa: bool) -> cognito.MfaSecondFactor | None:  # noqa: FBT001
    # Text messages are billed; an authenticator app is free.
    return cognito.MfaSecondFactor(sms=False, otp=True) if require_mfa else None
