"""The words of PEERS.md."""

from typing import Final

from benchmarks.peers import gateway, kill_test, timing

HEAD: Final = """\
# Beside other designs

![How long one caller waits, and what becomes of {requests} requests after a crash]\
(../docs/images/peers.svg)

Written by `make bench-peers` on {date}, on one machine of {cores} cores with a load average of \
{load:.1f}: Python {python}, {versions}. Other work fell on all designs alike, because they were \
called in turn (rounds: {rounds}). Compare ratios, not milliseconds.

| design | queue | how it was run |
|---|---|---|
| WebSocket Spaces | an item in DynamoDB | on the local cloud: an emulator stands in for AWS. The \
project's own Python client polls after the pauses that the gateway suggests |
| Gradio | memory of the server | `app.queue()`, which also runs the model; `gradio_client` |
| Flask-SocketIO | memory of the server | the usual relay, 70 lines (`benchmarks/peers/scripts`), \
browsers and one worker on WebSockets |
| OllaBridge | memory of the server | its gateway and its node, which dials out over a WebSocket; \
behind the node an Ollama that is only the model |
| Celery | Redis | Debian's Redis with its default snapshots. `acks_late` acknowledges a task \
after it has run; AOF also writes each change to disk within a second |

Every design has one worker that runs one request at a time.
"""

KILL_HEAD: Final = f"""\
## What a crash loses

{{requests}} requests are submitted, each {kill_test.MODEL_SECONDS:g} s of work. In the \
middle of a run, worker or server is killed with `kill -9`, and started again \
{kill_test.DOWN_SECONDS:g} s later. Callers read their answers from the kill on; they do not \
submit again. They wait, and where their client can they ask again, until \
{kill_test.QUIET_SECONDS} s have passed without news for any of them.
"""

KILL_NOTES: Final = """\
- **Lost**: the caller got an error, or nothing, and the server no longer knows the request. \
**Doubled**: two different answers to one request. **Stuck**: neither an answer nor an error, \
although the server still has the request. *Run again*: the model began it more than once. \
*Seconds*: from the kill until each caller had an answer or an error, or gave up.
- *Accepted*: what was refused is not counted. *In flight*: accepted, and not yet finished by the \
model at the kill. The worker of a design that accepts requests without one starts after all were \
accepted.
- *Server* of WebSocket Spaces: all Lambda processes, and at the same moment every connection of \
callers and worker (a process that passes bytes on, in API Gateway's place). DynamoDB, S3 and \
EventBridge are not killed: they live in the emulator's memory, and on AWS in three zones. \
[Chaos](../docs/chaos.md) also makes their calls fail.
- *Server* of Celery: Redis. Its `visibility_timeout` is 20 s here; with the default of one hour, \
what a killed worker held comes back an hour later. Answers that nobody has read yet are in \
Redis, too, and are lost with it.
- *Server* of Gradio: the program with the model, so that there is no worker to kill.
- The command `ollabridge-node join` ends with its connection. It is started again here, as by a \
service manager.
"""

WAIT_HEAD: Final = f"""\
## How long a caller waits

The model returns at once. Callers of each design, all in one process, call again and again for \
{timing.LASTS:g} s; then it is the turn of the next. The echo is the least that a call of a \
function takes on this emulator.
"""

RATE_HEAD: Final = """\
## Answers a second
"""

USAGE_HEAD: Final = """\
## Memory and threads of the server

The most that was seen while the most callers called. For WebSocket Spaces: the Lambda processes, \
which exist only while they are used; the emulator keeps each for five minutes. On AWS no server \
of your own runs. For all others, this is what you keep running. For Celery it is Redis; people \
also need a web server before it.
"""

DISTORTED: Final = f"""\
## What the emulator distorts

- At most {gateway.AT_ONCE} processes of the function `api` run at a time, as in a new AWS \
account; a call beyond them is refused with 429 and repeated by the client.
- API Gateway, DynamoDB and S3 are one Python process, on the same cores as the functions, the \
callers and the worker. A request takes several runs of functions, and each poll takes another \
one. With 20 and 100 callers they queue for these cores, so that the ratio to the echo, a single \
run, grows. On AWS they run elsewhere and side by side; the throughput there has not been measured.
- What AWS adds is missing: round trips over the network, TLS and cold starts.
- The peers run on loopback, without TLS, without sign-in, and without storing requests (Celery \
stores them). Over a network, every design needs a public address for its server; the gateway and \
the two relays (Flask-SocketIO, OllaBridge) then reach a worker behind NAT, Gradio and Celery need \
a tunnel or an open Redis.
"""
