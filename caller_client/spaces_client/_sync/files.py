"""Files of a result, to be downloaded."""

import os
from collections.abc import Iterator
from pathlib import Path

from spaces_client._core.api import Api
from spaces_client._core.downloads import download
from spaces_client._file_facts import FileFacts
from spaces_client._saving import saving
from spaces_client._sync.driver import Driver
from spaces_client._types import FileView


class File(FileFacts):
    """A file of a result.

    Its address is valid for an hour; fetch the result again for a new one.
    """

    def __init__(self, view: FileView, api: Api, driver: Driver) -> None:
        super().__init__(view)
        self._api = api
        self._driver = driver

    def read(self) -> bytes:
        """Return the content.

        Raises:
            TransferFailed: it could not be downloaded.
        """
        return b"".join(self._pieces())

    def save(self, path: str | os.PathLike[str] = ".") -> Path:
        """Download the file and return where it was saved.

        A file that exists is replaced once the new one is complete.

        Args:
            path: a file, or a folder that exists; in a folder the file keeps its own name, without
                characters that are unsafe there.

        Raises:
            TransferFailed: it could not be downloaded.
            OSError: it could not be written.
        """
        with saving(self.name, path) as part:
            for piece in self._pieces():
                part.file.write(piece)
        return part.target

    def _pieces(self) -> Iterator[bytes]:
        return self._driver.iterate(download(self._api, self._view))
