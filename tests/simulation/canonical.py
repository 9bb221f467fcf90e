"""One state for all that differ only in names and numbers that nothing compares."""

from tests.simulation.actors import Run
from tests.simulation.calls import Item
from tests.simulation.dynamo import Items
from tests.simulation.state import State, is_queue
from tests.simulation.steps import World
from tests.simulation.watch import MESSAGES

_NOW, _BEFORE = {"N": "1"}, {"N": "0"}


def canonical(world: World, state: State) -> State:
    """Return one state for all that continue like this one, in which no use case is under way.

    Only a use case under way remembers the version of a queue. So versions start again, and so do
    the numbers of messages. How often a request was started is forgotten where nothing asks for it.
    """
    runs: dict[str, Run] = {}
    sent = dict.fromkeys(state.workers, 0)
    for name, run in sorted(state.runs.items()):
        if run.kind not in MESSAGES:
            runs[name] = run
            continue
        owner = name.partition(":")[0]
        sent[owner] += 1
        renamed = f"{owner}:{run.kind}{sent[owner]}"
        runs[renamed] = world.program.start(renamed, run.kind, run.given)
    seen = state.seen
    if not world.counts_runs:
        seen = seen._replace(runs=frozenset())
    return state.but(
        items=_renumbered(state.items, "now", _NOW),
        old=_renumbered(state.old, "old", _BEFORE),
        runs=runs,
        workers={name: w._replace(sent=sent[name]) for name, w in state.workers.items()},
        seen=seen,
        last=None,
    )


def _renumbered(items: Items, note: str, version: dict[str, str]) -> Items:
    return {
        key: _with_version(item, note, version) if is_queue(key) else item
        for key, item in items.items()
    }


def _with_version(item: Item, note: str, version: dict[str, str]) -> Item:
    if note not in item.notes:
        item.notes[note] = Item.of({**item.value, "version": version, "swap_id": {"S": note}})
    return item.notes[note]
