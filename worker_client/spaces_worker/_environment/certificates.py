"""Trusted certificate authorities: the system's or SSL_CERT_FILE's, and an additional one."""

import os
import ssl
from pathlib import Path

from spaces_worker._errors import SettingsError


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Return the TLS settings for connections and transfers.

    Args:
        ca_file: certificates of an additional authority.

    Raises:
        SettingsError: a file of certificates cannot be used.
    """
    check_certificate_variables()
    context = ssl.create_default_context()
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:  # includes ssl.SSLError
            reason = f"{ca_file} contains no usable certificates ({error})."
            raise SettingsError(f"ca_file: {reason}") from error
    return context


def check_certificate_variables() -> None:
    """Check SSL_CERT_FILE and SSL_CERT_DIR, which OpenSSL ignores if there is no such file.

    Raises:
        SettingsError: one of them names something that does not exist.
    """
    for variable, kind, exists in (
        ("SSL_CERT_FILE", "file", os.path.isfile),
        ("SSL_CERT_DIR", "folder", _any_folder),
    ):
        path = os.environ.get(variable)
        if path and not exists(path):
            raise SettingsError(
                f"{variable}: the {kind} {path!r} does not exist, so no certificate would be "
                f"trusted. Correct or unset {variable}."
            )


def authorities(ca_file: Path | None) -> str:
    """Return whose certificates are trusted, in words."""
    system = os.environ.get("SSL_CERT_FILE") or "the system"
    return system if ca_file is None else f"{system} and {ca_file}"


def _any_folder(paths: str) -> bool:
    return any(Path(path).is_dir() for path in paths.split(os.pathsep))
