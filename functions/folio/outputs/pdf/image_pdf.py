"""`pdf` of a picture: every frame a page of its own size, as it is in the file, with invisible text under it."""

from pathlib import Path

from folio.deadline import Deadline
from folio.documents import children
from folio.documents.pdf import embed
from folio.documents.pdf.embed import Embedded
from folio.documents.pdf.objects import PdfFile
from folio.errors import FolioError
from folio.models import Document, Page
from folio.outputs.pdf.invisible_fonts import Fonts
from folio.outputs.pdf.text_operators import draw_text
from folio.transform import Point

_SECONDS = 300.0  # for one frame
_A4 = (595.28, 841.89)  # points; for a frame that cannot be decoded


class ImagePdf:
    """All frames of the source in order, also those that were not read; one of them in memory at a time."""

    _empty = "its picture cannot be decoded"

    def __init__(self, folder: Path, document: Document, max_pixels: int) -> None:
        self.warnings: list[str] = []
        self._path = folder / "searchable.pdf"
        self._document = document
        self._max_pixels = max_pixels
        self._file = PdfFile.new(self._path)
        self._catalog, self._tree = self._file.reserve(), self._file.reserve()
        self._fonts = Fonts(self._file)
        self._kids: list[int] = []

    def add(self, page: Page) -> None:
        self._fill(page.number - 1)
        self._frame(page)

    def finish(self) -> Path:
        self._fill(self._document.pages)
        self._fonts.finish()
        kids = b" ".join(b"%d 0 R" % kid for kid in self._kids)
        self._file.put(b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(self._kids), kids), self._tree)
        self._file.put(b"<</Type/Catalog/Pages %d 0 R>>" % self._tree, self._catalog)
        self._file.finish({"Root": b"%d 0 R" % self._catalog})
        return self._path

    def _fill(self, until: int) -> None:
        """Add the frames that were not read, up to that number."""
        while len(self._kids) < until:
            self._frame(None)

    def _frame(self, page: Page | None) -> None:
        number = len(self._kids) + 1
        try:
            frame = self._embedded(number, page)
        except FolioError:
            self.warnings.append(f"Page {number} of the searchable PDF is empty: {self._empty}.")
            self._page(_A4, b"", b"")
            return
        image = self._image(frame)
        content, names = b"", list[str]()
        if page and page.lines:
            width, height = frame.size

            def to_points(point: Point) -> Point:
                return point[0] / page.width * width, (1 - point[1] / page.height) * height

            content, names = draw_text(page, to_points, self._fonts)
        if frame.on_gray:
            content += b"q 0.5 g 0 0 %.2f %.2f re f Q\n" % frame.size
        content += b"q %s cm /P Do Q\n" % b" ".join(b"%.3f" % value for value in frame.matrix)
        fonts = b"".join(b"/%s %d 0 R" % (name.encode(), self._fonts.number(name)) for name in names)
        self._page(frame.size, b"/XObject<</P %d 0 R>>/Font<<%s>>" % (image, fonts), content)

    def _embedded(self, number: int, _page: Page | None) -> Embedded:
        """Return the picture of a page. Raises FolioError."""
        return children.call(
            "Decoding the picture", Deadline(_SECONDS), embed.embed, self._document.path, number, self._max_pixels
        )

    def _page(self, size: tuple[float, float], resources: bytes, content: bytes) -> None:
        stream = self._file.put_deflated(content)
        self._kids.append(
            self._file.put(
                b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %.2f %.2f]/Resources<<%s>>/Contents %d 0 R>>"
                % (self._tree, *size, resources, stream)
            )
        )

    def _image(self, frame: Embedded) -> int:
        mask = b"/SMask %d 0 R" % self._image(frame.mask) if frame.mask else b""
        return self._file.put_stream(frame.data, b"/Type/XObject/Subtype/Image" + frame.entries + mask)
