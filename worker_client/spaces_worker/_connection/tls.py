"""Trusted certificate authorities: the system's or SSL_CERT_FILE's, and an additional one."""

import ssl

from spaces_worker._errors import SettingsError
from spaces_worker._settings import Settings


def tls_context(settings: Settings) -> ssl.SSLContext:
    """Return the TLS settings for connections and transfers.

    Raises:
        SettingsError: the file of the additional authority cannot be used.
    """
    context = ssl.create_default_context()
    if settings.ca_file is not None:
        try:
            context.load_verify_locations(settings.ca_file)
        except OSError as error:  # includes ssl.SSLError
            reason = f"{settings.ca_file} contains no usable certificates ({error})."
            raise SettingsError(f"ca_file: {reason}") from error
    return context
