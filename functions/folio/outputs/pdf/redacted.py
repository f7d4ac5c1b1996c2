"""`pdf` of a document of which something is masked: every page a picture of its own, nothing taken from the source.

What a PDF holds besides what is seen (older versions of it, hidden text, attachments, metadata, thumbnails) cannot be
known to be free of what is masked: so all pages are drawn, and the file is new.
"""

import tempfile
from pathlib import Path

from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents import children
from folio.documents.pdf import poppler
from folio.documents.pdf.embed import Embedded
from folio.documents.pdf.poppler import POINTS_PER_INCH
from folio.errors import PageUnreadable
from folio.models import PDF, Document, Page
from folio.outputs.pdf import masked_picture
from folio.outputs.pdf.image_pdf import ImagePdf

_DPI = 200  # as pages of a PDF/A that become pictures


class RedactedPdf(ImagePdf):
    """Pages that were not read, or could not be, are empty: nobody knows what is on them."""

    _empty = "it was not read, so nothing on it could be masked"

    def __init__(self, folder: Path, document: Document, settings: Settings) -> None:
        super().__init__(folder, document, settings.max_pixels)
        self._folder, self._settings = folder, settings

    def _embedded(self, number: int, page: Page | None) -> Embedded:
        if page is None or page.status != "ok":
            raise PageUnreadable("It was not read.")
        polygons = tuple(redaction.polygon for redaction in page.redactions)
        seconds, pixels = self._settings.page_timeout, self._settings.max_pixels
        within = Deadline(seconds)
        size = (page.width, page.height)
        if self._document.media_type != PDF:
            source = self._document.path
            return children.call(
                "Masking the page", within, masked_picture.embed_masked, source, number, pixels, size, polygons
            )
        points = page.width * POINTS_PER_INCH / (page.dpi or _DPI), page.height * POINTS_PER_INCH / (page.dpi or _DPI)
        dpi = poppler.fitting_dpi(points, _DPI, self._settings.raster_pixels)
        per_unit = dpi * self._document.units.get(number, 1.0)
        with tempfile.TemporaryDirectory(dir=self._folder) as name:
            cropped = number not in self._document.uncropped
            drawn = poppler.draw_jpeg(self._document.path, number, per_unit, Path(name), seconds, cropped=cropped)
            return children.call(
                "Masking the page", within, masked_picture.embed_masked, drawn, 1, pixels, size, polygons
            )
