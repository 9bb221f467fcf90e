"""What a flow asks its client to do, and what it hears back.

A flow is a generator. It yields an effect, and is sent what came of it:

======== ==========================================
Call     `Answer`, or `Lost` if there was none
Together a list of these, in the order of the calls
Open     the same; the body of a 200 or 206 is then read with `Read`
Read     bytes, ``b""`` at the end, or `Lost`
Pause    None, after that many seconds
Emit     None: the item is for whoever iterates over the flow
======== ==========================================
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from spaces_client._core.file_content import Form, Section

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One HTTP call.

    Attributes:
        method: such as ``GET``.
        url: the whole address.
        headers: all but those of the connection.
        content: the body.
        timeout: how long to wait for each step of it, in seconds.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | Form | Section | None = None
    timeout: float


@dataclass(frozen=True, slots=True)
class Together:
    """Calls of which several may be made at a time.

    Attributes:
        at_once: how many, at most.
    """

    calls: Sequence[Call]
    at_once: int


@dataclass(frozen=True, slots=True)
class Open:
    """A call whose answer is read piece by piece; it ends the one that was open before."""

    call: Call


@dataclass(frozen=True, slots=True)
class Read:
    """The next bytes of what was opened."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait for some seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Emit(Generic[T]):
    """Give an item to whoever iterates over the flow."""

    item: T


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer; the names of its headers are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer came.

    Attributes:
        reason: for a person.
        connected: whether there was a connection.
        resolved: whether the name of the host was found.
    """

    reason: str
    connected: bool = True
    resolved: bool = True


Effect = Call | Together | Open | Read | Pause
Flow = Generator[Effect, Any, T]
"""Ends with a value."""
Stream = Generator[Effect | Emit[T], Any, None]
"""Emits items."""
