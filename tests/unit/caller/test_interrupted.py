"""What the command says when Ctrl-C is pressed."""

import pytest

from spaces_client import SpacesError
from spaces_client._commands.follow import interruptible


class Uncancellable:
    def cancel(self):
        raise SpacesError("No.\x9b2J\x1b[31m")


def test_the_reason_why_nothing_is_cancelled_cannot_control_the_terminal(capsys):
    with pytest.raises(KeyboardInterrupt), interruptible(Uncancellable(), cancel=True):
        raise KeyboardInterrupt

    assert capsys.readouterr().err == "\nIt could not be cancelled: No.\\x9b2J\\x1b[31m\n"
