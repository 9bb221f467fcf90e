"""What the command says when its caller stops waiting."""

import pytest

from spaces_client import SpacesError, WaitTimedOut
from spaces_client._commands.follow import interruptible
from tests.unit.caller.flows import ID


class Unanswered:
    id = ID

    def events(self, **_):
        raise WaitTimedOut(ID)


def test_a_gateway_that_no_longer_answers_leaves_the_commands_to_go_on():
    with pytest.raises(WaitTimedOut) as caught, interruptible(Unanswered(), cancel=False):
        raise WaitTimedOut(ID)

    assert caught.value.__notes__ == [
        f"Its result: spaces result {ID}\nTo cancel it: spaces cancel {ID}"
    ]


class Uncancellable:
    def cancel(self):
        raise SpacesError("No.\x9b2J\x1b[31m")


def test_the_reason_why_nothing_is_cancelled_cannot_control_the_terminal(capsys):
    with pytest.raises(KeyboardInterrupt), interruptible(Uncancellable(), cancel=True):
        raise KeyboardInterrupt

    assert capsys.readouterr().err == "\nIt could not be cancelled: No.\\x9b2J\\x1b[31m\n"
