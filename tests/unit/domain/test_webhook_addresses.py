"""Which addresses a webhook may be sent to. At least forty ways inside are tried."""

import pytest

from spaces.domain.access.caller import Anonymous, Key, User
from spaces.domain.access.quota import CallerLimits
from spaces.domain.errors import InvalidInput, NotAllowed
from spaces.domain.webhooks.address import check_webhook, may_be_dialled
from spaces_protocol.webhooks import Webhook
from tests.inner_addresses import INSIDE

KEY = Key("key-1", "nightly", frozenset({"echo"}), CallerLimits())

PUBLIC = ("8.8.8.8", "93.184.215.14", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e")
REFUSED_URLS = (
    "",
    "example.com",
    "http://example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "https://",
    "https:///in",
    "https://localhost/",
    "https://gateway/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.0x1/",
    "https://0177.0.0.1/",
    "https://8.8.8.8/",
    "https://[::1]/",
    "https://[::ffff:169.254.169.254]/",
    "https://[fe80::1%25eth0]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://example.com:444/",
    "https://example.com:80/",
    "https://example.com:0/",
    "https://example.com:99999/",
    "https://user@example.com/",
    "https://user:secret@example.com/",
    "https://example.com@127.0.0.1/",
    "https://exämple.com/",
    "https://example.com/\n",
    "https://example.com/a b",
    "https://example.com/\r\nHost: other",
    "https://example.com/" + "a" * 2_000,
)


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_may_be_dialled(address: str) -> None:
    assert not may_be_dialled(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_dialled(address: str) -> None:
    assert may_be_dialled(address)


@pytest.mark.parametrize("url", REFUSED_URLS)
def test_unusable_urls_are_refused_by_name_of_the_field(url: str) -> None:
    with pytest.raises(InvalidInput, match=r"webhook\.url"):
        check_webhook(Webhook(url=url), KEY)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/in",
        "https://example.com",
        "https://hooks.example.com:443/a/b?c=d",
        "https://xn--exmple-cua.com/",
    ],
)
def test_public_https_urls_are_accepted(url: str) -> None:
    check_webhook(Webhook(url=url), KEY)


def test_receivers_on_this_machine_are_for_the_local_cloud_only() -> None:
    webhook = Webhook(url="http://127.0.0.1:8080/in")

    check_webhook(webhook, KEY, loopback=True)

    with pytest.raises(InvalidInput):
        check_webhook(webhook, KEY)
    with pytest.raises(InvalidInput):
        check_webhook(Webhook(url="http://10.0.0.1:8080/in"), KEY, loopback=True)


@pytest.mark.parametrize("caller", [Anonymous("somewhere"), User("sub", "ada")])
def test_only_an_api_key_gets_webhooks(caller: Anonymous | User) -> None:
    with pytest.raises(NotAllowed, match="API key"):
        check_webhook(Webhook(url="https://example.com/in"), caller)


def test_no_events_at_all_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"webhook\.events"):
        check_webhook(Webhook(url="https://example.com/in", events=()), KEY)
