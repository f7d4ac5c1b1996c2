"""A TrueType font of glyphs that paint nothing. Viewers look for a font that is not in the file, and complain.

The first glyph stands for characters that a font has not; PDF/A allows no text to use it. A glyph is a line from its
origin to the corner of a box: PDFium, Chrome's viewer, takes no text whose glyphs have none.
"""

from struct import pack

UNITS = 1000  # to the em, as PDF counts
NARROW_GLYPH, WIDE_GLYPH, EMPTY_GLYPH = 1, 2, 3
_MAGIC = 0x5F0F3CF5
# Of the glyphs but the last, which has none: half the em as most letters, all of it as Chinese.
_BOXES = ((500, 700), (500, 700), (1000, 700))
_GLYPHS = len(_BOXES) + 1


def glyphless_font(ascent: int, descent: int) -> bytes:
    """Return a font file (OpenType 1.9, TrueType outlines) with just the tables that ISO 32000-1, 9.9 requires."""
    head = pack(
        ">IIIIHHqqhhhhHHhhh", 0x10000, 0x10000, 0, _MAGIC, 0, UNITS, 0, 0, 0, descent, UNITS, ascent, 0, 1, 2, 0, 0
    )
    hhea = pack(">IhhhHhhhhhh8xhH", 0x10000, ascent, descent, 0, UNITS, 0, 0, UNITS, 1, 0, 0, 0, 1)
    tables = {
        b"cmap": _cmap(),
        b"glyf": b"".join(_glyph(*box) for box in _BOXES),
        b"head": head,
        b"hhea": hhea,
        b"hmtx": pack(f">H{_GLYPHS}h", UNITS, *(0 for _ in range(_GLYPHS))),
        b"loca": pack(">5H", *(min(index, len(_BOXES)) * _GLYPH_BYTES // 2 for index in range(_GLYPHS + 1))),
        b"maxp": pack(">IHHH4xH16x", 0x10000, _GLYPHS, 2, 1, 1),
    }
    # How many tables, and numbers for a binary search: 4 is the largest power of two below 7.
    directory, data = pack(">IHHHH", 0x10000, len(tables), 4 * 16, 2, (len(tables) - 4) * 16), b""
    start = len(directory) + 16 * len(tables)
    for tag, table in tables.items():
        padded = table + bytes(-len(table) % 4)
        directory += pack(">4sIII", tag, _checksum(padded), start + len(data), len(table))
        data += padded
    return directory + data


def _cmap() -> bytes:
    """Return a table for Windows and Unicode, in format 4: all characters of WinAnsiEncoding have the narrow glyph."""
    codes = sorted(map(ord, bytes(range(0x20, 0x100)).decode("cp1252", "ignore")))
    firsts = [code for code in codes if code - 1 not in codes] + [0xFFFF]  # the last segment is required, and empty
    lasts = [code for code in codes if code + 1 not in codes] + [0xFFFF]
    count = len(firsts)
    power = 1 << count.bit_length() - 1
    glyphs = [NARROW_GLYPH] * max(last - first + 1 for first, last in zip(firsts, lasts, strict=True))
    # All segments but the last take their glyphs from one array; the offset to it counts from where it stands itself.
    offsets = [2 * (count - index) for index in range(count - 1)] + [0]
    deltas = [0] * (count - 1) + [1]
    search = (2 * count, 2 * power, power.bit_length() - 1, 2 * (count - power))
    numbers = [*search, *lasts, 0, *firsts, *deltas, *offsets, *glyphs]
    table = pack(f">HHH{len(numbers)}H", 4, 6 + 2 * len(numbers), 0, *numbers)
    return pack(">HHHHI", 0, 1, 3, 1, 12) + table


_GLYPH_BYTES = 20


def _glyph(width: int, height: int) -> bytes:
    """Return a contour of two points: it has a box, and no area."""
    # Both on the curve; the first at 0, 0, and the way from there to the second in two words.
    first, second = 0x31, 0x01
    return pack(">hhhhhHHBBhh", 1, 0, 0, width, height, 1, 0, first, second, width, height)


def _checksum(table: bytes) -> int:
    return sum(int.from_bytes(table[i : i + 4]) for i in range(0, len(table), 4)) & 0xFFFFFFFF
