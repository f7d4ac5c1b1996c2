"""The outputs that were asked for, written side by side."""

from collections.abc import Callable, Sequence
from pathlib import Path

from folio.config.settings import Settings
from folio.models import PDF, Document, Field, Output, Page
from folio.outputs.alto import AltoWriter
from folio.outputs.base import Writer
from folio.outputs.chunks import ChunksWriter
from folio.outputs.csv import CsvWriter
from folio.outputs.docx import DocxWriter
from folio.outputs.hocr import HocrWriter
from folio.outputs.html import HtmlWriter
from folio.outputs.markdown import MarkdownWriter
from folio.outputs.pdf.image_pdf import ImagePdf
from folio.outputs.pdf.parts import NoPdf
from folio.outputs.pdf.pdfa.writer import ArchivedPdf
from folio.outputs.pdf.redacted import RedactedPdf
from folio.outputs.pdf.searchable import SearchablePdf
from folio.outputs.text import TextWriter
from folio.outputs.textract import TextractWriter
from folio.outputs.xlsx import XlsxWriter

_PLAIN: dict[Output, Callable[[Path], Writer]] = {
    "text": TextWriter,
    "hocr": HocrWriter,
    "alto": AltoWriter,
    "markdown": MarkdownWriter,
    "html": HtmlWriter,
    "docx": DocxWriter,
    "chunks": ChunksWriter,
    "textract": TextractWriter,
    "csv": CsvWriter,
    "xlsx": XlsxWriter,
}


class Outputs:
    """One writer for each kind, in a folder of their own below `folder`."""

    def __init__(
        self, kinds: Sequence[Output], document: Document, folder: Path, settings: Settings, *, redacts: bool = False
    ) -> None:
        """`redacts`: whether something was to be masked, so that nothing may be taken from the source."""
        target = folder / "outputs"
        target.mkdir()
        self._kinds = kinds
        written: dict[Output, None] = dict.fromkeys(kind for kind in kinds if kind != "pdfa")
        if "pdfa" in kinds:
            written["pdf"] = None  # a PDF/A is made of it
        self._writers: dict[Output, Writer] = {
            kind: _writer(kind, document, target, settings, redacts) for kind in written
        }
        archived = "pdfa" in kinds and not document.parts
        self._archived = ArchivedPdf(target, document, settings) if archived else None

    def add(self, page: Page, fields: Sequence[Field] = ()) -> None:
        """Add the next page, and the fields on it."""
        for writer in self._writers.values():
            if isinstance(writer, TextractWriter):
                writer.add_with_fields(page, fields)
            else:
                writer.add(page)
        if self._archived:
            self._archived.add(page)

    def finish(self) -> tuple[dict[str, Path], list[str]]:
        """Return the files by kind, and the warnings for the result."""
        files: dict[str, Path] = {}
        for kind, writer in self._writers.items():
            if path := writer.finish():
                files[kind] = path
        warnings = [warning for writer in self._writers.values() for warning in writer.warnings]
        if self._archived:
            if path := self._archived.finish(files.get("pdf")):
                files["pdfa"] = path
            warnings += self._archived.warnings
        return {kind: path for kind, path in files.items() if kind in self._kinds}, warnings


def _writer(kind: Output, document: Document, folder: Path, settings: Settings, redacts: bool) -> Writer:
    if kind != "pdf":
        return _PLAIN[kind](folder)
    if document.parts:
        return NoPdf()
    if redacts:
        return RedactedPdf(folder, document, settings)
    if document.media_type == PDF:
        return SearchablePdf(folder, document, settings.page_timeout)
    return ImagePdf(folder, document, settings.max_pixels)
