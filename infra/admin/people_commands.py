"""Commands about people."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from infra.admin import options
from infra.admin.stage_clients import noted_people_of, people_of
from infra.admin.terminal_text import shown
from infra.user_pool import new_password

console = Console(highlight=False)
app = typer.Typer()

Email = Annotated[
    str | None,
    typer.Option(help="Where an invitation goes; without, a first password is printed here."),
]
AsAdministrator = Annotated[
    bool, typer.Option("--administrator", help="Whether they may administer.")
]


def _show_password(name: str, password: str) -> None:
    console.print(
        f"[bold]{shown(name)}[/] signs in with this password and then chooses another one:"
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
    people = noted_people_of(stage)
    if email:
        people.invite(name, email)
        console.print(f"An invitation for [bold]{shown(name)}[/] is on its way to {shown(email)}.")
    else:
        password = new_password()
        people.create(name, password)
        _show_password(name, password)
    if administrator:
        people.make_administrator(name)


@app.command("make-admin")
def make_admin(name: options.PersonName, *, stage: options.Stage = "dev") -> None:
    """Let a person administer, from their next sign-in on."""
    noted_people_of(stage).make_administrator(name)
    console.print(f"[bold]{shown(name)}[/] administers, from the next sign-in on.")


@app.command("remove-admin")
def remove_admin(name: options.PersonName, *, stage: options.Stage = "dev") -> None:
    """Take administration from a person, within 15 minutes."""
    noted_people_of(stage).remove_administrator(name)
    console.print(f"[bold]{shown(name)}[/] stops administering within 15 minutes.")


@app.command("reset-password")
def reset_password(name: options.PersonName, *, stage: options.Stage = "dev") -> None:
    """Replace a person's password and sign them out everywhere."""
    password = new_password()
    noted_people_of(stage).reset_password(name, password)
    _show_password(name, password)


@app.command("disable-user")
def disable_user(name: options.PersonName, *, stage: options.Stage = "dev") -> None:
    """Shut a person out, within 15 minutes."""
    noted_people_of(stage).disable(name)
    console.print(f"[bold]{shown(name)}[/] is shut out within 15 minutes.")


@app.command("enable-user")
def enable_user(name: options.PersonName, *, stage: options.Stage = "dev") -> None:
    """Let a person that was shut out in again."""
    noted_people_of(stage).enable(name)
    console.print(f"[bold]{shown(name)}[/] may sign in again.")


@app.command("list-users")
def list_users(*, stage: options.Stage = "dev") -> None:
    """List everybody."""
    table = Table("name", "e-mail", "administrator", "state", box=None)
    for person in people_of(stage).people():
        administers = "yes" if person.administrator else ""
        told = (person.name, person.email, administers, person.state)
        table.add_row(*(shown(each) for each in told))
    console.print(table)
