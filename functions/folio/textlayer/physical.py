"""The one question that needs poppler again: which way a page runs whose lines are single words."""

from pathlib import Path

from msgspec.structs import replace

from folio.deadline import Deadline
from folio.documents import poppler
from folio.documents.text_page import TextPage
from folio.errors import FolioError
from folio.textlayer.directions import is_unsure

_SECONDS = 5.0  # for one page; it takes a hundredth


def with_physical_text(
    layers: dict[int, TextPage], path: Path, folder: Path, deadline: Deadline
) -> dict[int, TextPage]:
    """Return the layers, and what poppler makes of those pages that do not tell which way they run."""
    return {number: _told(number, layer, path, folder, deadline) for number, layer in layers.items()}


def _told(number: int, layer: TextPage, path: Path, folder: Path, deadline: Deadline) -> TextPage:
    if not is_unsure(layer.lines()):
        return layer
    try:
        return replace(layer, physical=poppler.physical_text(path, number, folder, deadline.timeout(_SECONDS)))
    except FolioError:
        return layer  # only the order may be wrong
