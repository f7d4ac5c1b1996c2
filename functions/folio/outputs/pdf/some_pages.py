"""Some pages of a PDF as a file of their own, with nothing of the others in it."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from folio.documents.pdf.reader import open_pdf

if TYPE_CHECKING:
    from pypdf import PageObject

# What leads from a page or a note on it to other pages, whose text would come along.
_OF_PAGES = ("/B", "/StructParents", "/Annots")
_OF_NOTES = ("/A", "/AA", "/Dest", "/IRT", "/P", "/Parent", "/Popup", "/StructParent")
_LEADING = ("/Link", "/Popup")  # kinds of notes that are nothing else


def copy_pages(source: Path, numbers: Iterable[int], target: Path) -> None:
    """Write pages (from 1) of a PDF into `target`. Raises whatever pypdf does for a damaged file."""
    from pypdf import PdfWriter
    from pypdf.generic import ArrayObject, NameObject

    with source.open("rb") as file, PdfWriter() as writer:
        reader = open_pdf(file)
        for number in numbers:
            page = reader.pages[number - 1]
            notes = _notes(page)
            copy = writer.add_page(page, excluded_keys=_OF_PAGES)
            if notes:
                copy[NameObject("/Annots")] = ArrayObject(note.clone(writer) for note in notes)
        writer.write(target)


def _notes(page: "PageObject") -> list[Any]:
    """Return what else is seen on a page, without what it leads to."""
    from pypdf.generic import DictionaryObject

    visible = []
    for one in page.get("/Annots") or ():
        note = one.get_object()
        if isinstance(note, DictionaryObject) and note.get("/Subtype") not in _LEADING:
            visible.append(DictionaryObject({name: note.raw_get(name) for name in note if name not in _OF_NOTES}))
    return visible
