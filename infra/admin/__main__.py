"""Administer a deployed gateway.

Your AWS identity needs permission to invoke the admin function and to manage the user pool.
Choose the account and region as for the AWS CLI, with AWS_PROFILE and AWS_REGION.
"""

import typer

from infra.admin import (
    activity_command,
    cost_command,
    people_commands,
    secret_commands,
    space_commands,
)
from infra.admin.stage_clients import EXPECTED, run

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
for commands in (space_commands, secret_commands, people_commands, activity_command, cost_command):
    app.registered_commands += commands.app.registered_commands

if __name__ == "__main__":
    run(app, *EXPECTED)
