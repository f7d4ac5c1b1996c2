"""Pictures in documents: which of them may hold text, each only once."""

import hashlib
from pathlib import Path

from folio.documents.formats.flow import Picture
from folio.documents.raster import images
from folio.errors import FolioError

_MIN_SIDE_PX = 40  # of the shorter side: less is a bullet, a line or an icon, in which nothing is written
_MIN_PIXELS = 8_000
_MAX_PICTURES = 500  # of one document


class Pictures:
    """The pictures of one document, unpacked into a folder. `unread` counts those of kinds that nobody reads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: set[bytes] = set()
        self.unread = 0

    def add(self, name: str, data: bytes) -> Picture | None:
        """Return a picture to be read, None for one that is too small, cannot be read, or was there before."""
        digest = hashlib.blake2b(data, digest_size=16).digest()
        if digest in self._seen or len(self._seen) >= _MAX_PICTURES:
            return None
        self._seen.add(digest)
        path = self._folder / f"picture{len(self._seen)}"
        path.write_bytes(data)
        try:
            with images.opened(path) as image:
                width, height = image.size
        except FolioError:
            self.unread += 1
            return None
        if min(width, height) < _MIN_SIDE_PX or width * height < _MIN_PIXELS:
            return None
        return Picture(path, name)

    def warnings(self) -> tuple[str, ...]:
        return (f"Pictures in the document that Folio cannot read: {self.unread}.",) if self.unread else ()
