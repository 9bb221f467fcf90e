"""What only AWS could measure. Everything else is counted."""

from types import MappingProxyType
from typing import Final

from infra.access import MEMORY, USUAL_MEMORY

RUN_SECONDS: Final = MappingProxyType(
    {
        "submit": 0.06,
        "poll": 0.02,
        "progress": 0.03,
        "result": 0.06,
        "register": 0.06,
        "handshake": 0.02,
        "disconnect": 0.03,
        "sweep": 0.05,
        "upload": 0.03,
    }
)
"""How long a warm function runs for one step. Guesses: nobody has run the gateway on AWS. Were
all of them twice as long, a million polled requests would cost 1.80 USD more."""
STREAM_GB: Final = MEMORY["stream"] / 1024
WHOLE_GB: Final = USUAL_MEMORY / 1024
RUN_LOG_BYTES: Final = 480
"""START, END and REPORT of one run, each with the 26 bytes that CloudWatch adds to a line."""
LINE_LOG_BYTES: Final = 450
"""A line of our own, with the fields that the logger adds."""
RESPONSE_BYTES: Final = 1_200
"""A response of the API with its headers: less for a poll, more for an answer of 1 KB."""
GIGABYTE: Final = 1024**3
MONTH_MINUTES: Final = 30 * 24 * 60
"""A month of 30 days."""
PIECES_PER_SECOND: Final = 2
"""A worker sends streamed text at most twice a second."""
