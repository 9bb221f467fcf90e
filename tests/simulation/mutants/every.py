"""All mutants, by name."""

from tests.simulation.mutants.dispatch import DISPATCH
from tests.simulation.mutants.outside import OUTSIDE
from tests.simulation.mutants.queue_decisions import QUEUE_DECISIONS
from tests.simulation.mutants.queue_places import QUEUE_PLACES
from tests.simulation.mutants.requests_and_workers import REQUESTS_AND_WORKERS
from tests.simulation.mutants.sweeps import SWEEPS

MUTANTS = {
    **QUEUE_PLACES,
    **QUEUE_DECISIONS,
    **SWEEPS,
    **DISPATCH,
    **REQUESTS_AND_WORKERS,
    **OUTSIDE,
}
