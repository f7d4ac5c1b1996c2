"""Fonts for text that paints nothing, but can be found, selected and copied where it stands.

A font without anything to paint is enough for that (text rendering mode 3). Lines of Latin letters alone have a byte
for each (WinAnsiEncoding). In all others codes are the characters themselves, two bytes each (Identity-H); those beyond
U+FFFF get codes of the surrogates, which are no characters. What a viewer takes for a word's height is the font's
ascent, so there is a font for each of three: words of a line keep one size and one base line, by which viewers see that
they are one line, and yet have boxes as on the page.
"""

from folio.documents.pdf.objects import PdfFile
from folio.outputs.pdf.glyphless import EMPTY_GLYPH, NARROW_GLYPH, WIDE_GLYPH, glyphless_font

# Advances in thousandths of the size: Helvetica's for what is printable in ASCII, which most print is not far from.
_ASCII = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
)  # fmt: skip
_LAST_ASCII = 126
_NARROW = 556
_WIDE = 1000
_FIRST_WIDE = 0x1100  # no character below is set wide
_SURROGATES = range(0xD800, 0xE000)
# Ascents of the fonts, in thousandths: capitals, small letters, dots. A word gets the font with the next smaller one,
# and so the font's box stays inside the word's.
_ASCENTS = (700, 450, 200)
_DESCENT = -1  # 0 would be taken for "unknown"
# Stands for a blank that has neither width nor a box: PDFium passes over it.
ANCHOR = "\U000f0000"
# WinAnsiEncoding has a space and a hyphen in their place.
_OTHER_IN_WINANSI = "\u00a0\u00ad"


def is_latin(text: str) -> bool:
    """Return whether the fonts of one byte for each character have all of a text."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return text.isprintable() and not any(character in _OTHER_IN_WINANSI for character in text)


def advance(text: str, latin: bool) -> float:
    """Return the length of a text in these fonts, in font sizes."""
    return sum(_advance(ord(character), latin) for character in text) / 1000


def _advance(code: int, latin: bool) -> int:
    if 0x20 <= code <= _LAST_ASCII:
        return _ASCII[code - 0x20]
    if code == ord(ANCHOR):
        return 0
    return _WIDE if code >= _FIRST_WIDE and not latin else _NARROW


class Fonts:
    """The invisible fonts of one PDF and the codes of its characters."""

    def __init__(self, file: PdfFile) -> None:
        self._file = file
        self._numbers: dict[str, int] = {}
        self._codes: dict[str, int] = {}
        self._rows: set[int] = set()
        self._last = _LAST_ASCII  # code of one byte in use

    def encode(self, text: str, latin: bool, *, firm: bool = False) -> bytes:
        """Return the text as a PDF string. `firm`: its last character has a space after it, in one; never `latin`.

        poppler takes a hyphen that ends a line away and joins what is left with the next line it finds, and pdf.js
        joins words where a line begins as high as the one before it ends. Neither parts what one code stands for.
        """
        parts = (*text[:-1], text[-1:] + " ") if firm else text
        codes = text.encode("cp1252") if latin else b"".join(self._code(part).to_bytes(2) for part in parts)
        self._last = max(self._last, *codes) if latin else self._last
        for special in (b"\\", b"(", b")"):
            codes = codes.replace(special, b"\\" + special)
        return b"(" + codes.replace(b"\r", b"\\r") + b")"

    def _code(self, part: str) -> int:
        code = ord(part[0])
        if code > 0xFFFF or len(part) > 1:
            if part not in self._codes and len(self._codes) == len(_SURROGATES):
                return self._code(part[0] if len(part) > 1 else "\ufffd")
            return _SURROGATES[self._codes.setdefault(part, len(self._codes))]
        if code in _SURROGATES:
            return self._code("\ufffd")
        self._rows.add(code >> 8)
        return code

    def name(self, ascent: float, latin: bool) -> str:
        """Return the name of the font whose box fits best into one so high above the base line, in font sizes."""
        index = next((i for i, value in enumerate(_ASCENTS) if value <= ascent * 1000), len(_ASCENTS) - 1)
        name = f"Folio{'L' if latin else 'W'}{index}"
        if name not in self._numbers:
            self._numbers[name] = self._file.reserve()
        return name

    def number(self, name: str) -> int:
        """Return the object number of a font."""
        return self._numbers[name]

    def finish(self) -> None:
        """Write the fonts that were used, and what their codes mean."""
        if not self._numbers:
            return
        font = glyphless_font(_ASCENTS[0], _DESCENT)
        file = self._file.put_deflated(font, b"/Length1 %d" % len(font))
        # Each by itself: some viewers ignore a descriptor's MissingWidth.
        beyond = (_NARROW,) * (self._last - _LAST_ASCII)
        widths = self._file.put(b"[%s]" % b" ".join(b"%d" % width for width in _ASCII + beyond))
        used = sorted({int(name[-1]) for name in self._numbers})
        descriptors = {index: self._descriptor(_ASCENTS[index], file) for index in used}
        form = self._two_bytes(widths) if any(name.startswith("FolioW") for name in self._numbers) else b""
        for name, number in self._numbers.items():
            body = self._one_byte(widths) if name.startswith("FolioL") else form
            self._file.put(body.replace(b"DESCRIPTOR", b"%d 0 R" % descriptors[int(name[-1])]), number)

    def _descriptor(self, ascent: int, file: int) -> int:
        return self._file.put(
            b"<</Type/FontDescriptor/FontName/Folio/Flags 32/FontBBox[0 %d 1000 %d]/ItalicAngle 0/Ascent %d/Descent %d"
            b"/CapHeight %d/StemV 80/FontFile2 %d 0 R>>" % (_DESCENT, ascent, ascent, _DESCENT, ascent, file)
        )

    def _one_byte(self, widths: int) -> bytes:
        """Return a font for Latin letters, without its descriptor."""
        return (
            b"<</Type/Font/Subtype/TrueType/BaseFont/Folio/Encoding/WinAnsiEncoding/FirstChar 32/LastChar %d"
            b"/Widths %d 0 R/FontDescriptor DESCRIPTOR>>" % (self._last, widths)
        )

    def _two_bytes(self, widths: int) -> bytes:
        """Return a font for any characters, without its descriptor."""
        meaning = self._file.put_deflated(self._to_unicode())
        to_glyphs = self._file.put_deflated(self._to_glyphs())
        special = {_SURROGATES[code]: _advance(ord(part[0]), False) for part, code in self._codes.items()}
        widths_of_own = b" ".join(b"%d[%d]" % entry for entry in special.items() if entry[1] != _WIDE)
        return (
            b"<</Type/Font/Subtype/Type0/BaseFont/Folio/Encoding/Identity-H/ToUnicode %d 0 R/DescendantFonts[<<"
            b"/Type/Font/Subtype/CIDFontType2/BaseFont/Folio/CIDToGIDMap %d 0 R/DW %d/W[32 %d 0 R %d %d %d %s]"
            b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor DESCRIPTOR>>]>>"
            % (meaning, to_glyphs, _WIDE, widths, self._last + 1, _FIRST_WIDE - 1, _NARROW, widths_of_own)
        )

    def _to_glyphs(self) -> bytes:
        glyphs = [NARROW_GLYPH] * _FIRST_WIDE + [WIDE_GLYPH] * (0x10000 - _FIRST_WIDE)
        for part, code in self._codes.items():
            glyph = NARROW_GLYPH if ord(part[0]) < _FIRST_WIDE else WIDE_GLYPH
            glyphs[_SURROGATES[code]] = EMPTY_GLYPH if part == ANCHOR else glyph
        return b"".join(glyph.to_bytes(2) for glyph in glyphs)

    def _to_unicode(self) -> bytes:
        """Return a CMap of the rows in use. A range may not leave its row (Adobe technical note 5411)."""
        ranges = [f"<{row:02X}00><{row:02X}FF><{row:02X}00>" for row in sorted(self._rows)]
        meanings = {_SURROGATES[code]: " " if part == ANCHOR else part for part, code in self._codes.items()}
        singles = [
            f"<{code:04X}><{meaning.encode('utf-16-be', 'replace').hex().upper()}>"
            for code, meaning in meanings.items()
        ]
        parts = [
            f"{len(lines)} begin{kind}\n" + "\n".join(lines) + f"\nend{kind}\n"
            for kind, all_lines in (("bfrange", ranges), ("bfchar", singles))
            for lines in (all_lines[i : i + 100] for i in range(0, len(all_lines), 100))
        ]
        head = (
            "/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
            "/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n"
        )
        tail = "endcmap CMapName currentdict/CMap defineresource pop end end\n"
        return (head + "".join(parts) + tail).encode()
