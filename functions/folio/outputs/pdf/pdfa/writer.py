"""`pdfa`: the searchable PDF once more, as PDF/A-2b."""

from collections.abc import Iterator
from pathlib import Path

from folio.config.settings import Settings
from folio.documents.pdf import poppler
from folio.documents.pdf.reader import open_pdf
from folio.models import PDF, Document, Page, decode, encode
from folio.outputs.pdf.pdfa.archive import Archive, TooManyDrawn

_NONE = "No PDF/A was made: "
_ENCRYPTED = f"{_NONE}the document is encrypted, and a PDF/A may not be."
_DAMAGED = f"{_NONE}the document is damaged; print it into a new PDF and read that."
_TOO_MANY = "more than {} pages would have to be drawn as pictures; split the document."
_MAX_DRAWN = 300  # pages: at a second each they are a third of what a Lambda function may take
_FULL_DISK = (28, 122)  # ENOSPC, EDQUOT


class ArchivedPdf:
    """Keeps the pages until the searchable PDF is there. What goes wrong is a warning: the document was read."""

    def __init__(self, folder: Path, document: Document, settings: Settings, max_drawn: int = _MAX_DRAWN) -> None:
        self.warnings: list[str] = []
        self._document, self._settings, self._max_drawn = document, settings, max_drawn
        self._target = folder / "pdfa.pdf"
        self._pages = (folder / "pdfa.jsonl").open("w+b")

    def add(self, page: Page) -> None:
        self._pages.write(encode(page) + b"\n")

    def finish(self, searchable: Path | None) -> Path | None:
        """Return the file, made from the searchable PDF, or from drawings of the source where there is none."""
        try:
            return self._converted(searchable)
        except TooManyDrawn:
            self.warnings = [_NONE + _TOO_MANY.format(self._max_drawn)]
        except Exception as error:
            if isinstance(error, OSError) and error.errno in _FULL_DISK:
                raise
            self.warnings = [_DAMAGED]
        finally:
            self._pages.close()
        return None

    def _converted(self, searchable: Path | None) -> Path | None:
        if searchable is None and self._is_encrypted():
            self.warnings = [_ENCRYPTED]
            return None
        source = searchable or self._document.path
        archive = Archive(
            source,
            self._target,
            self._document.pages,
            self._settings,
            readable=searchable is not None,
            max_drawn=self._max_drawn,
        )
        try:
            for number, page in enumerate(self._all_pages(), start=1):
                archive.add(number, page)
            archive.finish(self._document.sha256)
            self.warnings = archive.warnings()
        finally:
            archive.close()
        if poppler.count_pages(self._target, self._settings.page_timeout) != self._document.pages:
            self.warnings = [_DAMAGED]
            return None
        return self._target

    def _is_encrypted(self) -> bool:
        if self._document.media_type != PDF:
            return False
        try:
            return open_pdf(self._document.path).is_encrypted
        except Exception:  # noqa: BLE001 (as above)
            return False

    def _all_pages(self) -> Iterator[Page | None]:
        """Yield what was read of each page of the document, None of those that were not."""
        self._pages.seek(0)
        number = 1
        for line in self._pages:
            page = decode(line, Page)
            yield from [None] * (page.number - number)
            yield page
            number = page.number + 1
        yield from [None] * (self._document.pages + 1 - number)
