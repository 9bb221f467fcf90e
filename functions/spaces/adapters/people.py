"""The users' accounts in the Cognito user pool."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from spaces.domain.errors import (
    Busy,
    EmailTaken,
    InvalidInput,
    NotFound,
    SpaceError,
    UserExists,
)
from spaces.schema import ADMINISTRATORS
from spaces.services.ports.people import PeoplePage, Person

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

PAGE: Final = 60
"""Users in one response; Cognito returns no more ("ListUsers")."""
_RETRY_SECONDS: Final = 5
_REFUSALS: Final[Mapping[str, tuple[type[SpaceError], str]]] = MappingProxyType(
    {
        "UserNotFoundException": (NotFound, "There is no user of this name."),
        "UsernameExistsException": (UserExists, "user is taken. Choose another name."),
        "AliasExistsException": (
            EmailTaken,
            "email belongs to another account. Choose another address.",
        ),
        "CodeDeliveryFailureException": (
            InvalidInput,
            "email: the invitation could not be sent to this address.",
        ),
        "UnsupportedUserStateException": (
            InvalidInput,
            "user has signed in before and needs no invitation.",
        ),
    }
)
_INVALID: Final = ("InvalidParameterException", "InvalidToken")
_BUSY: Final = ("TooManyRequestsException", "LimitExceededException")


class CognitoPeople:
    """Implements `spaces.services.ports.people.People`."""

    def __init__(self, client: "Callable[[], CognitoIdentityProviderClient]", pool_id: str) -> None:
        self._client = client
        self._pool = pool_id

    def page(self, cursor: str | None) -> PeoplePage:
        where: dict[str, Any] = {} if cursor is None else {"PaginationToken": cursor}
        with _explained(wrong="cursor is not valid for this list. Start without a cursor."):
            found = self._client().list_users(UserPoolId=self._pool, Limit=PAGE, **where)
        people = [_person(user) for user in found["Users"]]
        return PeoplePage(people, found.get("PaginationToken"))

    def administrators(self) -> list[Person]:
        pages = self._client().get_paginator("list_users_in_group")
        with _explained():
            return [
                _person(user)
                for page in pages.paginate(UserPoolId=self._pool, GroupName=ADMINISTRATORS)
                for user in page["Users"]
            ]

    def invite(self, name: str, email: str) -> Person:
        with _explained(wrong="user or email cannot be used. Choose another name or address."):
            created = self._client().admin_create_user(
                UserPoolId=self._pool,
                Username=name,
                UserAttributes=[
                    {"Name": "email", "Value": email},
                    {"Name": "email_verified", "Value": "true"},
                ],
                DesiredDeliveryMediums=["EMAIL"],
            )
        return _person(created["User"])

    def invite_again(self, name: str) -> None:
        with _explained(wrong="user has no address that an invitation can be sent to."):
            self._client().admin_create_user(
                UserPoolId=self._pool,
                Username=name,
                MessageAction="RESEND",
                DesiredDeliveryMediums=["EMAIL"],
            )

    def make_administrator(self, name: str) -> None:
        with _explained():
            self._client().admin_add_user_to_group(
                UserPoolId=self._pool, Username=name, GroupName=ADMINISTRATORS
            )

    def remove_administrator(self, name: str) -> None:
        with _explained():
            self._client().admin_remove_user_from_group(
                UserPoolId=self._pool, Username=name, GroupName=ADMINISTRATORS
            )
            self._sign_out(name)

    def disable(self, name: str) -> None:
        with _explained():
            self._client().admin_disable_user(UserPoolId=self._pool, Username=name)
            self._sign_out(name)

    def enable(self, name: str) -> None:
        with _explained():
            self._client().admin_enable_user(UserPoolId=self._pool, Username=name)

    def _sign_out(self, name: str) -> None:
        self._client().admin_user_global_sign_out(UserPoolId=self._pool, Username=name)


@contextmanager
def _explained(wrong: str | None = None) -> Iterator[None]:
    """Turn Cognito's errors into ours.

    Args:
        wrong: What an invalid parameter means; None if it cannot be a caller's.
    """
    try:
        yield
    except ClientError as error:
        refusal = _refusal(error.response["Error"]["Code"], wrong)
        if refusal is None:
            raise
        raise refusal from error


def _refusal(code: str, wrong: str | None) -> SpaceError | None:
    if code in _BUSY:
        detail = "Too many calls about users at once. Try again."
        return Busy(detail, retry_after_seconds=_RETRY_SECONDS)
    if code in _INVALID and wrong is not None:
        return InvalidInput(wrong)
    kind, detail = _REFUSALS.get(code, (None, ""))
    return kind(detail) if kind else None


def _person(user: Any) -> Person:  # noqa: ANN401 - of a user or of a list
    attributes = {each["Name"]: each.get("Value") for each in user.get("Attributes", [])}
    return Person(
        name=user["Username"],
        email=attributes.get("email"),
        status=user["UserStatus"],
        enabled=user["Enabled"],
        created_at=int(user["UserCreateDate"].timestamp() * 1000),
    )
