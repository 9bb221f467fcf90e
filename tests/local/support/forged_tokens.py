"""Access tokens that nobody was given: wrong in one thing each, right in all others."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.local.support.sign_in import claims_of
from tests.local_cloud import DeployedCloud

Claims = dict[str, Any]


@dataclass(frozen=True)
class Forger:
    """Has a user's own token, and the pool's own key, which no attacker has.

    With that key a token can be wrong in its claims alone.

    Attributes:
        token: an access token of a user who is no administrator.
        pool_key: signs as the pool does.
    """

    token: str
    pool_key: rsa.RSAPrivateKey

    @classmethod
    def of(cls, cloud: DeployedCloud, token: str) -> "Forger":
        pool_id = claims_of(token)["iss"].rpartition("/")[2]
        folder = cloud.cloud.folder / "emulator" / "state" / "cognito-pool-keys"
        pem = (folder / f"{pool_id}-access.pem").read_bytes()
        key = serialization.load_pem_private_key(pem, None)
        assert isinstance(key, rsa.RSAPrivateKey)
        return cls(token, key)

    @property
    def header(self) -> dict[str, Any]:
        header: dict[str, Any] = json.loads(_decoded(self.token.split(".")[0]))
        return header

    def claims(self, **changes: Any) -> Claims:
        """Return the claims of an administrator, changed."""
        now = int(time.time())
        fresh = {"iat": now - 5, "exp": now + 600, "cognito:groups": ["admins"]}
        return {**claims_of(self.token), **fresh, **changes}

    def signed(self, claims: Claims, key: rsa.RSAPrivateKey | None = None) -> str:
        text = _signed_part(self.header, claims)
        signature = (key or self.pool_key).sign(text, padding.PKCS1v15(), hashes.SHA256())
        return f"{text.decode()}.{_encoded(signature)}"

    def unsigned(self, algorithm: str) -> str:
        text = _signed_part({**self.header, "alg": algorithm}, self.claims())
        return f"{text.decode()}."

    def signed_with_the_public_key(self) -> str:
        """Take the public key, which everybody knows, for a shared secret."""
        public = self.pool_key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        text = _signed_part({**self.header, "alg": "HS256"}, self.claims())
        mac = hmac.HMAC(public, hashes.SHA256())
        mac.update(text)
        return f"{text.decode()}.{_encoded(mac.finalize())}"

    def tampered(self) -> str:
        """Return the user's own token with the group added."""
        header, _, signature = self.token.split(".")
        claims = {**claims_of(self.token), "cognito:groups": ["admins"]}
        return f"{header}.{_encoded(json.dumps(claims).encode())}.{signature}"


def _signed_part(header: dict[str, Any], claims: Claims) -> bytes:
    parts = (json.dumps(each).encode() for each in (header, claims))
    return ".".join(_encoded(part) for part in parts).encode()


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _stranger() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


OTHER_POOL = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_elsewhere"

FORGERIES: Mapping[str, Callable[[Forger], str]] = MappingProxyType(
    {
        "signed by somebody else": lambda f: f.signed(f.claims(), _stranger()),
        "another issuer, signed by it": lambda f: f.signed(f.claims(iss=OTHER_POOL), _stranger()),
        "another issuer, signed by the pool": lambda f: f.signed(f.claims(iss=OTHER_POOL)),
        "expired a minute ago": lambda f: f.signed(f.claims(exp=int(time.time()) - 60)),
        "good from tomorrow on": lambda f: f.signed(f.claims(nbf=int(time.time()) + 86_400)),
        "issued tomorrow": lambda f: f.signed(f.claims(iat=int(time.time()) + 86_400)),
        "for another app": lambda f: f.signed(f.claims(client_id="another-app")),
        "for another audience": lambda f: f.signed(f.claims(aud="another-app")),
        "without the scope": lambda f: f.signed(f.claims(scope="profile")),
        "without any scope": lambda f: f.signed({**f.claims(), "scope": ""}),
        "alg none": lambda f: f.unsigned("none"),
        "alg None, in capitals": lambda f: f.unsigned("NONE"),
        "HS256 with the public key": Forger.signed_with_the_public_key,
        "a user's own, with the group added": Forger.tampered,
        "signature cut off": lambda f: f.token.rpartition(".")[0] + ".",
        "two parts only": lambda f: f.token.rpartition(".")[0],
        "three dots": lambda _: "...",
        "16 KB of nothing": lambda _: "a" * 16_000,
        "a blank word": lambda _: ".",
    }
)
"""What each is, for the document; none may administer."""

ALMOST_ADMINISTRATORS: Mapping[str, Any] = MappingProxyType(
    {
        "no group": [],
        "group admins2": ["admins2"],
        "group Admins": ["Admins"],
        "group users": ["users"],
        "groups admin and administrators": ["admin", "administrators"],
        "group not-admins": ["not-admins"],
        "group admins/": ["admins/"],
        "group admins, one letter Cyrillic": ["admin\N{CYRILLIC SMALL LETTER DZE}"],
    }
)
"""Groups of people whose token is as good as can be."""
