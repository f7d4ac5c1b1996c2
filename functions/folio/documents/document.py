"""The document that a request means: a file, or one attached to it."""

from pathlib import Path

from msgspec.structs import replace

from folio.config.settings import Settings
from folio.documents.limits import check_bytes, check_room
from folio.documents.opening import kind_of, open_document
from folio.documents.pdf.attachments import extract, find_attached
from folio.documents.pdf.facts import NESTED, PORTFOLIO
from folio.errors import Refused
from folio.models import Document
from folio.problems import error_class

__all__ = ["check_bytes", "check_room", "open_as_read", "open_chosen", "open_document"]


def open_chosen(
    path: Path, attachment: str, folder: Path, settings: Settings, timeout: float, *, frames: bool = False
) -> Document:
    """Open a file, or the document of that name attached to it. What is unpacked lies in `folder`.

    `frames`: all frames of a moving picture are pages, not only the first. Raises a Refused that says why it cannot be
    read, BadOption for an attachment that is not there, EngineTimeout.
    """
    check_bytes(path.stat().st_size, settings)
    if not attachment:
        return open_document(path, settings, timeout, folder=folder, frames=frames)
    if kind_of(path) != "pdf":
        return _attached(open_document(path, settings, timeout, folder=folder, frames=frames), attachment)
    target = folder / "attachment"
    name = extract(path, attachment, target, settings.max_bytes)
    try:
        document = open_document(target, settings, timeout, folder=folder, frames=frames)
    except Refused as error:
        raise type(error)(f"The attachment cannot be read: {error.message[:1].lower()}{error.message[1:]}") from error
    nested = tuple(warning.replace(PORTFOLIO, NESTED) for warning in document.warnings)
    return replace(document, attachment=name, warnings=nested)


def open_as_read(path: Path, attachment: str, folder: Path, settings: Settings, timeout: float, pages: int) -> Document:
    """Open a file again of which a result says how many pages it has. Raises what `open_chosen` does.

    More than one of a moving picture are its frames; of all else `frames` changes nothing.
    """
    return open_chosen(path, attachment, folder, settings, timeout, frames=pages > 1)


def _attached(document: Document, requested: str) -> Document:
    """Return one of the files in a mail or an archive, with all that lies in it."""
    names = list(dict.fromkeys(part.file for part in document.parts if part.file))
    name = names[find_attached(names, requested)]
    parts = tuple(part for part in document.parts if part.file == name)
    if (error := parts[0].error) and len(parts) == 1:
        raise error_class(error.type)(f"The attachment cannot be read: {error.message[:1].lower()}{error.message[1:]}")
    if len(parts) == 1 and parts[0].document:
        return replace(parts[0].document, attachment=name)
    return replace(document, parts=parts, pages=sum(part.pages for part in parts), attachment=name)
