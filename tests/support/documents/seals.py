"""Drawn pictures of print with a seal over it."""

import math

import numpy as np
from PIL import Image, ImageDraw

from tests.support.documents.cards import font

RED, BLUE = (205, 35, 40), (40, 60, 185)
PRINT = "兹收到上述款项并确认合同所列各项条款均已履行完毕特此证明本单据一式两份双方各执一份"
_SIZE = (1240, 900)


def round_seal(name: str, middle: str = "", number: str = "", *, wide: int = 320, high: int = 320) -> Image.Image:
    """The ink of a company's seal, 255 where it is: a name along the upper arc, a number along the lower one."""
    scale = 3
    image = Image.new("L", (scale * (wide + 8), scale * (high + 8)), 0)
    draw = ImageDraw.Draw(image)
    x, y, a, b = image.width / 2, image.height / 2, scale * wide / 2, scale * high / 2
    draw.ellipse((x - a, y - b, x + a, y + b), outline=255, width=round(a * 0.045))
    height = round(min(a * 0.26, b * 0.34))
    step = min(240, 20 * len(name) + 20) / (len(name) - 1)
    for index, letter in enumerate(name):
        angle = -90 + step * (index - (len(name) - 1) / 2)
        _set_letter(image, letter, height, (a * 0.94 - height / 2, b * 0.94 - height / 2), angle, 90)
    for index, digit in enumerate(number):
        _set_letter(image, digit, round(a * 0.12), (a * 0.87, b * 0.87), 90 - 5 * (index - (len(number) - 1) / 2), -90)
    if wide == high:
        star = [(a * (0.26, 0.1)[point % 2], math.radians(36 * point - 90)) for point in range(10)]
        draw.polygon([(x + far * math.cos(angle), y + far * math.sin(angle)) for far, angle in star], fill=255)
    draw.text((x, y + b * (0.42 if wide == high else 0.16)), middle, 255, font(round(a * 0.17)), anchor="mm")
    return image.resize((wide + 8, high + 8), Image.Resampling.LANCZOS)


def _set_letter(
    image: Image.Image, letter: str, height: int, radii: tuple[float, float], degrees: float, turn: int
) -> None:
    (a, b), angle = radii, math.radians(degrees)
    way = math.degrees(math.atan2(math.sin(angle) / b, math.cos(angle) / a)) + turn
    glyph = Image.new("L", (2 * height, 2 * height), 0)
    ImageDraw.Draw(glyph).text((height, height), letter, 255, font(height), anchor="mm")
    glyph = glyph.rotate(-way, Image.Resampling.BICUBIC)
    x, y = image.width / 2 + a * math.cos(angle), image.height / 2 + b * math.sin(angle)
    image.paste(255, (round(x - height), round(y - height)), glyph)


def square_seal(text: str, *, wide: int = 320, high: int = 130) -> Image.Image:
    """The ink of a stamp with corners and one line."""
    image = Image.new("L", (wide + 8, high + 8), 0)
    draw = ImageDraw.Draw(image)
    draw.rectangle((4, 4, wide + 4, high + 4), outline=255, width=7)
    height = round(wide * min(0.15, 1.3 / len(text)))
    draw.text((wide / 2 + 4, high / 2 + 4), text, 255, font(height), anchor="mm")
    return image


def stamped(
    *seals: tuple[Image.Image, tuple[int, int, int], tuple[int, int]], turn: float = 0, opacity: float = 0.8
) -> Image.Image:
    """A page of print with seals over it: each with its color and its middle, turned by degrees against the clock."""
    page = Image.new("RGB", _SIZE, (252, 251, 248))
    draw = ImageDraw.Draw(page)
    for row in range(60, _SIZE[1] - 60, 56):
        draw.text((80, row), (PRINT[row % 30 :] + PRINT)[:36], (25, 25, 25), font(30))
    pixels = np.asarray(page, np.float64)
    for ink, color, (x, y) in seals:
        turned = ink.rotate(turn, Image.Resampling.BICUBIC, expand=True)
        layer = Image.new("L", _SIZE, 0)
        layer.paste(turned, (x - turned.width // 2, y - turned.height // 2))
        share = np.asarray(layer, np.float64)[..., None] / 255 * opacity
        pixels = pixels * (1 - share + share * np.array(color, np.float64) / 255)
    return Image.fromarray(pixels.astype(np.uint8))
