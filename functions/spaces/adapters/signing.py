"""Presigned forms and URLs for one bucket, signed locally without an S3 client.

An S3 client would double the import time of a cold start; botocore's signers are already loaded.
A signature expires with the role's credentials, which Lambda renews in time: see
docs/operations.md.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import quote

from botocore.auth import S3SigV4PostAuth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials

_LONGEST_SECONDS: Final = 7 * 24 * 3600
"""Longest lifetime of a presigned URL ("Sharing objects with presigned URLs")."""


class Signature(NamedTuple):
    """The credentials and region to sign with."""

    credentials: "ReadOnlyCredentials"
    region: str


class Signer:
    """Signs for the objects of one bucket.

    Args:
        signature: Returns the current credentials.
        bucket: The name of the bucket.
        url: The URL of the bucket without a trailing slash.
    """

    def __init__(self, signature: Callable[[], Signature], bucket: str, url: str) -> None:
        self._signature = signature
        self._bucket = bucket
        self._url = url

    @property
    def form_url(self) -> str:
        """The URL to which forms are posted."""
        return f"{self._url}/"

    def form(self, fields: Mapping[str, str], conditions: list[Any], until: int) -> dict[str, str]:
        """Return the fields of a signed form: the given ones and those of the signature.

        Args:
            fields: Fields to send as they are; each is also a condition.
            conditions: Further conditions.
            until: When the form expires, in milliseconds since 1970.
        """
        policy = {
            "expiration": f"{datetime.fromtimestamp(until // 1000, UTC):%Y-%m-%dT%H:%M:%SZ}",
            "conditions": [
                {"bucket": self._bucket},
                *({name: value} for name, value in fields.items()),
                *conditions,
            ],
        }
        signed = dict(fields)
        request = AWSRequest(method="POST", url=self.form_url)
        request.context["s3-presign-post-fields"] = signed
        request.context["s3-presign-post-policy"] = policy
        credentials, region = self._signature()
        S3SigV4PostAuth(credentials, "s3", region).add_auth(request)
        return signed

    def presigned_url(
        self, key: str, query: Mapping[str, str], seconds: int, *, put_bytes: int | None = None
    ) -> str:
        """Return a URL that reads one object or accepts a PUT.

        Args:
            key: The key of the object.
            query: Parameters to sign as well, such as S3's ``response-…``.
            seconds: Lifetime of the URL.
            put_bytes: Exactly how many bytes a PUT must have; None for a URL that reads.
        """
        path = quote(key, safe="/~")
        request = AWSRequest(
            method="GET" if put_bytes is None else "PUT",
            url=f"{self._url}/{path}",
            params=dict(query),
            # Signed, so that S3 refuses any other length.
            headers={} if put_bytes is None else {"Content-Length": str(put_bytes)},
        )
        credentials, region = self._signature()
        expires = max(1, min(seconds, _LONGEST_SECONDS))
        S3SigV4QueryAuth(credentials, "s3", region, expires=expires).add_auth(request)
        return str(request.url)
