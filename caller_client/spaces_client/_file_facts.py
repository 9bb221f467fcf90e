"""What is known of a file before it is downloaded."""

from datetime import datetime

from spaces_client._types import FileView


class FileFacts:
    """Name, type, size and address of a file."""

    def __init__(self, view: FileView) -> None:
        self._view = view

    def __repr__(self) -> str:
        return f"{type(self).__name__}(name={self.name!r}, size={self.size})"

    @property
    def name(self) -> str:
        """Its name, as the worker chose it."""
        return self._view.name

    @property
    def content_type(self) -> str:
        """Its media type, as the worker declared it."""
        return self._view.content_type

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return self._view.size

    @property
    def url(self) -> str:
        """An address that displays it where that is safe; anyone who knows it can read the file."""
        return self._view.url

    @property
    def expires_at(self) -> datetime:
        """Until when its address is valid, in UTC."""
        return self._view.expires_at
