"""Create accounts in a local cloud and record them in its status file."""

from dataclasses import replace

from infra.local.cloud import LocalCloud
from infra.local.deploy import STACKS
from infra.local.lifecycle import deployed_status
from infra.local.status import LocalPerson, write_status
from infra.outputs import stack_outputs
from infra.user_pool import UserPool, new_password

DEMO_PEOPLE = {"admin": True, "user": False}
"""The demo's accounts, and whether each is an administrator."""


def user_pool(cloud: LocalCloud) -> UserPool:
    """Return the user pool of a local cloud."""
    outputs = stack_outputs(cloud.aws("cloudformation"), STACKS[0])
    return UserPool(cloud.aws("cognito-idp"), outputs["UserPoolId"])


def create_person(cloud: LocalCloud, name: str, *, administrator: bool = False) -> LocalPerson:
    """Create an account with a random password, and add both to the status file.

    Raises:
        LocalCloudError: the local cloud is not running, or not deployed yet.
    """
    deployed_status(cloud)
    person = LocalPerson(name=name, password=new_password(), administrator=administrator)
    pool = user_pool(cloud)
    pool.create(name, person.password, must_change=False)
    if administrator:
        pool.make_administrator(name)
    status = deployed_status(cloud)
    write_status(cloud, replace(status, people=[*status.people, person]))
    return person


def demo_people(cloud: LocalCloud) -> list[LocalPerson]:
    """Return the demo's administrator and user, and create them if they do not exist."""
    known = {person.name: person for person in deployed_status(cloud).people}
    return [
        known.get(name) or create_person(cloud, name, administrator=administrator)
        for name, administrator in DEMO_PEOPLE.items()
    ]
