"""Which files a space accepts."""

from spaces.domain.errors import FileTooLarge, FileTypeRefused, InvalidInput
from spaces.domain.files.media_types import TYPES_OF_FEATURES, is_accepted
from spaces.domain.space import Definition
from spaces_protocol.rest_bodies import FileRules


def file_rules(definition: Definition) -> FileRules | None:
    """Return which files a space accepts; None if it accepts none."""
    by_feature = [TYPES_OF_FEATURES[f] for f in definition.features if f in TYPES_OF_FEATURES]
    if not by_feature:
        return None
    return FileRules(
        accept=list(definition.accept or by_feature),
        max_files=definition.max_files,
        max_file_bytes=definition.max_file_bytes,
    )


def rules_or_refusal(definition: Definition) -> FileRules:
    """Return which files a space accepts.

    Raises:
        InvalidInput: It accepts none.
    """
    rules = file_rules(definition)
    if rules is None:
        raise InvalidInput(
            f"The space {definition.space_id!r} does not accept files. Send only a prompt."
        )
    return rules


def check_file(rules: FileRules, content_type: str, size: int, *, what: str) -> None:
    """Raise unless a space accepts a file of this type and size.

    Args:
        rules: The rules of the space.
        content_type: The media type without parameters.
        size: The size in bytes.
        what: How the error text refers to the file.

    Raises:
        InvalidInput: The file is empty.
        FileTooLarge: It is too large.
        FileTypeRefused: The space does not accept its type.
    """
    if size == 0:
        raise InvalidInput(f"{what} is empty. Choose a file that is not.")
    check_size(rules, size, what=what)
    if not is_accepted(content_type, rules.accept):
        raise FileTypeRefused(
            f"{what} is {content_type}; this space accepts {', '.join(rules.accept)}. "
            "Choose a file of one of these types."
        )


def check_size(rules: FileRules, size: int, *, what: str) -> None:
    """Raise unless a space accepts a file of this size.

    Raises:
        FileTooLarge: It does not.
    """
    if size > rules.max_file_bytes:
        raise FileTooLarge(
            f"{what} has {size:,} bytes; this space accepts at most {rules.max_file_bytes:,}. "
            "Choose a smaller file."
        )


def check_number(rules: FileRules, number: int) -> None:
    """Raise unless a space accepts this many files in one request.

    Raises:
        InvalidInput: It does not.
    """
    if number > rules.max_files:
        raise InvalidInput(
            f"input.files has {number} files; this space accepts at most {rules.max_files}. "
            "Remove some."
        )
