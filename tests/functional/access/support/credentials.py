"""Keys and tokens, and the connections that they open."""

from spaces.services.administration import credentials
from spaces.services.ports.gateway import Sender
from spaces.services.workers.open_connection import identify_worker, open_connection
from spaces.services.workers.register_worker import register_worker
from spaces_protocol.admin_bodies import NewKey, NewToken
from spaces_protocol.worker_messages import Register

SOCKET = "wss://gateway.example/v1"


def new_token(world, *spaces, **fields):
    world.clock.pass_seconds(1)
    wanted = NewToken(spaces=list(spaces or ["echo"]), **fields)
    return credentials.add_token(world.gateway, wanted, "ada", SOCKET)


def new_key(world, *spaces, **fields):
    return credentials.add_key(
        world.gateway, NewKey(spaces=list(spaces or ["echo"]), **fields), "ada"
    )


def handshake(world, token, worker_id="gpu-1"):
    """Go through authorizer and $connect, as a worker does."""
    world.clock.pass_seconds(1)
    identity = identify_worker(world.gateway, token=token, worker_id=worker_id)
    sender = Sender(
        f"{worker_id}@{world.clock()}",
        world.clock(),
        worker_id,
        identity.token.credential_id,
        identity.token.spaces,
        identity.token.created_at,
    )
    return sender, identity.digest


def link(world, token, worker_id="gpu-1"):
    sender, digest = handshake(world, token, worker_id)
    open_connection(world.gateway, sender, digest)
    register_worker(
        world.gateway, sender, Register(spaces=sorted(sender.spaces), session=worker_id)
    )
    return sender


def state_of(world, token_id):
    listed = credentials.list_tokens(world.gateway).tokens
    return next(each.state for each in listed if each.token_id == token_id)
