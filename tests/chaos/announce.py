"""One run of webhooks: requests that end in all ways, a moody receiver, killed functions."""

import json
import threading
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx

from infra.admin.admin_client import create_secret
from infra.local.cloud import LocalCloud
from infra.local.spaces import admin_of
from tests.chaos.agenda import Agenda
from tests.chaos.announcements import judge
from tests.chaos.crew import Crew, wait_for_workers
from tests.chaos.deliveries import Deliveries, Impatience
from tests.chaos.functions import Functions
from tests.chaos.moody_receiver import MoodyReceiver, moody_receiver
from tests.chaos.network import Network
from tests.chaos.plan import SpacePlan
from tests.chaos.report import console, print_announcements
from tests.local_cloud import DeployedCloud

SPACE: Final = SpacePlan("announced", share=1, timeout=40, concurrency=8)
SHARES: Final = {
    "kind": 44,
    "unavailable": 10,
    "unavailable for long": 6,
    "busy": 6,
    "moved": 8,
    "hung up": 6,
    "function killed before the answer": 5,
    "function killed after the answer": 5,
    "gone": 6,
    "gone later": 4,
}
SLOW: Final = 20
"""How many receivers are slow: each holds a function for 15 s, and ten may run."""
ENDS: Final = {"completes": 70, "fails": 10, "cancelled": 10, "times out": 10}
KILL_EVERY: Final = 8.0
CALM_SECONDS: Final = 600.0
"""After the last submit. A killed run is repeated after 60 s, a schedule fires up to 59 s late."""
TRIES: Final = 40
LOOK_SECONDS: Final = 3.0
TELL_SECONDS: Final = 15.0


@dataclass(frozen=True)
class Announcement:
    """A request, how it ends, and what its webhook meets."""

    name: str
    mood: str
    end: str
    at: float


def make_announcements(count: int, seconds: float, seed: int) -> list[Announcement]:
    """Return the requests of a run."""
    random = Random(f"announcements {seed}")
    moods = random.choices(list(SHARES), list(SHARES.values()), k=count)
    for slow in random.sample(range(count), min(SLOW, count // 20)):
        moods[slow] = "slow"
    ends = random.choices(list(ENDS), list(ENDS.values()), k=count)
    return [
        Announcement(f"{number}", mood, end, random.uniform(0, seconds))
        for number, (mood, end) in enumerate(zip(moods, ends, strict=True), start=1)
    ]


def announce_all(
    cloud: LocalCloud, net: Network, size: tuple[int, float, int], folder: Path
) -> bool:
    """Run it on a local cloud that is up; return whether every end was announced."""
    count, seconds, seed = size
    deployed, crew = DeployedCloud(cloud), Crew(net.tally)
    functions = Functions(cloud, seed, net.tally)
    crew.hire(deployed, SPACE, net.socket_port, folder)
    try:
        crew.start_all()
        wait_for_workers(deployed, [SPACE])
        with moody_receiver() as receiver:
            receiver.kill = partial(_kill, functions, net)
            callers = Callers(deployed, receiver)
            began = time.monotonic()
            callers.begin(make_announcements(count, seconds, seed))
            deliveries = Deliveries(cloud)
            with Impatience(deliveries):
                _storm(functions, seconds)
                _calm(deliveries, receiver, callers)
            callers.end()
            verdict = judge(deliveries.requests(), receiver.arrivals)
    finally:
        crew.end()
    lost = [name for name in callers.wanted if name not in callers.accepted]
    facts = {
        "submitted": count,
        "not accepted": len(lost),
        "receiver: down for 6 s": receiver.downtimes,
        "waits cut short": deliveries.cut_short,
        "runs repeated in Lambda's place": deliveries.repeated,
        "seconds": round(time.monotonic() - began),
    }
    print_announcements({**facts, **verdict.numbers}, verdict.wrong, net.tally.counts())
    return verdict.good and not lost


class Callers:
    """They submit with an API key, and cancel some; they never poll."""

    def __init__(self, deployed: DeployedCloud, receiver: MoodyReceiver) -> None:
        unlimited = {"requests_per_minute": None, "max_waiting": None}
        admin = admin_of(deployed.cloud)
        key = create_secret(admin, "key", [SPACE.name], limits=unlimited)["key"]
        self._headers = {"authorization": f"Bearer {key}"}
        with httpx.Client(base_url=deployed.api_url, trust_env=False, timeout=30) as client:
            answer = client.get("/v1/webhook-secret", headers=self._headers)
        receiver.secret = answer.raise_for_status().json()["secret"]
        self._receiver = receiver
        self._agenda = Agenda(deployed.api_url)
        self.wanted: set[str] = set()
        self.accepted: set[str] = set()

    def begin(self, announcements: list[Announcement]) -> None:
        """Plan all submits and start."""
        now = time.time()
        for each in announcements:
            self.wanted.add(each.name)
            self._agenda.plan(now + each.at, partial(self._submit, each, 0))
        self._agenda.begin()

    def end(self) -> None:
        """Stop; what broke in a thread is raised here."""
        self._agenda.end()

    def _submit(self, wanted: Announcement, tried: int, client: httpx.Client) -> None:
        path = f"/v1/spaces/{SPACE.name}/requests"
        headers = {**self._headers, "idempotency-key": wanted.name}
        answer = _call(client, "POST", path, json=self._body(wanted), headers=headers)
        if answer is None or answer.status_code != 202:
            if tried < TRIES:
                again = partial(self._submit, wanted, tried + 1)
                self._agenda.plan(time.time() + min(3.0, 0.3 * 2**tried), again)
            return
        self.accepted.add(wanted.name)
        if wanted.end == "cancelled":
            self._cancel(answer.json()["cancel_url"], client)

    def _cancel(self, path: str, client: httpx.Client) -> None:
        answer = _call(client, "PUT", path, headers=self._headers)
        if answer is None or answer.status_code not in (200, 202, 409):
            self._agenda.plan(time.time() + 1, partial(self._cancel, path))

    def _body(self, wanted: Announcement) -> dict[str, Any]:
        seconds = {"cancelled": 5, "times out": 6}.get(wanted.end, 0.1)
        prompt = {"name": wanted.name, "seconds": seconds, "fails": wanted.end == "fails"}
        body = {
            "input": {"prompt": json.dumps(prompt)},
            "webhook": {"url": self._receiver.url(wanted.mood, wanted.name)},
        }
        return body | ({"timeout_seconds": 2} if wanted.end == "times out" else {})


def _call(client: httpx.Client, method: str, path: str, **options: Any) -> httpx.Response | None:
    try:
        return client.request(method, path, **options)
    except httpx.TransportError:
        return None


def _kill(functions: Functions, net: Network, port: int) -> None:
    if functions.kill_caller(port):
        net.tally.note("function process: killed while it delivered")


def _storm(functions: Functions, seconds: float) -> None:
    """Kill functions while requests come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        threading.Event().wait(KILL_EVERY)
        functions.kill_one()


def _calm(deliveries: Deliveries, receiver: MoodyReceiver, callers: Callers) -> None:
    """Wait until every request has ended and every delivery, too."""
    end = time.monotonic() + CALM_SECONDS
    told = time.monotonic()
    while time.monotonic() < end:
        if deliveries.open == 0 and callers.accepted == callers.wanted:
            return
        if time.monotonic() > told + TELL_SECONDS:
            told = time.monotonic()
            arrived = len(receiver.arrivals)
            console.print(f"{deliveries.open} not announced yet, {arrived} arrived")
        time.sleep(LOOK_SECONDS)
