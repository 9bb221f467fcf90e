"""People of the user pool: invite, promote, reset, shut out."""

import secrets
import string
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from spaces import schema

_GROUPS, _GROUP_LENGTH = 4, 5


@dataclass(frozen=True, kw_only=True)
class Person:
    """An account.

    Attributes:
        name: what they sign in with, and what others see.
        email: None where none is known.
        administrator: whether they may administer.
        state: Cognito's: CONFIRMED, FORCE_CHANGE_PASSWORD, … or DISABLED.
    """

    name: str
    email: str | None
    administrator: bool
    state: str


@dataclass(frozen=True)
class UserPool:
    """The people of one gateway.

    Attributes:
        cognito: boto3's client; its type stubs are large.
        pool_id: the stack's output ``UserPoolId``.
    """

    cognito: Any
    pool_id: str

    def invite(self, name: str, email: str) -> None:
        """Create an account; Cognito sends a first password, good for a week, to the address."""
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
        """Create an account that nobody is told of.

        Args:
            name: what they will sign in with.
            password: theirs.
            must_change: whether they must choose another one at their first sign-in.
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
        """Let a person administer, from their next sign-in or renewal on."""
        self.cognito.admin_add_user_to_group(
            UserPoolId=self.pool_id, Username=name, GroupName=schema.ADMINISTRATORS
        )

    def remove_administrator(self, name: str) -> None:
        """Take administration from a person and end what they are signed in with."""
        self.cognito.admin_remove_user_from_group(
            UserPoolId=self.pool_id, Username=name, GroupName=schema.ADMINISTRATORS
        )
        self.sign_out(name)

    def reset_password(self, name: str, password: str) -> None:
        """Replace a password by one that must be changed at the next sign-in."""
        self._set_password(name, password, permanent=False)
        self.sign_out(name)

    def disable(self, name: str) -> None:
        """Shut a person out and end what they are signed in with."""
        self.cognito.admin_disable_user(UserPoolId=self.pool_id, Username=name)
        self.sign_out(name)

    def enable(self, name: str) -> None:
        """Let a person that was shut out in again."""
        self.cognito.admin_enable_user(UserPoolId=self.pool_id, Username=name)

    def sign_out(self, name: str) -> None:
        """End all of a person's refresh tokens."""
        self.cognito.admin_user_global_sign_out(UserPoolId=self.pool_id, Username=name)

    def people(self) -> Iterator[Person]:
        """Yield everybody."""
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
    """Return a random password that the pool's rules accept: about 119 bits, easy to type."""
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
