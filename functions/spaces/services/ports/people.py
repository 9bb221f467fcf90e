"""Protocol of the users' accounts."""

from typing import NamedTuple, Protocol


class Person(NamedTuple):
    """A user's account.

    Attributes:
        name: The user name, which others can see.
        email: The address; None if unknown.
        status: Cognito's word: ``CONFIRMED``, ``FORCE_CHANGE_PASSWORD``, …
        enabled: Whether the user can sign in.
        created_at: Milliseconds since 1970.
    """

    name: str
    email: str | None
    status: str
    enabled: bool
    created_at: int


class PeoplePage(NamedTuple):
    """Some accounts, and where the next page begins; None after the last."""

    people: list[Person]
    next_cursor: str | None


class People(Protocol):
    """The accounts of all users.

    Raises:
        NotFound: There is no user of this name.
        Busy: The accounts cannot be reached often enough now.
    """

    def page(self, cursor: str | None) -> PeoplePage:
        """Return accounts.

        Raises:
            InvalidInput: The cursor is not valid.
        """

    def administrators(self) -> list[Person]:
        """Return all administrators."""

    def invite(self, name: str, email: str) -> Person:
        """Create an account, and e-mail a temporary password that is valid for a week.

        Raises:
            UserExists: The name is taken.
            EmailTaken: The address belongs to another user.
            InvalidInput: Name or address cannot be used.
        """

    def invite_again(self, name: str) -> None:
        """E-mail a new temporary password.

        Raises:
            InvalidInput: The user has signed in before, or has no address.
        """

    def make_administrator(self, name: str) -> None:
        """Grant administrator rights, effective at the next sign-in or token renewal."""

    def remove_administrator(self, name: str) -> None:
        """Remove administrator rights and sign the user out."""

    def disable(self, name: str) -> None:
        """Disable the account and sign the user out."""

    def enable(self, name: str) -> None:
        """Enable a disabled account."""
