"""Measures the prices of all actions."""

from typing import Any

from benchmarks.actions.busiest_space import price_busiest_space
from benchmarks.actions.counted_files import CountedFiles
from benchmarks.actions.meter import Meter
from benchmarks.actions.price import Price
from benchmarks.actions.requests import price_requests
from benchmarks.actions.uploads import price_uploads
from benchmarks.actions.workers import price_workers
from benchmarks.capacity import Capacity
from benchmarks.units import Line, gateway_over, tables_of


def measure_prices(client: Any) -> list[Price]:
    """Return the prices, over empty tables that are deleted afterwards."""
    capacity = Capacity()
    capacity.watch(client)
    line, files = Line(), CountedFiles()
    with tables_of(client):
        meter = Meter(gateway_over(client, line, files), line, capacity, files, [])
        price_requests(meter)
        price_uploads(meter)
        price_workers(meter)
        price_busiest_space(meter, client)
    return meter.prices
