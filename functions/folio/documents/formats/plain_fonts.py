"""Fonts that every viewer has, for text that Folio writes into PDFs: they are not embedded.

Courier for Latin, STSong-Light for Chinese and most other characters, HYSMyeongJo-Medium for Korean. Each has a table
that takes what is shown back to the very characters, for some stand for others in the fonts' own tables.
"""

from collections.abc import Iterator

from folio.documents.pdf.objects import PdfFile

_COURIER_SCALE = 100 * 0.5 / 0.6  # its characters are 0.6 wide, those of Chinese fonts 0.5
_WIDE = {
    "S": (b"STSong-Light", b"UniGB-UTF16-H", b"GB1", b"[1 95 500 814 939 500]"),
    "K": (b"HYSMyeongJo-Medium", b"UniKS-UTF16-H", b"Korea1", b"[1 95 500 8094 8190 500]"),
}
_TO_UNICODE = (
    b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapName/F def/CMapType 2 def\n"
    b"1 begincodespacerange<0000><FFFF>endcodespacerange\n%s\n"
    b"endcmap CMapName currentdict/CMap defineresource pop end end"
)


def put_fonts(file: PdfFile) -> bytes:
    """Write the fonts and return the entry of a page's resources that names them."""
    latin = file.put(b"<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>")
    fonts = b"/C %d 0 R" % latin
    ranges = b"\n".join(b"<%02X00><%02XFF><%02X00>" % (high, high, high) for high in range(256))
    parts = ranges.split(b"\n")
    blocks = b"\n".join(
        b"%d beginbfrange\n%s\nendbfrange" % (len(some), b"\n".join(some))
        for some in (parts[start : start + 100] for start in range(0, 256, 100))
    )
    to_unicode = file.put_deflated(_TO_UNICODE % blocks)
    for name, (font, encoding, ordering, widths) in _WIDE.items():
        descriptor = file.put(
            b"<</Type/FontDescriptor/FontName/%s/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
            b"/Ascent 880/Descent -120/CapHeight 880/StemV 93>>" % font
        )
        descendant = file.put(
            b"<</Type/Font/Subtype/CIDFontType0/BaseFont/%s/FontDescriptor %d 0 R/DW 1000/W%s"
            b"/CIDSystemInfo<</Registry(Adobe)/Ordering(%s)/Supplement 5>>>>" % (font, descriptor, widths, ordering)
        )
        number = file.put(
            b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/%s/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
            % (font, encoding, descendant, to_unicode)
        )
        fonts += b"/%s %d 0 R" % (name.encode(), number)
    return b"/Font<<%s>>" % fonts


def shown(text: str, size: float) -> bytes:
    """Return the operators that show a text from where it is set, in fonts of that size."""
    return b"\n".join(_run(run, name, size) for run, name in _runs(text))


def _run(text: str, name: str, size: float) -> bytes:
    if name == "C":
        return b"/C %.3f Tf %.2f Tz <%s> Tj" % (size, _COURIER_SCALE, text.encode("cp1252", "replace").hex().encode())
    return b"/%s %.3f Tf 100 Tz <%s> Tj" % (name.encode(), size, text.encode("utf-16-be", "replace").hex().encode())


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """Yield parts of a text, each with the name of its font."""
    start, names = 0, [_font(character) for character in text]
    for index in range(1, len(text) + 1):
        if index == len(text) or names[index] != names[start]:
            yield text[start:index], names[start]
            start = index


def _font(character: str) -> str:
    if character < "\x80" or "\xa0" <= character <= "\xff" or character in "–‘’“”•€":
        return "C"
    return "K" if "\uac00" <= character <= "\ud7a3" or "\u1100" <= character <= "\u11ff" else "S"
