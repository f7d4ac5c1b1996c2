"""EPUB: the chapters of a book in the order of its spine, each beginning a page."""

import posixpath
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from folio.documents.formats import xml
from folio.documents.formats.archive import Archive, open_archive
from folio.documents.formats.base import Contents, Format, Limits, Start
from folio.documents.formats.flow import Break
from folio.documents.formats.html import decoded_html, items_of
from folio.documents.formats.pictures import Pictures
from folio.documents.formats.setting import Setting
from folio.documents.formats.xml import attribute, local
from folio.errors import PasswordProtected

MEDIA_TYPE = "application/epub+zip"
_CONTAINER, _LOCKED = "META-INF/container.xml", "META-INF/encryption.xml"


def _chapters(archive: Archive) -> Iterator[str]:
    """Yield the names of the chapters. Raises DamagedDocument, PasswordProtected."""
    root = next((one for one in xml.parse(archive.read(_CONTAINER)).iter() if local(one) == "rootfile"), None)
    book = "" if root is None else attribute(root, "full-path")
    package = xml.parse(archive.read(book))
    folder = posixpath.dirname(book)
    items = {attribute(one, "id"): attribute(one, "href") for one in package.iter() if local(one) == "item"}
    names = [
        _joined(folder, items.get(attribute(one, "idref"), "")) for one in package.iter() if local(one) == "itemref"
    ]
    if _LOCKED in archive:
        locked = {attribute(one, "URI") for one in xml.parse(archive.read(_LOCKED)).iter()}
        if locked & set(names):
            raise PasswordProtected("The book is locked by its publisher; only a reader with its key opens it.")
    yield from (name for name in dict.fromkeys(names) if name in archive)


def _joined(folder: str, address: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(address.partition("#")[0]))).lstrip("/")


def _unpack(path: Path, folder: Path, limits: Limits) -> Contents:
    with open_archive(path, limits) as archive:
        pictures = Pictures(folder)
        setting = Setting(folder / "set", limits)
        for name in _chapters(archive):
            base = posixpath.dirname(name)

            def find(address: str, base: str = base) -> bytes | None:
                file = _joined(base, address)
                return archive.read(file) if file in archive else None

            setting.put(Break())
            setting.put_all(items_of(decoded_html(archive.read(name)), pictures, find))
        return setting.finish(MEDIA_TYPE, pictures.warnings())


def _is_epub(start: Start) -> bool:
    return start.mimetype == MEDIA_TYPE or (_CONTAINER in start.names and "mimetype" not in start.names)


FORMAT = Format(name="EPUB", media_types=(MEDIA_TYPE,), suffixes=(".epub",), is_one=_is_epub, unpack=_unpack)
