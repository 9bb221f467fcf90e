"""Prices of uploads."""

from collections.abc import Callable
from functools import partial
from typing import Any

from msgspec import convert

from benchmarks.actions.counted_files import LARGE_FILE
from benchmarks.actions.inputs import CALLER
from benchmarks.actions.meter import Meter
from benchmarks.actions.price import PER_UPLOAD
from spaces.services.files.begin_upload import begin_upload
from spaces.services.files.multipart_upload import abort_upload, complete_upload, missing_parts
from spaces_protocol.rest_bodies import NamedMultipart, NewUpload


def price_uploads(meter: Meter) -> None:
    """Price announcements of files, whole and in parts."""
    gateway = meter.gateway

    def announce(size: int) -> Any:
        wanted = {"space": "media", "name": "a.wav", "content_type": "audio/wav", "size": size}
        return begin_upload(gateway, convert(wanted, NewUpload), CALLER)

    meter.price("announcement of a file", PER_UPLOAD, lambda: announce(4))
    large = meter.price("announcement of a file in parts", PER_UPLOAD, lambda: announce(LARGE_FILE))
    named = NamedMultipart(space="media", multipart_id="parts")
    steps: tuple[tuple[str, Callable[..., object]], ...] = (
        ("addresses of missing parts", missing_parts),
        ("completion of a file in parts", complete_upload),
        ("abortion of a file in parts", abort_upload),
    )
    for action, step in steps:
        take = partial(step, gateway, large.upload_id, named, CALLER)
        meter.price(action, PER_UPLOAD, take)
