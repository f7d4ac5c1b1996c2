"""Small documents of all types, damaged in ways that a seed decides."""

import io
import random
from collections.abc import Iterator

import numpy as np

from tests.support.documents.drawings import draw
from tests.support.documents.jpegs import deep_jpeg, lossless_jpeg
from tests.support.documents.pdfs import PdfPage, make_pdf, text, words
from tests.support.documents.tiffs import tiff


def documents() -> dict[str, bytes]:
    """Return whole documents by the ending of their names."""
    sheet = draw("Harbour 42", size=(200, 80), height=24).image
    shades = np.asarray(sheet)
    color = sheet.convert("RGB")
    result = {"pdf": make_pdf(PdfPage(picture=words("lantern", size=(420, 595))), PdfPage(content=text("harbour")))}
    for ending, kind, image, compression in (
        ("png", "PNG", color, None), ("jpg", "JPEG", color, None), ("bmp", "BMP", sheet, None),
        ("gif", "GIF", sheet, None), ("webp", "WEBP", color, None), ("jp2", "JPEG2000", sheet, None),
        ("lzw.tif", "TIFF", sheet, "tiff_lzw"),
    ):  # fmt: skip
        buffer = io.BytesIO()
        image.save(buffer, kind, compression=compression)
        result[ending] = buffer.getvalue()
    result["tif"] = tiff(shades, shades, shades[:40], kinds=[0, 0, 1]).data
    result["big.tif"] = tiff(shades, shades, order=">", big=True).data
    small = shades[:40, :80, None].astype(int)
    return result | {"lossless.jpg": lossless_jpeg(small * 16, 12, 1), "deep.jpg": deep_jpeg(small * 16)}


def mutated(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of damaged documents; the same ones for the same seed."""
    chance = random.Random(seed)
    whole = list(documents().items())
    for number in range(count):
        ending, data = whole[number % len(whole)]
        content = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            chance.choice(_DAMAGES)(content, chance, whole)
        yield f"{number}.{ending}", bytes(content)


def _flip(content: bytearray, chance: random.Random, _: object) -> None:
    for _ in range(chance.choice((1, 1, 8, 60))):
        if content:
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _flip_at_the_start(content: bytearray, chance: random.Random, _: object) -> None:
    for _ in range(4):
        if content:
            content[chance.randrange(min(len(content), 200))] = chance.randrange(256)


def _cut(content: bytearray, chance: random.Random, _: object) -> None:
    del content[chance.randint(0, len(content)) :]


def _splice(content: bytearray, chance: random.Random, whole: list[tuple[str, bytes]]) -> None:
    other = chance.choice(whole)[1]
    start = chance.randrange(len(other))
    at = chance.randint(0, len(content))
    content[at : at + chance.choice((0, 50))] = other[start : start + chance.randint(1, 400)]


def _repeat(content: bytearray, chance: random.Random, _: object) -> None:
    start = chance.randint(0, len(content))
    content[start:start] = content[start : start + chance.randint(1, 300)]


def _lie(content: bytearray, chance: random.Random, _: object) -> None:
    """Put an extreme number where one may stand."""
    number = chance.choice((0, 1, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF))
    size = chance.choice((2, 4))
    at = chance.randint(0, min(len(content), 600))
    content[at : at + size] = (number & ((1 << 8 * size) - 1)).to_bytes(size, chance.choice(("little", "big")))


_DAMAGES = (_flip, _flip_at_the_start, _cut, _splice, _repeat, _lie)
