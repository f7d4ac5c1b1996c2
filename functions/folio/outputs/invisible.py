"""Fonts for text that paints nothing, but is found, marked and copied where it stands.

A font without glyphs is enough for that (text rendering mode 3). Its codes are the characters themselves, two bytes
each (Identity-H); those beyond U+FFFF get codes of the surrogates, which are no characters. What a viewer takes for a
word's height is the font's ascent, so there is a font for each of three: words of a line keep one size
and one base line, by which viewers tell that they are one line, and yet are boxed as they stand on the page.
"""

from folio.outputs.pdffile import PdfFile

# Advances in thousandths of the size: Helvetica's for what is printable in ASCII, which most print is not far from.
_ASCII = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
)  # fmt: skip
_NARROW = 556
_WIDE = 1000
_FIRST_WIDE = 0x1100  # no character below is set wide
_SURROGATES = range(0xD800, 0xE000)
# Ascents there are fonts for, in thousandths: capitals, small letters, dots. A word's box is made of the next smaller
# one, from the base line up, and so stays inside it.
_ASCENTS = (700, 450, 200)
_DESCENT = -1  # 0 would be taken for "unknown"


def advance(text: str) -> float:
    """How far a text goes in these fonts, in sizes."""
    return sum(_advance(ord(letter)) for letter in text) / 1000


def _advance(code: int) -> int:
    if 0x20 <= code < 0x7F:
        return _ASCII[code - 0x20]
    return _WIDE if code >= _FIRST_WIDE else _NARROW


class Fonts:
    """The invisible fonts of one PDF and the codes of its characters."""

    def __init__(self, file: PdfFile) -> None:
        self._file = file
        self._numbers: dict[str, int] = {}
        self._codes: dict[str, int] = {}
        self._rows: set[int] = set()
        self._map = 0

    def encode(self, text: str) -> bytes:
        """The text as a PDF string."""
        codes = b"".join(self._code(letter).to_bytes(2) for letter in text)
        for special in (b"\\", b"(", b")"):
            codes = codes.replace(special, b"\\" + special)
        return b"(" + codes.replace(b"\r", b"\\r") + b")"

    def _code(self, letter: str) -> int:
        code = ord(letter)
        if code > 0xFFFF:
            if letter not in self._codes and len(self._codes) == len(_SURROGATES):
                return self._code("\ufffd")
            return _SURROGATES[self._codes.setdefault(letter, len(self._codes))]
        if code in _SURROGATES:
            return self._code("\ufffd")
        self._rows.add(code >> 8)
        return code

    def name(self, ascent: float) -> str:
        """The font whose box fits best into one so high above the base line, in sizes."""
        index = next((i for i, value in enumerate(_ASCENTS) if value <= ascent * 1000 + 25), len(_ASCENTS) - 1)
        name = f"Folio{index}"
        if name not in self._numbers:
            self._map = self._map or self._file.reserve()
            self._numbers[name] = self._file.reserve()
        return name

    def number(self, name: str) -> int:
        """Of its object."""
        return self._numbers[name]

    def finish(self) -> None:
        """Write the fonts that were used, and what their codes mean."""
        if not self._numbers:
            return
        widths = self._file.put(
            b"[32[%s]127 %d %d]" % (b" ".join(b"%d" % width for width in _ASCII), _FIRST_WIDE - 1, _NARROW)
        )
        system = self._file.put(b"<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>")
        for name, number in self._numbers.items():
            ascent = _ASCENTS[int(name[-1])]
            descriptor = self._file.put(
                b"<</Type/FontDescriptor/FontName/Folio/Flags 4/FontBBox[0 %d 1000 %d]/ItalicAngle 0/Ascent %d"
                b"/Descent %d/CapHeight %d/StemV 80>>" % (_DESCENT, ascent, ascent, _DESCENT, ascent)
            )
            self._file.put(
                b"<</Type/Font/Subtype/Type0/BaseFont/Folio/Encoding/Identity-H/ToUnicode %d 0 R/DescendantFonts[<<"
                b"/Type/Font/Subtype/CIDFontType2/BaseFont/Folio/CIDSystemInfo %d 0 R/CIDToGIDMap/Identity/DW %d"
                b"/W %d 0 R/FontDescriptor %d 0 R>>]>>" % (self._map, system, _WIDE, widths, descriptor),
                number,
            )
        self._file.put_deflated(self._to_unicode(), number=self._map)

    def _to_unicode(self) -> bytes:
        """A CMap of the rows in use. A range may not leave its row (Adobe technical note 5411)."""
        ranges = [f"<{row:02X}00><{row:02X}FF><{row:02X}00>" for row in sorted(self._rows)]
        singles = [
            f"<{_SURROGATES[code]:04X}><{letter.encode('utf-16-be').hex().upper()}>"
            for letter, code in self._codes.items()
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
