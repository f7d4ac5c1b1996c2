"""`pdf` of a PDF: the source byte for byte, and after it an increment that lays invisible text under its pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from folio.documents.pdf import poppler
from folio.errors import FolioError
from folio.models import Document, Page
from folio.outputs.pdf.increment import DAMAGED, Increment, Unfit

_FULL_DISK = (28, 122)  # ENOSPC, EDQUOT


class SearchablePdf:
    """Grows a copy of the source. What goes wrong with it is a warning: the document was read all the same."""

    def __init__(self, folder: Path, document: Document, timeout: float) -> None:
        self.warnings: list[str] = []
        self._path = folder / "searchable.pdf"
        self._document = document
        self._timeout = timeout
        self._increment: Increment | None = None
        with self._forgiving():
            self._increment = Increment(document.path, self._path, timeout)

    def add(self, page: Page) -> None:
        with self._forgiving():
            if self._increment and not self._increment.add(page):
                self.warnings.append(
                    f"Page {page.number} of the searchable PDF has no text: its shape there is another."
                )

    def finish(self) -> Path | None:
        with self._forgiving():
            if self._increment:
                self._increment.finish()
                self.warnings += self._increment.warnings
                self._require_same_pages()
        return self._path if self._increment else None

    def _require_same_pages(self) -> None:
        try:
            pages = poppler.count_pages(self._path, self._timeout)
        except FolioError:
            raise Unfit(DAMAGED) from None
        if pages != self._document.pages:
            raise Unfit(DAMAGED)

    @contextmanager
    def _forgiving(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            # pypdf raises whatever error came first in a damaged file, OSError for an offset outside of it too.
            if isinstance(error, OSError) and error.errno in _FULL_DISK:
                raise
            self.warnings = [str(error) if isinstance(error, Unfit) else DAMAGED]
            if self._increment:
                self._increment.close()
            self._increment = None
