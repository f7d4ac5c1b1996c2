"""The font of invisible text: a font for FreeType, whose glyphs have a box and paint nothing."""

import io

from PIL import ImageFont

from folio.outputs.pdf.glyphless import glyphless_font


def test_glyphs_have_a_box_and_paint_nothing() -> None:
    font = ImageFont.truetype(io.BytesIO(glyphless_font(700, -1)), 1000)
    _, top, _, bottom = font.getbbox("a")
    assert bottom - top == 700
    assert font.getlength("a") == 1000
    assert not any(font.getmask("a"))
