import pytest

from spaces.domain.access.caller import Anonymous, User
from spaces.domain.errors import Unauthorized
from spaces.handlers.rest.caller import caller_of, user_of
from tests.functional.handlers.http_events import http_event

EDGE = "0123456789abcdefghijklmnopqrstuvwxyz" * 2
SENTENCE = (
    "ClientSecret attribute not supported at this time, please use the CLI or Console to retrieve "
    "this value"
)
"""What CloudFormation returned (awsdocs/aws-cloudformation-user-guide#148)."""


@pytest.fixture
def edge(environment, monkeypatch):
    monkeypatch.setenv("EDGE_KEY", EDGE)


def address(source="192.0.2.1", **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    caller = caller_of(http_event("GET", "/v1/spaces", headers=names, source=source))
    assert isinstance(caller, Anonymous)
    return caller.address


@pytest.mark.parametrize(
    ("claim", "groups"),
    [
        (None, set()),
        ("[admins]", {"admins"}),
        ("[admins users]", {"admins", "users"}),
        ("[admins, users]", {"admins,", "users"}),
        (["admins", "users"], {"admins", "users"}),
        ("[not-admins]", {"not-admins"}),
        ("[team,admins]", {"team,admins"}),
        ("[admins,team users]", {"admins,team", "users"}),
        ("[[admins]]", {"[admins]"}),
        ("[a]admins]", {"a]admins"}),
        ("[admins\u00a0users]", {"admins\u00a0users"}),
        ("[admins\tusers]", {"admins\tusers"}),
        ("[  admins  ]", {"admins"}),
        ("[]", set()),
        ("[", set()),
        ("admins", set()),
        ("[admins", set()),
        ("admins]", set()),
        ('["admins"]', {'"admins"'}),
        ("", set()),
    ],
)
def test_groups_are_read_however_api_gateway_writes_them(claim, groups):
    claims = {"sub": "s", "username": "u", "cognito:groups": claim}

    user = user_of(http_event("GET", "/v1/me", claims=claims))

    assert user == User("s", "u", frozenset(groups))
    assert user.is_administrator is ("admins" in groups)


def test_addresses_are_told_apart_and_never_kept(edge):
    assert address("192.0.2.1") == address("192.0.2.1") != address("192.0.2.2")
    assert "192" not in address("192.0.2.1")


def test_the_hash_of_an_address_depends_on_a_key(edge, monkeypatch):
    before = address()
    monkeypatch.setenv("EDGE_KEY", "another0" * 8)

    assert address() != before


@pytest.mark.parametrize(
    ("one", "another", "same"),
    [
        ("2001:db8:1:200::1", "2001:db8:1:200:ffff::9", True),  # of one /64
        ("2001:db8:1:200::1", "2001:db8:1:2ff::1", True),  # the ends of one /56
        ("2001:db8:1:200::1", "2001:db8:1:300::1", False),  # two /56 of one /48
        ("2001:db8:1:200::1", "2001:db8:2:200::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),  # IPv4, written as IPv6
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
    ],
)
def test_of_ipv6_the_site_counts(edge, one, another, same):
    assert (address(one) == address(another)) is same


def test_what_our_distribution_says_of_the_viewer_counts(edge):
    told = {"x_spaces_edge": EDGE}

    assert address("130.176.0.1", cloudfront_viewer_address="192.0.2.7:443", **told) == address(
        "192.0.2.7"
    )
    assert address(
        "130.176.0.1", cloudfront_viewer_address="2001:db8:1:2:3:4:5:6:443", **told
    ) == address("2001:db8:1:2::")


@pytest.mark.parametrize("proof", [{}, {"x_spaces_edge": "guess"}, {"x_spaces_edge": ""}])
def test_anybody_else_s_word_for_the_viewer_does_not(edge, proof):
    said = address("192.0.2.1", cloudfront_viewer_address="192.0.2.7:443", **proof)

    assert said == address("192.0.2.1")


@pytest.mark.parametrize(
    "known", [SENTENCE, SENTENCE.lower().replace(" ", ""), "a" * 39, f"{'a' * 51}\n", "é" * 51]
)
def test_key_that_anyone_may_know_proves_nothing(environment, monkeypatch, known):
    monkeypatch.setenv("EDGE_KEY", known)

    said = address(
        "192.0.2.1", cloudfront_viewer_address="192.0.2.7:443", x_spaces_edge=known.strip()
    )

    assert said == address("192.0.2.1")
    assert said != address("192.0.2.7")


@pytest.mark.parametrize("secret", [EDGE[:40], EDGE[:51], EDGE[:64], f"{EDGE[:60]}+/_A"])
def test_secret_of_an_app_client_is_a_key(environment, monkeypatch, secret):
    monkeypatch.setenv("EDGE_KEY", secret)

    said = address("192.0.2.1", cloudfront_viewer_address="192.0.2.7:443", x_spaces_edge=secret)

    assert said == address("192.0.2.7") != address("192.0.2.1")


def test_without_a_key_nobody_is_our_distribution(environment, monkeypatch):
    monkeypatch.delenv("EDGE_KEY", raising=False)

    said = address("192.0.2.1", cloudfront_viewer_address="192.0.2.7:443", x_spaces_edge="")

    assert said == address("192.0.2.1")


@pytest.mark.parametrize(
    "value", ["Basic dTpw", "Bearer", "Bearer x", "Bearer eyJhbGciOiJub25lIn0.e30."]
)
def test_a_credential_that_is_good_for_nothing_is_refused(environment, value):
    with pytest.raises(Unauthorized):
        caller_of(http_event("GET", "/v1/spaces", headers={"authorization": value}))
