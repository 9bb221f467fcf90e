"""Command line of administration.

It invokes the admin function and asks the user pool, so it works for whoever may do that by IAM.
boto3's usual variables choose account and region: AWS_PROFILE, AWS_REGION.
"""

import typer

from infra.admin import people_commands, secret_commands, space_commands
from infra.admin.stage_clients import EXPECTED, run

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
for commands in (space_commands, secret_commands, people_commands):
    app.registered_commands += commands.app.registered_commands

if __name__ == "__main__":
    run(app, *EXPECTED)
