"""What others wrote does nothing to the terminal of the administration's command line."""

import io

import pytest
from rich.console import Console
from rich.table import Table
from typer.testing import CliRunner

from infra.admin import people_commands, secret_commands, space_commands
from infra.admin.terminal_text import shown
from infra.user_pool import Person

NASTY = "a\x1b]0;owned\x07\x1b[2J\r\n\x9b31m[/][link=https://evil.example]b\u202e"


def printed(command: str, module: object, monkeypatch: pytest.MonkeyPatch) -> str:
    screen = io.StringIO()
    terminal = Console(file=screen, highlight=False, width=300, no_color=True)
    monkeypatch.setattr(module, "console", terminal)
    result = CliRunner().invoke(module.app, [command])  # type: ignore[attr-defined]
    assert result.exception is None, result.exception
    return screen.getvalue()


def assert_harmless(text: str) -> None:
    assert not any(char in text for char in "\x1b\x07\r\x9b\u202e")
    assert "[/][link=https://evil.example]b" in text


@pytest.mark.parametrize(
    "command", ["list-spaces", "list-tokens", "list-keys"], ids=["spaces", "tokens", "keys"]
)
def test_titles_and_labels_are_text(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = space_commands if command == "list-spaces" else secret_commands
    entry = {"space": "lab", "title": NASTY, "label": NASTY, "spaces": ["lab"], "token_id": "t"}
    answer = {name: [entry] for name in ("spaces", "tokens", "keys")}
    monkeypatch.setattr(module, "gateway_of", lambda _stage: lambda *_, **__: answer)

    assert_harmless(printed(command, module, monkeypatch))


def test_names_of_people_are_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where people sign up by themselves, strangers choose them."""

    class Pool:
        def people(self) -> list[Person]:
            return [Person(name=NASTY, email=NASTY, administrator=False, state="CONFIRMED")]

    monkeypatch.setattr(people_commands, "people_of", lambda _stage: Pool())

    assert_harmless(printed("list-users", people_commands, monkeypatch))


def test_what_can_be_printed_stays() -> None:
    screen = io.StringIO()
    table = Table("name", box=None)
    table.add_row(shown("Zoë 小红 [1]"))
    Console(file=screen, width=80).print(table)

    assert "Zoë 小红 [1]" in screen.getvalue()
