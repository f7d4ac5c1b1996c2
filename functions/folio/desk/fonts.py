"""Whether poppler finds fonts for PDFs that bring none of their own, which it draws blank without."""

import subprocess
import tempfile
from pathlib import Path

from folio.documents.pdf import poppler
from folio.errors import FolioError

_LATIN = (b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",), b"(Ag)"
_CHINESE = (
    (
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>",
    ),
    b"<8239>",
)
FONTS = {":lang=en": _LATIN, ":lang=zh-cn": _CHINESE}  # by what fontconfig calls them
_SIDES = (40, 20)  # points, and pixels
_TIMEOUT_SECONDS = 30.0


def font(pattern: str) -> str | None:
    """Return the name of an installed font, None without any.

    A container has no `fc-list`; there a page is drawn, and the name is not known.
    """
    try:
        listing = subprocess.run(
            ["fc-list", pattern, "family"], capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False
        )
    except OSError:
        return "one that poppler draws" if _is_drawn(*FONTS[pattern]) else None
    return next((line.strip() for line in sorted(listing.stdout.splitlines()) if line.strip()), None)


def _is_drawn(objects: tuple[bytes, ...], text: bytes) -> bool:
    """Whether a page with a word in such a font has any ink."""
    with tempfile.TemporaryDirectory(prefix="folio-font-") as folder:
        path = Path(folder) / "page.pdf"
        path.write_bytes(_page(objects, b"BT /F 16 Tf 2 4 Td %s Tj ET" % text))
        try:
            drawing = poppler.draw(path, 1, 72, Path(folder), _TIMEOUT_SECONDS)
        except FolioError:
            return False
        return min(drawing.path.read_bytes()[-_SIDES[0] * _SIDES[1] :]) < 128


def _page(objects: tuple[bytes, ...], content: bytes) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>" % _SIDES
    stream = b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)
    all_ = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, stream, *objects)
    numbered = b"".join(b"%d 0 obj%s endobj\n" % (number, each) for number, each in enumerate(all_, start=1))
    return b"%%PDF-1.4\n%strailer<</Root 1 0 R>>\n" % numbered
