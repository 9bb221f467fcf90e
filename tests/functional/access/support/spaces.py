"""Spaces that an administrator creates and deletes."""

from spaces.services.administration.delete_space import delete_space
from spaces.services.administration.edit_space import (
    add_space,
)


def create(world, space="lab", **sent):
    return add_space(world.gateway, {"space": space, **sent}, "ada")


def delete(world, version=1):
    world.clock.pass_seconds(1)
    return delete_space(world.gateway, "lab", version, "ada")
