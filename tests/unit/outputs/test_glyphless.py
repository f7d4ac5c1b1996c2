"""The font of invisible text: a font for FreeType, whose glyphs have a box and paint nothing."""

import io
import struct

from PIL import ImageFont

from folio.outputs.pdf.glyphless import NARROW_GLYPH, WIDE_GLYPH, glyphless_font


def test_glyphs_have_a_box_and_paint_nothing() -> None:
    font = ImageFont.truetype(io.BytesIO(glyphless_font(700, -1)), 1000)
    _, top, _, bottom = font.getbbox("a")
    assert bottom - top == 700
    assert font.getlength("a") == 1000
    assert not any(font.getmask("a"))


def glyph_of(character: str) -> int:
    """The glyph of a character by the font's table, looked up as OpenType says for format 4."""
    data = glyphless_font(700, -1)
    (tables,) = struct.unpack(">H", data[4:6])
    directory = dict(struct.unpack(">4s4xI4x", data[12 + 16 * i : 28 + 16 * i]) for i in range(tables))
    start = directory[b"cmap"] + 12
    (twice,) = struct.unpack(">H", data[start + 6 : start + 8])
    columns = [start + 14, start + 16 + twice, start + 16 + 2 * twice, start + 16 + 3 * twice]
    for index in range(twice // 2):
        last, first, delta, offset = (struct.unpack(">H", data[c + 2 * index : c + 2 * index + 2])[0] for c in columns)
        if first <= ord(character) <= last:
            if not offset:
                return int(ord(character) + delta) & 0xFFFF
            place = columns[3] + 2 * index + offset + 2 * (ord(character) - first)
            return int(struct.unpack(">H", data[place : place + 2])[0])
    return 0


def test_no_latin_letter_is_the_glyph_of_missing_characters() -> None:
    letters = bytes(range(0x20, 0x100)).decode("cp1252", "ignore")
    assert {glyph_of(letter) for letter in letters} == {NARROW_GLYPH}
    assert NARROW_GLYPH != 0 != WIDE_GLYPH
    assert glyph_of("\u4e2d") == 0
