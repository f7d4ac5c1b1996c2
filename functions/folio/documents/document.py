"""What a file is: sniffed by content, counted, and refused if it is too big, locked or broken."""

import hashlib
import shutil
from pathlib import Path

from msgspec.structs import replace

from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents import children, images, poppler
from folio.documents.attachments import extract
from folio.documents.pdf_facts import NESTED, PORTFOLIO, read_facts
from folio.errors import BadOption, DamagedDocument, EmptyDocument, Refused, TooLarge
from folio.models import PDF, Document

_HEADER_SEARCH_BYTES = 1024  # readers accept junk before the header up to here
_COPIES = 2  # of the source: itself, and a searchable PDF of it


def check_bytes(size: int, settings: Settings) -> None:
    """Refuse by size alone, before anything is fetched. Raises EmptyDocument, TooLarge."""
    if size == 0:
        raise EmptyDocument("The document is empty (0 bytes).")
    if size > settings.max_bytes:
        raise TooLarge(f"The document has {size} bytes, more than the {settings.max_bytes} allowed.")


def check_room(size: int, folder: Path) -> None:
    """Refuse a document of so many bytes if the disk of a scratch folder can never hold it. Raises TooLarge."""
    total = shutil.disk_usage(folder).total
    if size * _COPIES > total:
        raise TooLarge(
            f"The document has {size} bytes; the scratch space of {total} bytes does not hold it and its outputs."
            " Raise EphemeralStorage of the stack, or the room in TMPDIR."
        )


def open_document(path: Path, settings: Settings, timeout: float) -> Document:
    """Identify a file. Raises a Refused that says why it cannot be read, or EngineTimeout."""
    size = path.stat().st_size
    check_bytes(size, settings)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    media_type, pages = (PDF, poppler.count_pages(path, timeout)) if _is_pdf(path) else _identify(path, timeout)
    if pages < 1:
        raise DamagedDocument("The document has no pages.")
    if pages > settings.max_pages:
        raise TooLarge(f"The document has {pages} pages, more than the {settings.max_pages} allowed.")
    document = Document(path=path, media_type=media_type, sha256=digest, bytes=size, pages=pages, sizes={})
    return _with_facts(document, timeout) if media_type == PDF else document


def _identify(path: Path, timeout: float) -> tuple[str, int]:
    return children.call("Opening the picture", Deadline(timeout), images.identify, path)


def open_chosen(path: Path, attachment: str, folder: Path, settings: Settings, timeout: float) -> Document:
    """Open a file, or the document of that name attached to it, which is unpacked into `folder`.

    Raises BadOption too.
    """
    if not attachment:
        return open_document(path, settings, timeout)
    check_bytes(path.stat().st_size, settings)
    if not _is_pdf(path):
        raise BadOption("Only a PDF has attachments, and the document is not one.")
    target = folder / "attachment"
    name = extract(path, attachment, target, settings.max_bytes)
    try:
        document = open_document(target, settings, timeout)
    except Refused as error:
        raise type(error)(f"The attachment cannot be read: {error.message[:1].lower()}{error.message[1:]}") from error
    nested = tuple(warning.replace(PORTFOLIO, NESTED) for warning in document.warnings)
    return replace(document, attachment=name, warnings=nested)


def _with_facts(document: Document, timeout: float) -> Document:
    """Return a PDF with the sizes of its pages and what else it says of itself."""
    path = document.path
    facts = read_facts(path)
    sizes = poppler.page_sizes(path, document.pages, timeout)
    uncropped = frozenset(number for number, size in sizes.items() if min(size) <= 0)
    sizes |= poppler.media_sizes(path, uncropped, timeout)
    for number in facts.units.keys() & sizes.keys():
        width, height = sizes[number]
        sizes[number] = width * facts.units[number], height * facts.units[number]
    return replace(document, sizes=sizes, units=facts.units, uncropped=uncropped, warnings=facts.warnings)


def is_document(path: Path) -> bool:
    """Return whether a file starts as a document does, which may be damaged; an empty file may have been one."""
    return path.stat().st_size == 0 or _is_pdf(path) or images.is_picture(path)


def _is_pdf(path: Path) -> bool:
    with path.open("rb") as file:
        return b"%PDF-" in file.read(_HEADER_SEARCH_BYTES)
