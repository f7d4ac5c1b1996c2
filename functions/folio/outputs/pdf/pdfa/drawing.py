"""A page that cannot stay as it is, as a picture with its text behind: a reader sees and finds the same."""

import tempfile
from pathlib import Path

from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents import children
from folio.documents.pdf import embed, poppler
from folio.documents.pdf.objects import PdfFile
from folio.models import Page
from folio.outputs.pdf.invisible_fonts import Fonts
from folio.outputs.pdf.text_operators import draw_text
from folio.transform import Point

_DPI = 200  # small print stays legible; 300 takes twice the bytes
_A4 = (595.28, 841.89)  # points; for a page of which nothing is known


class DrawnPages:
    """Draws pages of one PDF into another one."""

    def __init__(self, source: Path, pages: int, file: PdfFile, folder: Path, settings: Settings) -> None:
        """`folder` is for files that last as long as a page."""
        self._source, self._file, self._folder, self._settings = source, file, folder, settings
        self._sizes = poppler.page_sizes(source, pages, settings.page_timeout)
        self._fonts = Fonts(file)

    def page(self, number: int, page: Page | None) -> bytes:
        """Write a page's picture and its text; return the entries of its dictionary. Raises FolioError."""
        size = self._sizes.get(number, _A4)
        dpi = poppler.fitting_dpi(size, _DPI, self._settings.raster_pixels)
        seconds = self._settings.page_timeout
        with tempfile.TemporaryDirectory(dir=self._folder) as name:
            picture = poppler.draw_jpeg(self._source, number, dpi, Path(name), seconds)
            frame = children.call(
                "Embedding the picture", Deadline(seconds), embed.embed, picture, 1, self._settings.max_pixels
            )
        image = self._file.put_stream(frame.data, b"/Type/XObject/Subtype/Image" + frame.entries)
        content, fonts = self._text(page, size)
        content += b"q %.3f 0 0 %.3f 0 0 cm /P Do Q\n" % size
        resources = b"/XObject<</P %d 0 R>>/Font<<%s>>" % (image, fonts)
        return _entries(size, resources, self._file.put_deflated(content))

    def blank(self, number: int) -> bytes:
        """Return the entries of an empty page of the same size."""
        return _entries(self._sizes.get(number, _A4), b"", self._file.put_deflated(b""))

    def _text(self, page: Page | None, size: tuple[float, float]) -> tuple[bytes, bytes]:
        """Return the invisible text of a page, and its fonts as entries of a dictionary."""
        if not page or not page.lines:
            return b"", b""
        width, height = size

        def to_points(point: Point) -> Point:
            return point[0] / page.width * width, (1 - point[1] / page.height) * height

        content, names = draw_text(page, to_points, self._fonts)
        return content, b"".join(b"/%s %d 0 R" % (name.encode(), self._fonts.number(name)) for name in names)

    def finish(self) -> None:
        self._fonts.finish()


def _entries(size: tuple[float, float], resources: bytes, content: int) -> bytes:
    return b"/MediaBox[0 0 %.3f %.3f]/Resources<<%s>>/Contents %d 0 R" % (*size, resources, content)
