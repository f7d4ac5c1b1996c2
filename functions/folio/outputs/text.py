"""`text`: the texts of the pages, separated by form feeds as in pdftotext's output."""

from pathlib import Path

from folio.models import Page
from folio.outputs.base import TextFile


class TextWriter(TextFile):
    """UTF-8 without a byte order mark; a page without text leaves nothing between two form feeds."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "text.txt")
        self._first = True

    def add(self, page: Page) -> None:
        self.write(("" if self._first else "\f") + page.text + ("\n" if page.text else ""))
        self._first = False
