"""Command line: ``python -m tests.rollback COMMIT``.

Deploys the version of a commit to an emulator of its own, puts data in, upgrades to this version,
rolls back and upgrades again. Each time, all that was there must still be there and work.
"""

import sys
import tempfile
import time
from pathlib import Path

import typer

from infra.local.cloud import LocalCloud
from infra.local.emulator import end_process, free_port, start_emulator
from infra.project import PROJECT_FOLDER
from tests.rollback.contents import DATA, SERVICE, contents
from tests.rollback.exports_in_use import imports, refused_exports
from tests.rollback.running import RunningRequests
from tests.rollback.stage import Stage
from tests.rollback.version import Failed, Version, synthesize, take_out

USAGE = "Name the commit or tag of the version to go back to: make test-rollback BEFORE=1234abc"


def main(arguments: list[str]) -> None:
    """Run the test and say what it saw."""
    if len(arguments) != 1 or not arguments[0]:
        sys.exit(USAGE)
    with tempfile.TemporaryDirectory(prefix="spaces-rollback-") as scratch:
        folder = Path(scratch) / "cloud"
        folder.mkdir()
        cloud = LocalCloud(free_port(), folder)
        mark = start_emulator(cloud)
        try:
            _go(cloud, arguments[0], Path(scratch))
        except Failed as error:
            sys.exit(f"FAILED: {error}")
        finally:
            end_process(mark)


def _go(cloud: LocalCloud, commit: str, scratch: Path) -> None:
    before = synthesize(commit, take_out(commit, scratch / "before"), cloud)
    now = synthesize("this version", PROJECT_FOLDER, cloud)
    stage = Stage(cloud, scratch)
    cloud.aws("s3").create_bucket(Bucket="cdk-hnb659fds-assets-000000000000-us-east-1")
    before.deploy(cloud)
    typer.echo(f"deployed {commit}")
    stage.use("first")
    typer.echo(f"put data in: {contents(cloud)}")
    deployed = before
    for number, version in enumerate((now, before, now)):
        running = RunningRequests(stage, f"step{number}")
        try:
            running.begin()
            _replace(cloud, deployed, version)
            running.end()
        finally:
            running.stop()
        typer.echo(f"  answered {len(running.addresses)} requests that ran meanwhile")
        stage.use(f"step{number}")
        typer.echo(f"  used it: every result of before is there; now {contents(cloud)}")
        deployed = version
    stage.finish()
    typer.echo(f"answered what had waited since each step: {len(stage.waiting)} requests")
    typer.echo("nothing was lost, and no export was in the way")


def _replace(cloud: LocalCloud, deployed: Version, following: Version) -> None:
    importing = set(imports(deployed.template(SERVICE)))
    refused = refused_exports(deployed.template(DATA), importing, following.template(DATA))
    if refused:
        names = ", ".join(sorted(refused))
        raise Failed(f"CloudFormation refuses {following.name}: exports in use: {names}")
    held, begun = contents(cloud), time.monotonic()
    following.deploy(cloud)
    if lost := held.lost(contents(cloud)):
        raise Failed(f"{following.name} lost: {'; '.join(lost)}")
    seconds = time.monotonic() - begun
    typer.echo(f"{deployed.name} → {following.name}: kept {held} ({seconds:.0f} s)")


if __name__ == "__main__":
    main(sys.argv[1:])
