"""Files of a worker's examples: asked for once, kept where nothing expires, removed with them."""

import hashlib
from urllib.parse import parse_qsl, urlsplit

import pytest
from msgspec.structs import replace

from spaces.domain.access.caller import Anonymous
from spaces.domain.files.keys import example_key, example_upload_prefix
from spaces.services.administration.delete_space import delete_space
from spaces.services.spaces.view_space import list_spaces, view_space
from spaces.services.workers.register_worker import register_worker
from spaces_protocol.gateway_messages import ExampleUploads, Notice, Registered
from spaces_protocol.limits import MAX_EXAMPLE_FILE_BYTES
from spaces_protocol.worker_messages import Register

CAT, DOG = b"\x89PNG a cat", b"\x89PNG a dog"


@pytest.fixture
def world(world):
    world.create_space("see", features=("prompt", "image"), max_files=2)
    return world


def hash_of(content):
    return hashlib.sha256(content).hexdigest()


def file(content, name="cat.png", **fields):
    usual = {"name": name, "content_type": "image/png", "size": len(content)}
    return {**usual, "sha256": hash_of(content), **fields}


def register(world, *examples, worker=None):
    worker = worker or world.connect("w1", "see")
    declared = {"see": list(examples)}
    register_worker(world.gateway, worker, Register(spaces=["see"], session="s", examples=declared))
    return worker


def upload(world, *contents, token_id="t1", key=hash_of):
    for content in contents:
        world.gateway.files.put(example_upload_prefix("see", token_id) + key(content), content)


def asked(world, worker):
    return [hash_ for each in world.messages(worker, ExampleUploads) for hash_ in each.missing]


def shown(world):
    return [
        [(each.name, each.content_type, each.size, each.inline) for each in example.files]
        for example in view_space(world.gateway, "see").examples
    ]


def is_kept(world, content):
    return world.gateway.files.describe(example_key("see", hash_of(content))) is not None


def test_a_file_is_asked_for_and_shown_once_it_has_arrived(world):
    example = {"prompt": "What is it?", "files": [file(CAT)]}

    worker = register(world, example, {"prompt": "No file"})

    (wanted,) = world.messages(worker, ExampleUploads)
    assert (wanted.space, wanted.missing) == ("see", [hash_of(CAT)])
    assert wanted.upload.key_prefix == example_upload_prefix("see", "t1")
    assert wanted.upload.max_bytes == MAX_EXAMPLE_FILE_BYTES
    assert shown(world) == [[]]

    upload(world, CAT)
    register(world, example, {"prompt": "No file"}, worker=worker)

    assert len(world.messages(worker, ExampleUploads)) == 1
    assert shown(world) == [[("cat.png", "image/png", len(CAT), True)], []]
    assert is_kept(world, CAT)
    assert world.gateway.files.describe(example_upload_prefix("see", "t1") + hash_of(CAT)) is None


def test_a_worker_that_returns_uploads_nothing(world):
    upload(world, CAT)
    register(world, {"files": [file(CAT)]})

    again = register(world, {"files": [file(CAT)]}, {"files": [file(CAT, "again.png")]})

    assert asked(world, again) == []
    assert len(shown(world)) == 2


def test_a_file_that_another_worker_removed_at_that_moment_is_asked_for_again(world):
    """Both read what was declared, then the other removes what this one goes on to declare."""
    upload(world, CAT, DOG)
    cat, dog = {"files": [file(CAT)]}, {"files": [file(DOG)]}
    worker = register(world, cat, dog)
    world.gateway.files.remove([example_key("see", hash_of(CAT))])

    register(world, cat, dog, worker=worker)

    assert asked(world, worker) == [hash_of(CAT)]
    assert shown(world) == [[("cat.png", "image/png", len(DOG), True)]]
    upload(world, CAT)
    register(world, cat, dog, worker=worker)
    assert len(shown(world)) == 2


def test_the_reply_and_requests_come_before_what_is_asked_for(world):
    worker = register(world, {"files": [file(CAT)]})

    kinds = [type(each) for each in world.messages(worker)]
    assert kinds.index(Registered) < kinds.index(ExampleUploads)


def test_a_file_of_another_size_or_of_another_token_is_not_taken(world):
    upload(world, CAT, token_id="t2")
    upload(world, DOG + b"!", key=lambda _: hash_of(DOG))

    worker = register(world, {"files": [file(CAT)]}, {"files": [file(DOG)]})

    assert asked(world, worker) == sorted([hash_of(CAT), hash_of(DOG)])
    assert shown(world) == []


def test_files_that_are_no_longer_declared_are_removed_and_others_stay(world):
    upload(world, CAT, DOG)
    register(world, {"files": [file(CAT)]}, {"files": [file(DOG)]})

    register(world, {"files": [file(DOG)]})

    assert not is_kept(world, CAT)
    assert is_kept(world, DOG)


def test_wrong_examples_keep_the_files_of_those_that_stay(world):
    upload(world, CAT)
    register(world, {"files": [file(CAT)]})

    register(world, {"prompt": 5})

    assert is_kept(world, CAT)
    assert shown(world) == [[("cat.png", "image/png", len(CAT), True)]]


def test_a_file_that_a_browser_must_not_display_is_served_as_a_download(world):
    svg = b"<svg><script/></svg>"
    definition = world.gateway.spaces.definition("see")
    edited = replace(definition, features=("file",), version=definition.version + 1)
    world.gateway.spaces.edit(edited, of_version=definition.version)
    upload(world, svg)

    register(world, {"files": [file(svg, "a.svg", content_type="image/svg+xml")]})

    ((example,),) = [each.files for each in view_space(world.gateway, "see").examples]
    asked_for = dict(parse_qsl(urlsplit(example.url).query))
    assert example.inline is False
    assert asked_for["response-content-type"] == "application/octet-stream"
    assert asked_for["response-content-disposition"].startswith("attachment")


def test_lists_sign_nothing(world):
    upload(world, CAT)
    register(world, {"files": [file(CAT)]})

    (view,) = [
        each for each in list_spaces(world.gateway, Anonymous("a")).spaces if each.space == "see"
    ]
    assert view.examples == []


def test_an_example_whose_files_the_space_no_longer_accepts_is_not_shown(world):
    upload(world, CAT)
    register(world, {"files": [file(CAT)]})
    definition = world.gateway.spaces.definition("see")

    edited = replace(definition, accept=("image/jpeg",), version=definition.version + 1)
    world.gateway.spaces.edit(edited, of_version=definition.version)

    assert shown(world) == []


@pytest.mark.parametrize(
    ("example", "says"),
    [
        ({"files": [file(CAT, "../cat")]}, "files[0].name must be 1 to 255 characters"),
        ({"files": [file(CAT, sha256="../../covers/see/x")]}, "sha256 must be 64 hexadecimal"),
        ({"files": [file(CAT, sha256=hash_of(CAT).upper())]}, "sha256 must be 64 hexadecimal"),
        ({"files": [file(CAT, size=0)]}, "files[0].size must be a whole number of at least 1"),
        (
            {"files": [file(CAT, size=MAX_EXAMPLE_FILE_BYTES + 1)]},
            "size must be a whole number of at most 10,485,760",
        ),
        ({"files": [file(CAT, content_type="a\nb")]}, "content_type must be type/subtype"),
        ({"files": [file(CAT, content_type="text/csv")]}, "this space accepts image/*"),
        ({"files": [file(CAT)] * 3}, "has 3 files; this space accepts at most 2"),
        ({"files": [file(CAT)], "messages": [{"role": "user", "content": "a"}]}, "Use one of them"),
    ],
)
def test_a_worker_is_told_what_is_wrong_with_its_files(world, example, says):
    worker = register(world, example)

    (notice,) = world.messages(worker, Notice)
    assert says in notice.text
    assert asked(world, worker) == []


def test_a_space_without_files_takes_no_example_with_one(world):
    worker = world.connect("w1", "echo")
    examples = {"echo": [{"prompt": "a", "files": [file(CAT)]}]}

    register_worker(
        world.gateway, worker, Register(spaces=["echo"], session="s", examples=examples)
    )

    (notice,) = world.messages(worker, Notice)
    assert "examples[0].files needs a space that takes files" in notice.text


def test_ten_files_of_all_examples_are_the_limit(world):
    files = [file(CAT + bytes([number])) for number in range(11)]

    worker = register(world, *({"files": [each]} for each in files))

    (notice,) = world.messages(worker, Notice)
    assert "examples have 11 files together; the limit is 10" in notice.text


def test_they_go_with_the_space(world):
    upload(world, CAT)
    register(world, {"files": [file(CAT)]})

    delete_space(world.gateway, "see", 1, "ada")

    assert not is_kept(world, CAT)
