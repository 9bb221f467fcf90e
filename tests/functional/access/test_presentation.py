"""What an administrator writes about a space, and the examples that win over the worker's."""

import msgspec
import pytest

from spaces.domain.access.caller import Anonymous
from spaces.domain.errors import InvalidInput, SpaceExists
from spaces.domain.space import EditConflict
from spaces.services.administration.edit_cover import remove_cover
from spaces.services.administration.edit_space import edit_space, list_settings
from spaces.services.ports.declaration_store import Declaration
from spaces.services.spaces.view_space import list_spaces, view_space
from spaces_protocol.examples import Example
from tests.functional.access.support.spaces import create, delete

WRITTEN = {
    "about": "# Lab\n\nReads *everything*.",
    "licence": "Apache-2.0",
    "model": "lab-7b",
    "links": [{"title": "Paper", "url": "https://example.org/paper?v=1#top"}],
    "examples": [{"title": "Greeting", "prompt": "Hello"}],
}
UNWRITTEN = {"about": "", "licence": "", "model": "", "links": [], "examples": []}
SCHEMA = {"type": "object", "properties": {"voice": {"enum": ["a", "b"]}}}


def edit(world, **sent):
    world.clock.pass_seconds(1)
    return edit_space(world.gateway, "lab", sent, "ada")


def read(shown):
    fields = msgspec.to_builtins(shown)
    return {name: fields[name] for name in WRITTEN}


def stored(dynamodb):
    items = dynamodb.scan(TableName="spaces")["Items"]
    return [item for item in items if item["record"]["S"].startswith("presentation#")]


def declare(world, *prompts, schema=None):
    examples = tuple(Example(prompt=prompt) for prompt in prompts)
    world.gateway.declarations.declare("lab", Declaration(schema, (), examples))


def test_what_was_written_is_in_view_and_settings(world):
    created = create(world, **WRITTEN)

    assert read(created) == WRITTEN
    assert read(view_space(world.gateway, "lab")) == WRITTEN
    assert [read(each) for each in list_settings(world.gateway).spaces if each.space == "lab"] == [
        WRITTEN
    ]


def test_the_list_of_spaces_leaves_it_out(world):
    create(world, **WRITTEN)

    listed = list_spaces(world.gateway, Anonymous("a")).spaces

    assert [read(each) for each in listed if each.space == "lab"] == [UNWRITTEN]


def test_an_edit_of_something_else_keeps_it_and_writes_nothing(world, dynamodb):
    create(world, **WRITTEN)
    (before,) = stored(dynamodb)

    edited = edit(world, version=1, title="New")

    assert read(edited) == WRITTEN
    assert stored(dynamodb) == [before]


def test_an_edit_replaces_it_and_an_empty_one_removes_it(world, dynamodb):
    create(world, **WRITTEN)

    edited = edit(world, version=1, about="New words")
    assert read(edited) == {**WRITTEN, "about": "New words"}
    assert len(stored(dynamodb)) == 1

    edit(world, version=2, **{**UNWRITTEN, "examples": None})
    assert read(view_space(world.gateway, "lab")) == UNWRITTEN
    assert stored(dynamodb) == []


def test_repeating_an_edit_changes_nothing(world, dynamodb):
    create(world)
    edit(world, version=1, about="Words")

    assert edit(world, version=1, about="Words").version == 2
    assert len(stored(dynamodb)) == 1


def test_an_outdated_edit_leaves_the_newer_words_and_no_other_item(world, dynamodb):
    create(world)
    edit(world, version=1, about="Hers")
    definition = world.gateway.spaces.definition

    def outdated(space_id):
        world.gateway.spaces.definition = definition
        return msgspec.structs.replace(definition(space_id), version=1, presentation=None)

    world.gateway.spaces.definition = outdated
    with pytest.raises(EditConflict):
        edit(world, version=1, about="His")

    assert view_space(world.gateway, "lab").about == "Hers"
    assert len(stored(dynamodb)) == 1


def test_a_name_that_is_taken_leaves_no_item(world, dynamodb):
    create(world)

    with pytest.raises(SpaceExists):
        create(world, **WRITTEN)

    assert stored(dynamodb) == []


def test_an_edit_of_the_cover_keeps_it(world):
    create(world, **WRITTEN)

    assert read(remove_cover(world.gateway, "lab", "ada")) == WRITTEN


def test_it_goes_with_the_space(world, dynamodb):
    create(world, **WRITTEN)

    delete(world)

    assert stored(dynamodb) == []


def test_the_examples_of_the_administrator_win(world):
    create(world)
    declare(world, "From the worker")
    assert read(view_space(world.gateway, "lab"))["examples"] == [{"prompt": "From the worker"}]

    edit(world, version=1, examples=[{"prompt": "Mine"}])
    assert read(view_space(world.gateway, "lab"))["examples"] == [{"prompt": "Mine"}]

    edit(world, version=2, examples=[])
    assert read(view_space(world.gateway, "lab"))["examples"] == []

    edit(world, version=3, examples=None)
    assert read(view_space(world.gateway, "lab"))["examples"] == [{"prompt": "From the worker"}]


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"about": "x" * 20_001}, "about must have at most 20,000 characters"),
        ({"licence": "x" * 201}, "licence must have at most 200 characters"),
        ({"links": [{"title": "a", "url": "http://a.test"}]}, "a URL that begins with https://"),
        ({"links": [{"title": "a", "url": "https://a@b.test/"}]}, "a URL that begins with"),
        ({"links": [{"title": "a", "url": "javascript:alert(1)"}]}, "a URL that begins with"),
        ({"links": [{"title": "", "url": "https://a.test"}]}, r"links\[0\]\.title must have"),
        ({"links": [{"title": "a", "url": "https://a.test"}] * 9}, "links must have at most 8"),
        ({"examples": [{"promt": "a"}]}, r"examples\[0\] has no field promt"),
        ({"examples": [{"prompt": "a"}] * 13}, "examples must have at most 12"),
        ({"examples": [{"prompt": "x" * 9_000}]}, "the limit is 8,192"),
        (
            {"examples": [{"messages": [{"role": "user", "content": "a"}]}]},
            r"examples\[0\]\.messages needs a space with the feature call",
        ),
        ({"examples": [{"prompt": "a", "params": {"voice": "c"}}]}, "must be one of a, b"),
    ],
)
def test_what_is_wrong_is_named(world, sent, says):
    create(world)
    declare(world, schema=SCHEMA)

    with pytest.raises(InvalidInput, match=says):
        edit(world, version=1, **sent)


def test_a_schema_that_changed_later_does_not_stop_other_edits(world):
    create(world, examples=[{"prompt": "a", "params": {"pitch": 1}}])
    declare(world, schema=SCHEMA)

    assert edit(world, version=1, title="New").title == "New"


def test_a_feature_that_the_examples_need_cannot_be_taken_away(world):
    create(world, features=["prompt", "image"], examples=[{"prompt": "a"}])

    with pytest.raises(InvalidInput, match="examples"):
        edit(world, version=1, features=["image"])
