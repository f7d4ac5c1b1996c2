"""The way into OFD files: their pages drawn as one PDF, and the files attached to them."""

import posixpath
from pathlib import Path

from folio.documents.formats.archive import Archive, open_archive
from folio.documents.formats.base import Contents, Entry, Format, Limits, Start
from folio.documents.formats.ofd.drawing import POINTS_PER_MM, draw
from folio.documents.formats.ofd.package import OfdDocument, Package, PageParts, require_pages
from folio.documents.formats.plain_fonts import put_fonts
from folio.documents.pdf import embed
from folio.documents.pdf.embed import Embedded
from folio.documents.pdf.objects import PdfFile
from folio.errors import FolioError, PasswordProtected, TooLarge

MEDIA_TYPE = "application/ofd"
_MAX_PIXELS = 40_000_000  # of a picture on a page; it takes three bytes for each while it is packed
_ENCRYPTED = ("Encryptions.xml", "Decryptseed.dat")


class _OfdPdf:
    """The PDF that is drawn."""

    def __init__(self, archive: Archive, folder: Path, limits: Limits) -> None:
        self.path = folder / "pages.pdf"
        self.pages = self.missing = 0
        self._archive, self._folder, self._limits = archive, folder, limits
        self._file = PdfFile.new(self.path)
        self._catalog, self._tree = self._file.reserve(), self._file.reserve()
        self._fonts = put_fonts(self._file)
        self._kids: list[int] = []
        self._pictures: dict[str, int | None] = {}

    def add(self, page: PageParts) -> None:
        if self.pages >= self._limits.max_pages:
            raise TooLarge(f"The document has more than the {self._limits.max_pages} pages allowed.")
        drawing = draw(page, self._place)
        self.missing += drawing.missing
        objects = b"".join(b"/%s %d 0 R" % (name.encode(), int(name[1:])) for name in drawing.pictures)
        content = self._file.put_deflated(drawing.content)
        size = page.box[2] * POINTS_PER_MM, page.box[3] * POINTS_PER_MM
        self._kids.append(
            self._file.put(
                b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %.3f %.3f]/Resources<<%s/XObject<<%s>>>>/Contents %d 0 R>>"
                % (self._tree, *size, self._fonts, objects, content)
            )
        )
        self.pages += 1

    def _place(self, file: str) -> str | None:
        """Write a picture, once, and return what it is called on pages; None for one that cannot be decoded."""
        if file not in self._pictures:
            try:
                unpacked = self._archive.extract(file, self._folder / f"picture{len(self._pictures)}")
                self._pictures[file] = self._put(embed.embed(unpacked, 1, _MAX_PIXELS))
            except FolioError:
                self._pictures[file] = None
        number = self._pictures[file]
        return None if number is None else f"P{number}"

    def _put(self, picture: Embedded) -> int:
        mask = b"/SMask %d 0 R" % self._put(picture.mask) if picture.mask else b""
        return self._file.put_stream(picture.data, b"/Type/XObject/Subtype/Image" + picture.entries + mask)

    def finish(self) -> None:
        kids = b" ".join(b"%d 0 R" % kid for kid in self._kids)
        self._file.put(b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(self._kids), kids), self._tree)
        self._file.put(b"<</Type/Catalog/Pages %d 0 R>>" % self._tree, self._catalog)
        self._file.finish({"Root": b"%d 0 R" % self._catalog})


def _unpack(path: Path, folder: Path, limits: Limits) -> Contents:
    with open_archive(path, limits) as archive:
        if any(posixpath.basename(name) in _ENCRYPTED for name in archive.names):
            raise PasswordProtected("The OFD file is encrypted.")
        pdf = _OfdPdf(archive, folder, limits)
        documents = list(Package(archive).documents())
        entries, attached = list[Entry](), list[Entry]()
        for document in documents:
            first = pdf.pages + 1
            for page in document.pages():
                pdf.add(page)
            name = document.title if len(documents) > 1 else ""
            entries.append(Entry(kind="pages", path=pdf.path, name=name, first=first, pages=pdf.pages - first + 1))
            attached += _attachments(archive, document, folder, len(attached))
        require_pages(pdf.pages)
        pdf.finish()
        missing = pdf.missing + sum(document.missing for document in documents)
    warnings = (
        (f"Parts that the OFD file names are missing from it, or cannot be drawn: {missing}.",) if missing else ()
    )
    return Contents(media_type=MEDIA_TYPE, entries=(*entries, *attached), warnings=warnings)


def _attachments(archive: Archive, document: OfdDocument, folder: Path, before: int) -> list[Entry]:
    return [
        Entry(kind="file", path=archive.extract(file, folder / f"attachment{before + index}"), name=name)
        for index, (name, file) in enumerate(document.attachments())
    ]


def _is_ofd(start: Start) -> bool:
    return any(name.replace("\\", "/").lstrip("/").casefold() == "ofd.xml" for name in start.names)


FORMAT = Format(
    name="OFD", media_types=(MEDIA_TYPE, "application/vnd.ofd"), suffixes=(".ofd",), is_one=_is_ofd, unpack=_unpack
)
