"""What a layer does not tell and its document does: which way pages of single words run, and whether fonts run down."""

from pathlib import Path

from msgspec.structs import replace

from folio.deadline import Deadline
from folio.documents.pdf import poppler
from folio.documents.pdf.text_page import TextBox, TextPage
from folio.documents.pdf.vertical_fonts import has_vertical_fonts
from folio.errors import FolioError
from folio.textlayer.directions import is_tall, is_unsure

_SECONDS = 5.0  # for one page; it takes a hundredth


def with_directions(layers: dict[int, TextPage], path: Path, folder: Path, deadline: Deadline) -> dict[int, TextPage]:
    """Return the layers, and what their document says of those pages that do not tell which way they run."""
    return {number: _told(number, layer, path, folder, deadline) for number, layer in layers.items()}


def _told(number: int, layer: TextPage, path: Path, folder: Path, deadline: Deadline) -> TextPage:
    if any(map(is_tall, layer.words())) and has_vertical_fonts(path, number):
        return replace(layer.changed(_on_its_ink), is_vertical=True)
    if not is_unsure(layer.lines()):
        return layer
    try:
        return replace(layer, physical=poppler.physical_text(path, number, folder, deadline.timeout(_SECONDS)))
    except FolioError:
        return layer  # only the order may be wrong


def _on_its_ink(word: TextBox) -> TextBox:
    """Return a word of a vertical font where it stands.

    Its characters hang from the middle of their upper edge; poppler takes that point for their lower left corner.
    """
    if not is_tall(word):
        return word
    left, top, right, bottom = word.box
    width = right - left
    return TextBox(word.text, (left - width / 2, top + width, right - width / 2, bottom + width))
