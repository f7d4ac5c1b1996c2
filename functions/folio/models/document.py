"""A document in a local file, its parts, and the images of its pages."""

from pathlib import Path

from msgspec import Struct

from folio.models.content import Seal
from folio.transform import Transform

PDF = "application/pdf"


class Problem(Struct, frozen=True):
    """An error as the result tells it: class name, a sentence, and what to do."""

    type: str
    message: str
    hint: str


class Document(Struct, frozen=True, kw_only=True):
    """A readable document in a local file.

    Of PDFs only, by page number: `sizes`, width and height in points; `units`, how many points a unit of the page has,
    where that is not one; `uncropped`, pages whose crop box leaves nothing of them, and which are shown without it;
    `may_be_scan`, whether its pages may be no more than JPEGs.
    `warnings` are about the whole document; `attachment` is its name if it is attached to another one.

    Of a file that is neither a PDF nor a picture, `source_type` is its media type, and what lies at `path` was made of
    it: a PDF with that `media_type`; or, with `parts`, the file itself, whose pages are those of the parts, one after
    the other. `texts` is the folder with what is read of each page, where Folio has set it.
    """

    path: Path
    media_type: str
    sha256: str
    bytes: int
    pages: int
    sizes: dict[int, tuple[float, float]]
    units: dict[int, float] = {}
    uncropped: frozenset[int] = frozenset()
    may_be_scan: bool = False
    warnings: tuple[str, ...] = ()
    attachment: str = ""
    source_type: str = ""
    texts: Path | None = None
    parts: tuple["DocumentPart", ...] = ()

    def locate(self, number: int) -> tuple["Document", int]:
        """Return the document in whose file a page is, and its number there."""
        part = self.part_of(number)
        if part is None:
            return self, number
        before = sum(one.pages for one in self.parts[: part - 1])
        within = self.parts[part - 1]
        return (within.document or self).locate(within.first + number - before - 1)

    def part_of(self, number: int) -> int | None:
        """Return the number of the part that a page is in, counted from 1; None if there are no parts."""
        end = 0
        for index, part in enumerate(self.parts, start=1):
            end += part.pages
            if number <= end:
                return index
        return None


class DocumentPart(Struct, frozen=True, kw_only=True):
    """Pages of a document that came in one of its files: `pages` of them from `first`, counted in that file.

    `name` is what the document calls the file, and `file` the one of its own files that this one lies in, or is; empty
    for the document's own pages. Without a `document` it is one that cannot be read, for the reason
    `error`.
    """

    name: str
    file: str = ""
    media_type: str = ""
    document: Document | None = None
    first: int = 1
    pages: int = 0
    error: Problem | None = None


class SealText(Struct, frozen=True):
    """What is written on a seal, its lines one below the other; empty where none of it can be read."""

    text: str = ""
    confidence: float | None = None


class Ink(Struct, frozen=True):
    """A seal's or a watermark's ink alone: `path` is a gray PGM file, black on white. `is_repeated`: the same text is
    there several times, each in parts.
    """

    path: Path
    is_repeated: bool = False


class PageImage(Struct, frozen=True, kw_only=True):
    """A page as pixels: `path` is a grey PGM file, `to_page` leads from its pixels to the page's.

    `width` and `height` are the page's in pixels, as the result states them; `dpi` is its resolution where known;
    `complaints` is how often the program that drew it found fault.
    """

    number: int
    path: Path
    width: int
    height: int
    dpi: float | None
    to_page: Transform = Transform()
    skew: float = 0.0  # clockwise degrees it was turned by to lie straight
    steps: tuple[str, ...] = ()
    complaints: int = 0
    warnings: tuple[str, ...] = ()
    seals: tuple[Seal, ...] = ()  # on the page, in its pixels; taken off the drawing
    inks: tuple[Ink, ...] = ()  # of the first of these
