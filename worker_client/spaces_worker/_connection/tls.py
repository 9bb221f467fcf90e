"""Whose certificates count: the system's, or SSL_CERT_FILE's, and an own authority's besides."""

import ssl

from spaces_worker._errors import SettingsError
from spaces_worker._settings import Settings


def tls_context(settings: Settings) -> ssl.SSLContext:
    """Return what links and transfers check certificates with.

    Raises:
        SettingsError: the file of the own authority cannot be used.
    """
    context = ssl.create_default_context()
    if settings.ca_file is not None:
        try:
            context.load_verify_locations(settings.ca_file)
        except OSError as error:  # ssl.SSLError is one
            reason = f"{settings.ca_file} holds no certificates that can be used ({error})."
            raise SettingsError(f"ca_file: {reason}") from error
    return context
