"""A stage with every optional setting."""

from types import MappingProxyType
from typing import Any, Final

PAGE: Final = "spaces.example.org"
SOCKET: Final = "workers.example.org"
CERTIFICATE: Final = "arn:aws:acm:us-east-1:111122223333:certificate/0d6f1c8e-page"
SOCKET_CERTIFICATE: Final = "arn:aws:acm:eu-central-1:111122223333:certificate/0d6f1c8e-socket"
DOMAINS: Final = MappingProxyType(
    {
        "domain_name": PAGE,
        "certificate_arn": CERTIFICATE,
        "socket_domain_name": SOCKET,
        "socket_certificate_arn": SOCKET_CERTIFICATE,
    }
)
LONGEST_NAME: Final = "x" * 16
EVERY_SETTING: Final[MappingProxyType[str, Any]] = MappingProxyType(
    {**DOMAINS, "reserved_concurrency": 20, "streams_at_once": 50, "alarm_email": "ops@example.org"}
)
