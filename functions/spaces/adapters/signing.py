"""Presigned forms and addresses of one bucket, signed here, without a client and without a call.

A client for S3 costs a cold start what importing all else costs; botocore's signers are there
already. A signature ends with the role's credentials, which Lambda replaces in time: see
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
"""Longest life of a presigned address ("Sharing objects with presigned URLs")."""


class Signature(NamedTuple):
    """As whom one signs, and for which region."""

    credentials: "ReadOnlyCredentials"
    region: str


class Signer:
    """Signs for the objects of a bucket.

    Args:
        signature: returns the credentials of now.
        bucket: its name.
        url: its address, without a slash at the end.
    """

    def __init__(self, signature: Callable[[], Signature], bucket: str, url: str) -> None:
        self._signature = signature
        self._bucket = bucket
        self._url = url

    @property
    def form_url(self) -> str:
        """Where forms are posted."""
        return f"{self._url}/"

    def form(self, fields: Mapping[str, str], conditions: list[Any], until: int) -> dict[str, str]:
        """Return the fields of a signed form: those given and what the signature adds.

        Args:
            fields: that are sent as they are; each is a condition, too.
            conditions: others.
            until: milliseconds since 1970.
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

    def address(
        self, key: str, query: Mapping[str, str], seconds: int, *, put_bytes: int | None = None
    ) -> str:
        """Return an address that reads one object, or takes what is put there.

        Args:
            key: of the object.
            query: parameters that are signed too, such as S3's ``response-…``.
            seconds: how long it works.
            put_bytes: how many bytes it takes, no more and no fewer; None: it reads.
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
