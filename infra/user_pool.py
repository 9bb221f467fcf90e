"""Users of the Cognito user pool: create, invite, promote, reset and disable them."""

import secrets
import string
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from spaces import schema

_GROUPS, _GROUP_LENGTH = 4, 5


@dataclass(frozen=True, kw_only=True)
class Person:
    """A user's account.

    Attributes:
        name: the user name, which others can see.
        email: the address, or None if unknown.
        administrator: whether the user is an administrator.
        state: Cognito's status: CONFIRMED, FORCE_CHANGE_PASSWORD, … or DISABLED.
    """

    name: str
    email: str | None
    administrator: bool
    state: str


@dataclass(frozen=True)
class UserPool:
    """The users of one gateway.

    Attributes:
        cognito: a boto3 client, untyped because its stubs are large.
        pool_id: the stack's output ``UserPoolId``.
    """

    cognito: Any
    pool_id: str

    def invite(self, name: str, email: str) -> None:
        """Create an account. Cognito e-mails a temporary password that is valid for a week."""
        self.cognito.admin_create_user(
            UserPoolId=self.pool_id,
            Username=name,
            UserAttributes=[
                {"Name": "email", "Value": email},
                {"Name": "email_verified", "Value": "true"},
            ],
            DesiredDeliveryMediums=["EMAIL"],
        )

    def create(self, name: str, password: str, *, must_change: bool = True) -> None:
        """Create an account without sending an invitation.

        Args:
            name: the user name.
            password: the first password.
            must_change: whether the user must choose a new password at the first sign-in.
        """
        self.cognito.admin_create_user(
            UserPoolId=self.pool_id,
            Username=name,
            TemporaryPassword=password,
            MessageAction="SUPPRESS",
        )
        if not must_change:
            self._set_password(name, password, permanent=True)

    def make_administrator(self, name: str) -> None:
        """Grant administrator rights, effective at the next sign-in or token renewal."""
        self.cognito.admin_add_user_to_group(
            UserPoolId=self.pool_id, Username=name, GroupName=schema.ADMINISTRATORS
        )

    def remove_administrator(self, name: str) -> None:
        """Remove administrator rights and sign the user out."""
        self.cognito.admin_remove_user_from_group(
            UserPoolId=self.pool_id, Username=name, GroupName=schema.ADMINISTRATORS
        )
        self.sign_out(name)

    def reset_password(self, name: str, password: str) -> None:
        """Set a temporary password that the user must change at the next sign-in."""
        self._set_password(name, password, permanent=False)
        self.sign_out(name)

    def disable(self, name: str) -> None:
        """Disable the account and sign the user out."""
        self.cognito.admin_disable_user(UserPoolId=self.pool_id, Username=name)
        self.sign_out(name)

    def enable(self, name: str) -> None:
        """Enable a disabled account."""
        self.cognito.admin_enable_user(UserPoolId=self.pool_id, Username=name)

    def sign_out(self, name: str) -> None:
        """Revoke all of a user's refresh tokens."""
        self.cognito.admin_user_global_sign_out(UserPoolId=self.pool_id, Username=name)

    def people(self) -> Iterator[Person]:
        """Yield all users."""
        administrators = {
            user["Username"]
            for page in self.cognito.get_paginator("list_users_in_group").paginate(
                UserPoolId=self.pool_id, GroupName=schema.ADMINISTRATORS
            )
            for user in page["Users"]
        }
        pages = self.cognito.get_paginator("list_users").paginate(UserPoolId=self.pool_id)
        for page in pages:
            for user in page["Users"]:
                yield _person(user, administrator=user["Username"] in administrators)

    def _set_password(self, name: str, password: str, *, permanent: bool) -> None:
        self.cognito.admin_set_user_password(
            UserPoolId=self.pool_id, Username=name, Password=password, Permanent=permanent
        )


def new_password() -> str:
    """Return an easily typed random password of about 119 bits that meets the pool's policy."""
    letters = string.ascii_letters + string.digits
    while True:
        text = "-".join(
            "".join(secrets.choice(letters) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
        )
        needed = (str.islower, str.isupper, str.isdigit)
        if all(any(is_kind(character) for character in text) for is_kind in needed):
            return text


def _person(user: dict[str, Any], *, administrator: bool) -> Person:
    attributes = {each["Name"]: each["Value"] for each in user.get("Attributes", [])}
    return Person(
        name=user["Username"],
        email=attributes.get("email"),
        administrator=administrator,
        state=user["UserStatus"] if user["Enabled"] else "DISABLED",
    )
