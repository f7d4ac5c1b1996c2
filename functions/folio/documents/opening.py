"""What a file is, and the documents within it: told by content, counted, and refused if too big, locked or broken."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents import children
from folio.documents.formats import registry
from folio.documents.formats.base import Contents, Entry, Limits
from folio.documents.limits import check_bytes
from folio.documents.pdf import poppler
from folio.documents.pdf.facts import read_facts
from folio.documents.raster import images
from folio.errors import DamagedDocument, Refused, TooLarge, UnsupportedType
from folio.models import PDF, Document, DocumentPart, Problem

_MAX_DEPTH = 4  # documents within each other
_MAX_INNER_FILES = 200  # within files of a document, which may branch: opening them takes 4 seconds of a processor
_HEADER_SEARCH_BYTES = 1024  # readers accept junk before the header up to here
# A ZIP and a file of OLE, in which a PDF may lie that is not packed.
_CONTAINERS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")


class _Endless(TooLarge):
    """What lies in a document has no end that is worth waiting for: no part of it is read."""


class _Budget:
    """What may still be unpacked of one document and of all that lies in it: bytes, and files within its files."""

    def __init__(self, max_bytes: int) -> None:
        self.bytes, self.files = max_bytes, _MAX_INNER_FILES


class Opening(Struct, frozen=True, kw_only=True):
    """How documents are opened, and those within them: `frames` of a moving picture are all pages, `depth` within how
    many others a document lies.
    """

    settings: Settings
    deadline: Deadline
    budget: _Budget
    frames: bool = False
    depth: int = 0


def open_document(
    path: Path, settings: Settings, timeout: float, *, folder: Path | None = None, frames: bool = False
) -> Document:
    """Identify a file, and take it apart if it is neither a PDF nor a picture: into `folder`, or beside it.

    Raises a Refused that says why it cannot be read, or EngineTimeout.
    """
    budget = _Budget(settings.max_bytes)
    opening = Opening(settings=settings, deadline=Deadline(timeout), frames=frames, budget=budget)
    try:
        return _open(path, folder or path.parent, opening)
    except _Endless as error:
        raise TooLarge(error.message) from error


def _open(path: Path, folder: Path, opening: Opening) -> Document:
    settings = opening.settings
    size = path.stat().st_size
    check_bytes(size, settings)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    document = Document(path=path, media_type=PDF, sha256=digest, bytes=size, pages=0, sizes={})
    kind = kind_of(path)
    if kind == "pdf":
        count, sizes = poppler.count_and_sizes(path, settings.max_pages, _timeout(opening))
        document = replace(document, pages=count, sizes=sizes)
    elif kind == "picture":
        media_type, pages = _identify(path, opening)
        document = replace(document, media_type=media_type, pages=pages)
    else:
        document = _unpacked(document, folder, opening)
    if document.pages < 1:
        raise DamagedDocument("The document has no pages.")
    if document.pages > settings.max_pages:
        raise TooLarge(f"The document has {document.pages} pages, more than the {settings.max_pages} allowed.")
    return _with_facts(document, _timeout(opening)) if kind == "pdf" else document


def kind_of(path: Path) -> Literal["pdf", "picture", "other"]:
    """Return what a file starts as, which may be damaged: a PDF, a picture, or what one of the formats may know."""
    with path.open("rb") as file:
        start = file.read(_HEADER_SEARCH_BYTES)
    if start.startswith(_CONTAINERS):
        return "other"
    return "pdf" if b"%PDF-" in start else "picture" if images.is_picture(path) else "other"


def is_document(path: Path) -> bool:
    """Return whether a file starts as a document does; an empty file may have been one.

    Text counts only under a name of text: a folder has much besides that is text too.
    """
    if path.stat().st_size == 0 or kind_of(path) != "other":
        return True
    matched = registry.find_format(path)
    return matched is not None and (not matched.by_suffix or path.suffix.lower() in matched.suffixes)


def _identify(path: Path, opening: Opening) -> tuple[str, int]:
    return children.call("Opening the picture", Deadline(_timeout(opening)), images.identify, path, opening.frames)


def _timeout(opening: Opening) -> float:
    return opening.deadline.timeout(opening.settings.page_timeout)


def _unpacked(document: Document, folder: Path, opening: Opening) -> Document:
    """Return a document with what its format makes of it."""
    target = folder / "unpacked"
    if opening.depth > _MAX_DEPTH:
        raise _Endless(f"Documents lie within each other more than {_MAX_DEPTH} deep in this one, which is refused.")
    limits = Limits(max_bytes=opening.budget.bytes, max_pages=opening.settings.max_pages)
    within = Deadline(_timeout(opening))
    try:
        contents = children.call("Opening the document", within, registry.unpack, document.path, target, limits)
    except Refused:
        opening.budget.bytes -= _size(path for path in target.rglob("*") if path.is_file())
        raise
    opening.budget.bytes -= _size({entry.path for entry in contents.entries if entry.kind != "pages"})
    return Parts(document, opening).of(contents)


def _size(files: Iterable[Path]) -> int:
    return sum(path.stat().st_size for path in files if path.exists())


class Parts:
    """The parts of one document, opened one by one."""

    def __init__(self, document: Document, opening: Opening) -> None:
        self._document, self._opening = document, opening
        self._parts: list[DocumentPart] = []
        self._made: dict[Path, Document] = {}
        self._unread = 0
        self._warnings: list[str] = []

    def of(self, contents: Contents) -> Document:
        """Raises what keeps the only part from being read, UnsupportedType if none can be."""
        self._warnings += contents.warnings
        for entry in contents.entries:
            if entry.too_large:
                self._refused(entry, TooLarge(entry.too_large))
            elif entry.kind == "pages":
                part = self._pages(entry, contents.media_type)
                self._parts.append(part)
            else:
                self._file(entry)
        document = replace(self._document, media_type=contents.media_type, source_type=contents.media_type)
        if self._unread:
            self._warnings.append(f"Pictures in the document of kinds that Folio does not read: {self._unread}.")
        if len(self._parts) == 1 and not self._parts[0].name and (only := self._parts[0].document):
            preserved = {"sha256": document.sha256, "bytes": document.bytes, "source_type": contents.media_type}
            return replace(only, **preserved, warnings=(*only.warnings, *self._warnings))
        pages = sum(part.pages for part in self._parts)
        if not pages:
            raise self._nothing()
        return replace(document, pages=pages, parts=tuple(self._parts), warnings=tuple(self._warnings))

    def _nothing(self) -> Refused:
        errors = [part.error for part in self._parts if part.error]
        why = f" The first says: {errors[0].message}" if errors else ""
        too_large = bool(errors) and all(error.type == TooLarge.__name__ for error in errors)
        return (TooLarge if too_large else UnsupportedType)(f"There is nothing in the document that Folio reads.{why}")

    def _pages(self, entry: Entry, media_type: str) -> DocumentPart:
        if (made := self._made.get(entry.path)) is None:
            timeout = _timeout(self._opening)
            count, sizes = poppler.count_and_sizes(entry.path, self._opening.settings.max_pages, timeout)
            made = replace(self._document, path=entry.path, pages=count, sizes=sizes, texts=entry.texts)
            self._made[entry.path] = made = _with_facts(made, timeout)
        return DocumentPart(name=entry.name, media_type=media_type, document=made, first=entry.first, pages=entry.pages)

    def _file(self, entry: Entry) -> None:
        """Open a file in the document; what lies in that is a part of this one too."""
        inner = msgspec.structs.replace(self._opening, depth=self._opening.depth + 1, frames=False)
        budget, size = inner.budget, entry.path.stat().st_size
        folder = entry.path.with_name(entry.path.name + ".parts")
        folder.mkdir()
        if self._opening.depth:
            budget.files -= 1
            if budget.files < 0:
                message = f"There are more than {_MAX_INNER_FILES} files within files of the document."
                self._refused(entry, TooLarge(message))
                return
        budget.bytes += size  # what is taken apart is not needed any more
        try:
            opened = _open(entry.path, folder, inner)
        except _Endless:
            raise
        except Refused as error:
            entry.path.unlink()
            self._refused(entry, error)
            return
        if opened.parts:
            entry.path.unlink()
        else:
            budget.bytes -= size
        kind = opened.source_type or opened.media_type
        if opened.parts:
            named = (
                replace(part, name=f"{entry.name}/{part.name}".rstrip("/"), file=entry.name) for part in opened.parts
            )
            self._parts += named
        else:
            file = entry.name if entry.kind == "file" else ""
            part = DocumentPart(name=entry.name, file=file, media_type=kind, document=opened, pages=opened.pages)
            self._parts.append(part)
        self._warnings += (f"{entry.name}: {warning}" for warning in opened.warnings)

    def _refused(self, entry: Entry, error: Refused) -> None:
        if entry.kind == "picture":
            self._unread += 1
            return
        problem = Problem(type(error).__name__, error.message, error.hint)
        self._parts.append(DocumentPart(name=entry.name, file=entry.name, error=problem))
        self._warnings.append(f"{entry.name} is not read: {error.message}")


def _with_facts(document: Document, timeout: float) -> Document:
    """Return a PDF with the exact sizes of its pages and what else it says of itself."""
    path, sizes = document.path, dict(document.sizes)
    facts = read_facts(path)
    uncropped = frozenset(number for number, size in sizes.items() if min(size) <= 0)
    sizes |= poppler.media_sizes(path, uncropped, timeout)
    for number in facts.units.keys() & sizes.keys():
        width, height = sizes[number]
        sizes[number] = width * facts.units[number], height * facts.units[number]
    return replace(
        document,
        sizes=sizes,
        units=facts.units,
        uncropped=uncropped,
        may_be_scan=facts.may_be_scan,
        warnings=facts.warnings,
    )
