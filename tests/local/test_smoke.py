"""The smoke test on the local cloud: its main flow works, and what differs from AWS is named."""

import asyncio

import pytest
from typer.testing import CliRunner

from tests.local_cloud import DeployedCloud
from tests.smoke import __main__ as command
from tests.smoke import long_lines, socket_lines
from tests.smoke.findings import Finding, Verdict
from tests.smoke.target import SmokeError

pytestmark = [pytest.mark.local, pytest.mark.timeout(280)]

EMULATOR_DIFFERS = {
    "wrong socket path",
    "Fn::GetAtt ClientSecret",
    "auto-deploy of the WebSocket stage",
    "an API that was just deleted: @connections answers",
}
"""What AWS is expected to do and the emulator does not."""
EMULATOR_CANNOT_TELL = {
    "ping refreshes lastActiveAt",
    "initialisation of authorize and connect",
}
BY_LOAD = {
    "first worker connects (cold: authorizer, connect, register)",
    "first text of a stream",
    "events of a stream through CloudFront",
    f"{socket_lines.FLOOD} handshakes at once with a wrong token",
}
"""Times that a busy machine misses."""


@pytest.fixture(autouse=True)
def _sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_lines, "QUIET_SECONDS", 1.0)


def lines_of(table: str) -> dict[str, tuple[str, str]]:
    rows = [row.strip("|").split(" | ") for row in table.splitlines() if row.startswith("| ")]
    return {row[0].strip(): (row[2].strip(), row[3].strip()) for row in rows[1:]}


def test_an_operator_gets_every_line_and_the_space_is_gone_at_the_end(
    deployed_cloud: DeployedCloud,
) -> None:
    arguments = ["--stage", "local", "--port", str(deployed_cloud.cloud.port)]
    done = CliRunner().invoke(command.app, arguments, catch_exceptions=False)

    lines = lines_of(done.stdout)
    firm = {line: verdict for line, (_, verdict) in lines.items() if line not in BY_LOAD}
    differing = {line for line, verdict in firm.items() if verdict == Verdict.DIFFERS}
    unknown = {line for line, verdict in firm.items() if verdict == Verdict.UNKNOWN}
    assert (differing, unknown) == (EMULATOR_DIFFERS, EMULATOR_CANNOT_TELL), done.stdout
    assert lines["prompt and answer"][1] == Verdict.OK
    assert lines["delete the space"] == ("deleted, 0 cancelled", Verdict.OK)
    assert "wst_" not in done.output


def test_a_token_alone_finds_its_space_and_a_wrong_one_says_what_to_do(
    deployed_cloud: DeployedCloud,
) -> None:
    space = deployed_cloud.create_space()
    url = deployed_cloud.page_url
    target = asyncio.run(command.find_target(url, space.worker_token, None, None, None))
    assert target.space == space.space
    with pytest.raises(SmokeError, match="did not accept the token"):
        asyncio.run(command.find_target(url, "wst_wrong", None, None, None))
    with pytest.raises(SmokeError, match="is not the page of a gateway"):
        asyncio.run(command.find_target(f"{url}nowhere", space.worker_token, None, None, None))


def test_the_long_lines_are_waited_for_side_by_side(deployed_cloud: DeployedCloud) -> None:
    space = deployed_cloud.create_space()

    async def all_lines() -> list[Finding]:
        target = await command.find_target(
            deployed_cloud.page_url, space.worker_token, None, None, None
        )
        return [each async for each in long_lines.ask(target, minute=0.1)]

    seen = {each.line.split(";")[0]: each for each in asyncio.run(all_lines())}
    # The emulator closes no connection.
    assert seen["connection with nothing but ping messages"].verdict is Verdict.OK
    assert seen["connection that sends nothing"].verdict is Verdict.DIFFERS
    assert seen["life of a connection"].verdict is Verdict.DIFFERS
    renewal = "worker client over two hours, with a renewal of its connection"
    assert seen[renewal].verdict is Verdict.OK, seen[renewal]
