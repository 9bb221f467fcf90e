"""Which files a space takes."""

from spaces.domain.errors import FileTooLarge, FileTypeRefused, InvalidInput
from spaces.domain.files.media_types import TYPES_OF_FEATURES, is_accepted
from spaces.domain.space import Definition
from spaces_protocol.rest_bodies import FileRules


def file_rules(definition: Definition) -> FileRules | None:
    """Return which files a space takes; None if it takes none."""
    by_feature = [TYPES_OF_FEATURES[f] for f in definition.features if f in TYPES_OF_FEATURES]
    if not by_feature:
        return None
    return FileRules(
        accept=list(definition.accept or by_feature),
        max_files=definition.max_files,
        max_file_bytes=definition.max_file_bytes,
    )


def rules_or_refusal(definition: Definition) -> FileRules:
    """Return which files a space takes.

    Raises:
        InvalidInput: it takes none.
    """
    rules = file_rules(definition)
    if rules is None:
        raise InvalidInput(
            f"The space {definition.space_id!r} takes no files. Send a prompt alone."
        )
    return rules


def check_file(rules: FileRules, content_type: str, size: int, *, what: str) -> None:
    """Raise unless a space takes a file of this type and size.

    Args:
        rules: the space's.
        content_type: without parameters.
        size: in bytes.
        what: what the sentence calls the file.

    Raises:
        InvalidInput, FileTooLarge, FileTypeRefused: as their names say.
    """
    if size == 0:
        raise InvalidInput(f"{what} is empty. Choose a file with something in it.")
    check_size(rules, size, what=what)
    if not is_accepted(content_type, rules.accept):
        raise FileTypeRefused(
            f"{what} is {content_type}; this space takes {', '.join(rules.accept)}. "
            "Choose a file of such a type."
        )


def check_size(rules: FileRules, size: int, *, what: str) -> None:
    """Raise unless a space takes a file of this size.

    Raises:
        FileTooLarge: it does not.
    """
    if size > rules.max_file_bytes:
        raise FileTooLarge(
            f"{what} has {size:,} bytes; this space takes at most {rules.max_file_bytes:,}. "
            "Choose a smaller one."
        )


def check_number(rules: FileRules, number: int) -> None:
    """Raise unless a space takes so many files at once.

    Raises:
        InvalidInput: it does not.
    """
    if number > rules.max_files:
        raise InvalidInput(
            f"input.files has {number} files; this space takes at most {rules.max_files}. "
            "Leave some out."
        )
