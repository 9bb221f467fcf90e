"""What the page must be told of the stack that it belongs to: ``config.json`` beside it."""

from dataclasses import dataclass
from typing import Any

from infra.components.sign_in import SCOPES


@dataclass(frozen=True, kw_only=True)
class PageConfig:
    """Addresses and names, none of them a secret.

    Attributes:
        issuer: what tokens say where they come from.
        client_id: the page's name at Cognito.
        sign_in: where Cognito's pages are, without a slash at the end.
        socket_url: what a worker dials.
        api_url: where programs find the REST API, without ``/v1``.
        files_origin: where presigned addresses of files point.
    """

    issuer: str
    client_id: str
    sign_in: str
    socket_url: str
    api_url: str
    files_origin: str

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
        }
