"""Documents that are small and cost the program that draws them much."""

import io
from collections.abc import Sequence

from PIL import Image

from tests.support.documents.pdfs import write_pdf

_SIDES = b"[0 0 595 842]"
_HALF = b"/ExtGState<</G<</ca 0.5>>>>"


def memory_eater(depth: int = 80) -> bytes:
    """A page of transparent groups within each other, each of which poppler gives a bitmap: at 300 dpi 17 MB."""
    return _nested(depth, b"/Group<</S/Transparency/I true>>", times=1)


def time_eater(depth: int = 12) -> bytes:
    """A page that draws a form ten times, which draws another ten times, and so on."""
    return _nested(depth, b"", times=10)


def sparse_picture(width: int, height: int) -> bytes:
    """A TIFF of a black line on white, some kilobytes whatever its size."""
    picture = Image.new("1", (width, height), 1)
    picture.paste(0, (width // 4, height // 2, width // 2, height // 2 + 40))
    file = io.BytesIO()
    picture.save(file, "TIFF", compression="group4", dpi=(300, 300))
    return file.getvalue()


def _nested(depth: int, group: bytes, times: int) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox%s/Contents 4 0 R/Resources<<%s/XObject<</X 5 0 R>>>>>>" % (
        _SIDES,
        _HALF,
    )
    start = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page,
        _stream(b"", b"/G gs /X Do"),
    ]
    return write_pdf([*start, *_forms(depth, group, times)])


def _forms(depth: int, group: bytes, times: int) -> Sequence[bytes]:
    form = b"/Type/XObject/Subtype/Form/BBox%s%s/Resources<<%s%s>>"
    inner = [
        _stream(form % (_SIDES, group, _HALF, b"/XObject<</X %d 0 R>>" % (6 + level)), b"/G gs " + b"/X Do " * times)
        for level in range(depth - 1)
    ]
    return [*inner, _stream(form % (_SIDES, group, _HALF, b""), b"0 0 595 842 re f")]


def _stream(entries: bytes, data: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)
