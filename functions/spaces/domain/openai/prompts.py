"""Turns a conversation into a prompt, for spaces that take no calls."""

from typing import Final, NamedTuple

from spaces.domain.files.attachment import Attachment
from spaces.domain.openai.bodies import ChatBody, CompletionBody, Message
from spaces.domain.openai.content_parts import attachment_of, text_of
from spaces.domain.openai.errors import UnusableField

_INSTRUCTIONS: Final = ("system", "developer")
_SPEAKERS: Final = {"user": "User", "assistant": "Assistant"}


class PromptAndFiles(NamedTuple):
    """What a space without calls gets of a call."""

    prompt: str
    attachments: list[Attachment]


def prompt_of_chat(body: ChatBody) -> PromptAndFiles:
    """Return a conversation as a prompt.

    Instructions come first. A single message is the prompt as it is; of several, each begins with
    its speaker.

    Raises:
        UnusableField: A message has a role or content that a prompt cannot express.
    """
    attachments: list[Attachment] = []
    instructions: list[str] = []
    turns: list[tuple[str, str]] = []
    for index, message in enumerate(body.messages):
        text = _text(message, f"messages[{index}]", attachments)
        if message.role in _INSTRUCTIONS:
            instructions.append(text)
        elif message.role in _SPEAKERS:
            turns.append((_SPEAKERS[message.role], text))
        else:
            raise _unusable_role(message.role, f"messages[{index}].role")
    parts = [*instructions, *_spoken(turns)]
    return PromptAndFiles("\n\n".join(part for part in parts if part), attachments)


def prompt_of_completion(body: CompletionBody) -> PromptAndFiles:
    """Return the one prompt of a completion.

    Raises:
        UnusableField: There are several, or they are tokens.
    """
    prompt = body.prompt
    if isinstance(prompt, list) and len(prompt) == 1:
        prompt = prompt[0]
    if not isinstance(prompt, str):
        raise UnusableField(
            "prompt must be one text: this space takes neither several prompts nor tokens.",
            param="prompt",
        )
    return PromptAndFiles(prompt, [])


def _text(message: Message, place: str, attachments: list[Attachment]) -> str:
    """Return the text of a message, and collect its files."""
    if not isinstance(message.content, list):
        return message.content or ""
    texts = []
    for index, part in enumerate(message.content):
        param = f"{place}.content[{index}]"
        text = text_of(part, param)
        if text is None:
            attachments.append(attachment_of(part, param, len(attachments) + 1))
        else:
            texts.append(text)
    return "\n".join(texts)


def _spoken(turns: list[tuple[str, str]]) -> list[str]:
    if len(turns) == 1:
        return [turns[0][1]]
    return [f"{speaker}: {text}" for speaker, text in turns]


def _unusable_role(role: str, param: str) -> UnusableField:
    return UnusableField(
        f"{param} is {role[:40]!r}; this space takes the roles system, developer, user and "
        "assistant.",
        param=param,
    )
