"""PDFs with text whose fonts they do not carry: whoever draws them must have such fonts."""

from collections.abc import Sequence

from tests.support.documents.pdfs import A5, write_pdf

AT = (40, 400)  # points from the bottom left corner, where the text begins
HEIGHT = 16  # points; Tesseract misreads Chinese that is much larger at 300 dpi
CHINESE = "图书馆开放时间通知"


def latin_pdf(text: str, font: str) -> bytes:
    """One line in one of the fourteen fonts every PDF reader must have."""
    return _pdf(b"(%s)" % text.encode(), b"<</Type/Font/Subtype/Type1/BaseFont/%s>>" % font.encode())


def chinese_pdf(text: str = CHINESE) -> bytes:
    """One line in the font that Adobe's readers come with for simplified Chinese."""
    return placed_chinese_pdf([(text, *AT)])


def placed_chinese_pdf(
    placed: Sequence[tuple[str, float, float]], *, encoding: bytes = b"UniGB-UCS2-H", turned: bytes = b"%s"
) -> bytes:
    """Texts in that font, each with the point where its base line begins; Latin letters are half as wide as high.

    With the encoding UniGB-UCS2-V they run downwards from that point, the middle of their upper edge. `turned` is
    content around theirs.
    """
    content = turned % b"".join(
        b"BT /F %d Tf %.2f %.2f Td <%s> Tj ET\n" % (HEIGHT, x, y, text.encode("utf-16-be").hex().encode())
        for text, x, y in placed
    )
    return _whole_pdf(
        content,
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/%s/DescendantFonts[6 0 R]>>" % encoding,
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/W[1 95 500]/FontDescriptor 7 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
        b"/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
    )


def _pdf(shown: bytes, *font: bytes) -> bytes:
    """The font is object 5; what else belongs to it follows."""
    return _whole_pdf(b"BT /F %d Tf %d %d Td %s Tj ET" % (HEIGHT, *AT, shown), *font)


def _whole_pdf(content: bytes, *font: bytes) -> bytes:
    return write_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>" % A5,
            b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
            *font,
        ]
    )
