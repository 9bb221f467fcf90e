"""Checks of a stage's own domains, before anything is deployed."""

import re
from typing import Final

PAGE_CERTIFICATE_REGION: Final = "us-east-1"
"""CloudFront uses certificates of this region only, wherever the stage is.

Source: "Requirements for using SSL/TLS certificates with CloudFront".
"""
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME: Final = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])")
_CERTIFICATE: Final = re.compile(r"arn:aws[a-z-]*:acm:([a-z0-9-]+):\d{12}:certificate/[\w-]+")


def problem_with_name(setting: str, name: str) -> str | None:
    """Return what is wrong with a domain's name, or None."""
    if _NAME.fullmatch(name):
        return None
    return (
        f"{setting} is {name!r}, which is not a host name. Give a name in lower case such as "
        "spaces.example.org, without https://, path, port or *"
    )


def problem_with_certificate(setting: str, arn: str, region: str | None) -> str | None:
    """Return what is wrong with a certificate's ARN, or None.

    Args:
        setting: the name of the setting.
        arn: its value.
        region: the region that the certificate must be in, or None if any will do.
    """
    match = _CERTIFICATE.fullmatch(arn)
    if match is None:
        return (
            f"{setting} is {arn!r}. Give the ARN of a certificate of AWS Certificate Manager: "
            "arn:aws:acm:REGION:ACCOUNT:certificate/ID"
        )
    if region is None or match[1] == region:
        return None
    return (
        f"{setting} names a certificate in {match[1]}, but it must be in {region}. Request or "
        "import one there"
    )
