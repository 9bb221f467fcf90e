"""The page's ``config.json``: what it needs to know about its stack."""

from dataclasses import dataclass
from typing import Any

from infra.components.sign_in import SCOPES


@dataclass(frozen=True, kw_only=True)
class PageConfig:
    """Addresses and names. None is a secret.

    Attributes:
        issuer: the issuer of the tokens.
        client_id: the id of the page's Cognito app client.
        sign_in: the base URL of Cognito's pages, without a trailing slash.
        socket_url: the WebSocket URL for workers.
        api_url: the base URL of the REST API for programs, without ``/v1``.
        files_origin: the origin of presigned file URLs.
        stream_origin: the origin of streams; None for the page's own.
    """

    issuer: str
    client_id: str
    sign_in: str
    socket_url: str
    api_url: str
    files_origin: str
    stream_origin: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the contents of the file."""
        oauth = f"{self.sign_in}/oauth2"
        return {
            "auth": {
                "authority": self.issuer,
                "client_id": self.client_id,
                "endpoints": {
                    "authorization": f"{oauth}/authorize",
                    "token": f"{oauth}/token",
                    "logout": f"{self.sign_in}/logout",
                    "revocation": f"{oauth}/revoke",
                    "userinfo": f"{oauth}/userInfo",
                },
                "scope": SCOPES,
            },
            "socket_url": self.socket_url,
            "api_url": self.api_url,
            "files_origin": self.files_origin,
            "stream_origin": self.stream_origin,
        }
