"""Whether a space accepts the files of an example."""

from spaces.domain.errors import SpaceError
from spaces.domain.files.media_types import essence
from spaces.domain.files.rules import check_file, check_number, rules_or_refusal
from spaces.domain.space import Definition
from spaces_protocol.examples import Example


def example_files_refusal(definition: Definition, example: Example) -> str | None:
    """Return why the files of an example would be refused in a request; None if they would not."""
    if not example.files:
        return None
    try:
        rules = rules_or_refusal(definition)
        check_number(rules, len(example.files))
        for file in example.files:
            check_file(rules, essence(file.content_type), file.size, what=f"The file {file.name!r}")
    except SpaceError as error:
        return error.detail
    return None
