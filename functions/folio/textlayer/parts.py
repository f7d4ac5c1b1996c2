"""The text that the pages of any document have of their own: of PDFs their layers, and of set pages what was set."""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from folio.config.options import Options
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents.formats.set_page import read_page
from folio.models import PDF, Document, Page
from folio.textlayer.layers import TextLayerPage, TextLayers

_NO_LAYER = "This page is a picture, and with ocr=never nobody reads it."


class PageTexts(Protocol):
    """What `TextLayers` does; pages are told by their numbers in the whole document."""

    def page(self, number: int, folder: Path, deadline: Deadline) -> TextLayerPage: ...

    def readable(self, folder: Path, deadline: Deadline, max_share: float) -> int: ...


def page_texts(document: Document, numbers: Iterable[int], options: Options, settings: Settings) -> PageTexts:
    """Return the texts of some pages of a document. Raises BadOption for a picture where only text may be read."""
    if document.parts:
        return _PartTexts(document, numbers, options, settings)
    if document.texts:
        return _SetTexts(document.texts, numbers)
    return TextLayers(document, numbers, options, settings)


class _SetTexts:
    """Pages that Folio has set, which need no engine whatever the options say."""

    def __init__(self, texts: Path, numbers: Iterable[int]) -> None:
        self._texts, self._numbers = texts, set(numbers)

    def page(self, number: int, _folder: Path, _deadline: Deadline) -> TextLayerPage:
        return TextLayerPage(read_page(self._texts, number) if number in self._numbers else None)

    def readable(self, _folder: Path, _deadline: Deadline, _max_share: float) -> int:
        return len(self._numbers)


class _NoTexts:
    """Pictures among parts, where nobody may read them."""

    def page(self, number: int, _folder: Path, _deadline: Deadline) -> TextLayerPage:
        warned = Page(number=number, width=0, height=0, dpi=None, origin="text-layer", warnings=(_NO_LAYER,))
        return TextLayerPage(warned)

    def readable(self, _folder: Path, _deadline: Deadline, _max_share: float) -> int:
        return 0


class _PartTexts:
    """Those of all parts. A file that several parts are pages of is asked once for all of them."""

    def __init__(self, document: Document, numbers: Iterable[int], options: Options, settings: Settings) -> None:
        self._document = document
        chosen: dict[Path, tuple[Document, list[int]]] = {}
        for number in numbers:
            located, within = document.locate(number)
            chosen.setdefault(located.path, (located, []))[1].append(within)
        self._texts: dict[Path, PageTexts] = {}
        for path, (located, within_all) in chosen.items():
            unread = options.ocr == "never" and located.media_type != PDF
            self._texts[path] = _NoTexts() if unread else page_texts(located, within_all, options, settings)

    def page(self, number: int, folder: Path, deadline: Deadline) -> TextLayerPage:
        located, within = self._document.locate(number)
        layer = self._texts[located.path].page(within, folder, deadline)
        return replace(layer, page=replace(layer.page, number=number)) if layer.page else layer

    def readable(self, folder: Path, deadline: Deadline, max_share: float) -> int:
        return sum(texts.readable(folder, deadline, max_share) for texts in self._texts.values())
