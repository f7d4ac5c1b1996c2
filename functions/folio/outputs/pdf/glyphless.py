"""A TrueType font of two glyphs that paint nothing. Viewers look for a font that is not in the file, and complain.

A glyph is a line from its origin to the corner of a box: PDFium, Chrome's viewer, takes no text whose glyphs have none.
"""

from struct import pack

UNITS = 1000  # to the em, as PDF counts
NARROW_GLYPH, WIDE_GLYPH = 0, 1
_MAGIC = 0x5F0F3CF5
_BOXES = ((500, 700), (1000, 700))  # of the glyphs: half the em as most letters, all of it as Chinese characters


def glyphless_font(ascent: int, descent: int) -> bytes:
    """Return a font file (OpenType 1.9, TrueType outlines) with just the tables that ISO 32000-1, 9.9 requires."""
    head = pack(
        ">IIIIHHqqhhhhHHhhh", 0x10000, 0x10000, 0, _MAGIC, 0, UNITS, 0, 0, 0, descent, UNITS, ascent, 0, 1, 2, 0, 0
    )
    hhea = pack(">IhhhHhhhhhh8xhH", 0x10000, ascent, descent, 0, UNITS, 0, 0, UNITS, 1, 0, 0, 0, 1)
    tables = {
        # For Windows and Unicode, in format 4: the one segment that is required, and nothing in it.
        b"cmap": pack(">HHHHIHHHHHHHHHHhH", 0, 1, 3, 1, 12, 4, 24, 0, 2, 2, 0, 0, 0xFFFF, 0, 0xFFFF, 1, 0),
        b"glyf": b"".join(_glyph(*box) for box in _BOXES),
        b"head": head,
        b"hhea": hhea,
        b"hmtx": pack(">Hhh", UNITS, 0, 0),
        b"loca": pack(">HHH", 0, _GLYPH_BYTES // 2, _GLYPH_BYTES),
        b"maxp": pack(">IHHH4xH16x", 0x10000, len(_BOXES), 2, 1, 1),
    }
    # How many tables, and numbers for a binary search: 4 is the largest power of two below 7.
    directory, data = pack(">IHHHH", 0x10000, len(tables), 4 * 16, 2, (len(tables) - 4) * 16), b""
    start = len(directory) + 16 * len(tables)
    for tag, table in tables.items():
        padded = table + bytes(-len(table) % 4)
        directory += pack(">4sIII", tag, _checksum(padded), start + len(data), len(table))
        data += padded
    return directory + data


_GLYPH_BYTES = 20


def _glyph(width: int, height: int) -> bytes:
    """Return a contour of two points: it has a box, and no area."""
    # Both on the curve; the first at 0, 0, and the way from there to the second in two words.
    first, second = 0x31, 0x01
    return pack(">hhhhhHHBBhh", 1, 0, 0, width, height, 1, 0, first, second, width, height)


def _checksum(table: bytes) -> int:
    return sum(int.from_bytes(table[i : i + 4]) for i in range(0, len(table), 4)) & 0xFFFFFFFF
