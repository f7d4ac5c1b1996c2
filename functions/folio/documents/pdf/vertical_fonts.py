"""Which pages have fonts that write downwards: pypdf's only task here, for pdftotext does not tell."""

from pathlib import Path
from typing import TYPE_CHECKING

from folio.documents.pdf.reader import open_pdf

if TYPE_CHECKING:
    from pypdf.generic import DictionaryObject

_MAX_DEPTH = 3  # of forms within forms


def has_vertical_fonts(path: Path, number: int) -> bool:
    """Return whether a page has a font for writing downwards. What pypdf cannot read has none."""
    try:
        with path.open("rb") as file:
            resources = open_pdf(file).pages[number - 1]["/Resources"].get_object()
            return _has_vertical(resources, _MAX_DEPTH)  # type: ignore[arg-type]  # a dictionary, or it has no items
    except Exception:  # noqa: BLE001  # of a damaged file it raises whatever a value there is not fit for
        return False


def _has_vertical(resources: "DictionaryObject", depth: int) -> bool:
    for font in resources.get("/Font", {}).get_object().values():
        entry = font.get_object().get("/Encoding", "")
        encoding = entry.get_object() if hasattr(entry, "get_object") else entry
        if str(encoding).endswith("-V") or (isinstance(encoding, dict) and encoding.get("/WMode") == 1):
            return True
    forms = (form.get_object() for form in resources.get("/XObject", {}).get_object().values())
    inner = (form["/Resources"].get_object() for form in forms if "/Resources" in form)
    return depth > 0 and any(_has_vertical(one, depth - 1) for one in inner)
