"""Whether the certificates of a stage's own host names are there, valid and for these names.

Source: "DescribeCertificate" in the API reference of AWS Certificate Manager.
"""

from collections.abc import Iterator
from typing import Any

from infra.domains import PAGE_CERTIFICATE_REGION
from infra.preflight.account import Account
from infra.preflight.lines import Line, blocks, ok
from infra.settings import InvalidSettings, Settings


def check_domains(account: Account, settings: Settings) -> Iterator[Line]:
    """Yield the state of each certificate; nothing for a stage without a domain of its own."""
    try:
        settings.check_region(account.region)
    except InvalidSettings as error:
        yield blocks("domains", str(error), "Correct cdk.json.")
        return
    for name, arn, region in (
        (settings.domain_name, settings.certificate_arn, PAGE_CERTIFICATE_REGION),
        (settings.socket_domain_name, settings.socket_certificate_arn, account.region),
    ):
        if name and arn:
            yield _certificate(account, name, arn, region)


def _certificate(account: Account, name: str, arn: str, region: str) -> Line:
    acm = account.connect("acm", region)
    try:
        found: Any = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    except acm.exceptions.ResourceNotFoundException:
        remedy = f"Request one for {name} in {region}, or correct its ARN in cdk.json."
        return blocks("domains", f"{name}: this account has no certificate {arn}", remedy)
    names = [str(each) for each in found.get("SubjectAlternativeNames", [])]
    if found["Status"] != "ISSUED":
        remedy = "Add the DNS record that Certificate Manager shows for it, and wait."
        return blocks("domains", f"{name}: its certificate is {found['Status']}", remedy)
    if not any(covers(each, name) for each in names):
        text = f"{name}: its certificate is for {', '.join(names) or 'no name'}"
        return blocks("domains", text, f"Request a certificate for {name} in {region}.")
    return ok("domains", f"{name} has a valid certificate")


def covers(certified: str, name: str) -> bool:
    """Return whether a name of a certificate, possibly with a wildcard, covers a host name."""
    if certified.startswith("*."):
        return name.partition(".")[2] == certified[2:]
    return certified == name
