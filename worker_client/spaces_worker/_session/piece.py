"""A piece of an answer that is streamed while it is computed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an answer.

    Attributes:
        text: what a person reads of it.
        delta: JSON of the object that a model's server sent; empty if there is none.
        says_more: whether that object says more than the text.
    """

    text: str
    delta: bytes = b""
    says_more: bool = False
