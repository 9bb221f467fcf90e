import pytest

from spaces.domain.access.caller import Anonymous, Key, User
from spaces.domain.access.quota import CallerLimits
from spaces.domain.space import Definition
from spaces.domain.visibility import may_use

CALLERS = {
    "stranger": Anonymous("a"),
    "user": User("s1", "ulla"),
    "member": User("s2", "mona"),
    "administrator": User("s3", "ada", frozenset({"admins"})),
    "key": Key("k1", "", frozenset({"lab"}), CallerLimits()),
    "key of another space": Key("k2", "", frozenset({"other"}), CallerLimits()),
}
ALLOWED = {
    "public": {"stranger", "user", "member", "administrator", "key"},
    "members": {"user", "member", "administrator", "key"},
    "private": {"member", "administrator", "key"},
}


@pytest.mark.parametrize("visibility", ALLOWED)
@pytest.mark.parametrize("caller", CALLERS)
def test_who_may_use_a_space(visibility, caller):
    space = Definition(
        space_id="lab", title="Lab", created_at=0, visibility=visibility, members=("mona",)
    )

    assert may_use(space, CALLERS[caller]) is (caller in ALLOWED[visibility])


def test_an_unknown_visibility_lets_nobody_in_but_who_is_named():
    space = Definition(space_id="lab", title="Lab", created_at=0, visibility="secret")

    assert not may_use(space, CALLERS["stranger"])
    assert not may_use(space, CALLERS["user"])
