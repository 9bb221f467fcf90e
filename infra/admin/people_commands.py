"""Commands for users."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from infra.admin import options
from infra.admin.stage_clients import audited_people_of, people_of
from infra.admin.terminal_text import shown
from infra.user_pool import new_password

console = Console(highlight=False)
app = typer.Typer()

Email = Annotated[
    str | None,
    typer.Option(help="Send an invitation to this address instead of printing a password."),
]
AsAdministrator = Annotated[
    bool, typer.Option("--administrator", help="Make the user an administrator.")
]


def _show_password(name: str, password: str) -> None:
    console.print(
        f"[bold]{shown(name)}[/] signs in with this password and must then choose a new one:"
    )
    console.print(password, style="bold", markup=False)


@app.command("create-user")
def create_user(
    name: options.PersonName,
    *,
    stage: options.Stage = "dev",
    email: Email = None,
    administrator: AsAdministrator = False,
) -> None:
    """Create an account."""
    people = audited_people_of(stage)
    if email:
        people.invite(name, email)
        console.print(f"Sent an invitation for [bold]{shown(name)}[/] to {shown(email)}.")
    else:
        password = new_password()
        people.create(name, password)
        _show_password(name, password)
    if administrator:
        people.make_administrator(name)


@app.command("make-admin")
def make_admin(name: options.PersonName, *, stage: options.Stage = "dev") -> None:
    """Make a user an administrator."""
    audited_people_of(stage).make_administrator(name)
    console.print(f"[bold]{shown(name)}[/] is an administrator as of their next sign-in.")


@app.command("remove-admin")
def remove_admin(name: options.PersonName, *, stage: options.Stage = "dev") -> None:
    """Remove a user's administrator rights, within 15 minutes."""
    audited_people_of(stage).remove_administrator(name)
    console.print(f"[bold]{shown(name)}[/] will lose administrator rights within 15 minutes.")


@app.command("reset-password")
def reset_password(name: options.PersonName, *, stage: options.Stage = "dev") -> None:
    """Set a temporary password and sign the user out everywhere."""
    password = new_password()
    audited_people_of(stage).reset_password(name, password)
    _show_password(name, password)


@app.command("disable-user")
def disable_user(name: options.PersonName, *, stage: options.Stage = "dev") -> None:
    """Disable an account, within 15 minutes."""
    audited_people_of(stage).disable(name)
    console.print(f"[bold]{shown(name)}[/] will lose access within 15 minutes.")


@app.command("enable-user")
def enable_user(name: options.PersonName, *, stage: options.Stage = "dev") -> None:
    """Enable a disabled account."""
    audited_people_of(stage).enable(name)
    console.print(f"[bold]{shown(name)}[/] can sign in again.")


@app.command("list-users")
def list_users(*, stage: options.Stage = "dev") -> None:
    """List all users."""
    table = Table("name", "e-mail", "administrator", "state", box=None)
    for person in people_of(stage).people():
        administers = "yes" if person.administrator else ""
        columns = (person.name, person.email, administers, person.state)
        table.add_row(*(shown(each) for each in columns))
    console.print(table)
