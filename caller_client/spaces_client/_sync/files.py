"""Files of a result, to be downloaded."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from spaces_client._core.api import Api
from spaces_client._core.downloads import download
from spaces_client._core.file_names import path_for
from spaces_client._file_facts import FileFacts
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
        wanted = Path(path)
        target = path_for(self.name, wanted, is_folder=wanted.is_dir())
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as part:
            try:
                for piece in self._pieces():
                    part.write(piece)
                part.close()
                Path(part.name).replace(target)
            except BaseException:
                part.close()
                Path(part.name).unlink(missing_ok=True)
                raise
        return target

    def _pieces(self) -> Iterator[bytes]:
        return self._driver.iterate(download(self._api, self._view))
