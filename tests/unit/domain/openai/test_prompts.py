"""Conversations for spaces that take only a prompt."""

from base64 import b64encode

import pytest

from spaces.domain.files.attachment import Attachment
from spaces.domain.openai.bodies import read_call
from spaces.domain.openai.errors import UnusableField
from spaces.domain.openai.prompts import prompt_of_chat, prompt_of_completion

PNG = b64encode(b"\x89PNG").decode()


def chat(*messages):
    return prompt_of_chat(read_call("chat.completions", {"model": "m", "messages": messages}).read)


def message(content, role="user"):
    return {"role": role, "content": content}


def image(url):
    return {"type": "image_url", "image_url": {"url": url}}


def test_single_message_is_the_prompt_as_it_is():
    assert chat(message("User: hi\n")) == ("User: hi\n", [])


def test_instructions_come_first():
    found = chat(message("hi"), message("Be brief.", "system"), message("In French.", "developer"))

    assert found.prompt == "Be brief.\n\nIn French.\n\nhi"


def test_turns_begin_with_their_speaker():
    found = chat(
        message("Be brief.", "system"), message("hi"), message("Hello!", "assistant"), message("?")
    )

    assert found.prompt == "Be brief.\n\nUser: hi\n\nAssistant: Hello!\n\nUser: ?"


def test_parts_are_joined_and_files_are_taken_out():
    sound = {"type": "input_audio", "input_audio": {"data": PNG, "format": "mp3"}}
    letter = {"type": "file", "file": {"filename": "a/b.pdf", "file_data": f"data:;base64,{PNG}"}}
    parts = [{"type": "text", "text": "What"}, image(f"data:image/PNG;base64,{PNG}"), sound, letter]

    found = chat(message([*parts, {"type": "text", "text": "is it?"}]))

    assert found == (
        "What\nis it?",
        [
            Attachment("image-1.png", "image/png", b"\x89PNG"),
            Attachment("audio-2.mp3", "audio/mpeg", b"\x89PNG"),
            Attachment("ab.pdf", "application/octet-stream", b"\x89PNG"),
        ],
    )


@pytest.mark.parametrize(
    ("part", "param"),
    [
        (image("https://example.com/a.png"), "messages[0].content[0].image_url.url"),
        (image("data:image/png;base64,*"), "messages[0].content[0].image_url.url"),
        (image(None), "messages[0].content[0].image_url.url"),
        ({"type": "image_url", "image_url": "x"}, "messages[0].content[0].type"),
        ({"type": "video"}, "messages[0].content[0].type"),
        ({"type": ["text"]}, "messages[0].content[0].type"),
        ({}, "messages[0].content[0].type"),
        ({"type": "text", "text": 5}, "messages[0].content[0].text"),
        (
            {"type": "input_audio", "input_audio": {"format": "../x", "data": PNG}},
            "messages[0].content[0].input_audio.format",
        ),
        (
            {"type": "file", "file": {"file_id": "file-1"}},
            "messages[0].content[0].file.file_id",
        ),
    ],
)
def test_part_that_cannot_be_used_is_named(part, param):
    with pytest.raises(UnusableField) as refused:
        chat(message([part]))

    assert refused.value.param == param
    assert param in refused.value.detail


@pytest.mark.parametrize("role", ["tool", "function", "x" * 1000])
def test_role_that_a_prompt_cannot_express_is_named(role):
    with pytest.raises(UnusableField, match=r"messages\[1\]\.role") as refused:
        chat(message("hi"), message("42", role))

    assert len(refused.value.detail) < 200


def completion(prompt):
    body = {"model": "m", "prompt": prompt}
    return prompt_of_completion(read_call("completions", body).read).prompt


def test_completion_has_one_prompt():
    assert completion("Once") == completion(["Once"]) == "Once"


@pytest.mark.parametrize("prompt", [[], ["a", "b"], [1, 2], [[1]]])
def test_completion_of_several_prompts_or_tokens_is_refused(prompt):
    with pytest.raises(UnusableField) as refused:
        completion(prompt)

    assert refused.value.param == "prompt"
