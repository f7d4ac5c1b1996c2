"""Pages with codes drawn on them: as printed, turned, skewed, and as a phone photographs them."""

import random
import string
from typing import TYPE_CHECKING

import cv2
import numpy as np
import zxingcpp
from msgspec import Struct

from folio.documents.raster.pixels import Grey
from folio.transform import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray

    type Changed = tuple[Grey, NDArray[np.float64]]

_PAGE_PX = 2339, 1654  # height and width of A4 at 200 dpi
_LETTERS, _DIGITS = string.ascii_uppercase + string.digits, string.digits

# Kind as the result says it -> zxing's name of it, and how its values are made.
KINDS = {
    "qr_code": "QRCode", "data_matrix": "DataMatrix", "pdf417": "PDF417", "aztec": "Aztec",
    "code_128": "Code128", "code_39": "Code39", "ean_13": "EAN13", "itf": "ITF",
}  # fmt: skip
WAYS = ("printed", "turned", "skewed", "photographed")


class DrawnCode(Struct, frozen=True):
    """A page (grey) with one code: what it is, what it says, and where the corners of it were drawn."""

    page: Grey
    kind: str
    value: str
    box: Box


def draw_code(kind: str, way: str, chance: random.Random) -> DrawnCode:
    """Return a page with a code of a kind and lines of writing around it, made in one of the `WAYS`."""
    value = value_of(kind, chance)
    module = 3 if kind == "pdf417" else chance.choice((3, 4, 5))  # pixels: 0.4 to 0.6 mm
    symbol = drawn_symbol(value, KINDS[kind], module)
    while symbol.shape[1] > _PAGE_PX[1] - 320:
        module -= 1
        symbol = drawn_symbol(value, KINDS[kind], module)
    page = _paper(chance)
    height, width = symbol.shape
    top, left = chance.randint(150, _PAGE_PX[0] - height - 150), chance.randint(150, _PAGE_PX[1] - width - 150)
    page[top - 30 : top + height + 30, left - 30 : left + width + 30] = 255
    page[top : top + height, left : left + width] = symbol
    corners = np.array([(left, top), (left + width, top), (left + width, top + height), (left, top + height)], float)
    changed, matrix = _WAYS[way](page, chance)
    moved = cv2.perspectiveTransform(corners.reshape(1, -1, 2), matrix)[0]
    (a, b), (c, d) = moved.min(axis=0), moved.max(axis=0)
    return DrawnCode(changed, kind, value, (float(a), float(b), float(c), float(d)))


def value_of(kind: str, chance: random.Random) -> str:
    if kind == "ean_13":
        body = "69" + "".join(chance.choices(_DIGITS, k=10))
        return body + str(-sum(int(digit) * (1 + 2 * (at % 2)) for at, digit in enumerate(body)) % 10)
    if kind == "itf":
        return "".join(chance.choices(_DIGITS, k=chance.choice((10, 14, 20))))
    if kind == "code_39":
        return "".join(chance.choices(_LETTERS, k=chance.randint(5, 14)))
    if kind == "code_128":
        return "".join(chance.choices(string.ascii_letters + _DIGITS + "-/", k=chance.randint(6, 20)))
    text = "".join(chance.choices(string.ascii_letters + _DIGITS + " :/?=.,-", k=chance.randint(12, 90)))
    return chance.choice((text.strip(), "https://example.org/" + text.strip().replace(" ", ""), "批次" + text.strip()))


def drawn_symbol(value: str, name: str, module: int) -> Grey:
    code = zxingcpp.create_barcode(value, zxingcpp.barcode_format_from_str(name))
    image = np.array(code.to_image(scale=module))
    return image.astype(np.uint8)


def _paper(chance: random.Random) -> Grey:
    page = np.full(_PAGE_PX, 255, np.uint8)
    for y in range(140, _PAGE_PX[0] - 100, 60):
        words = " ".join("".join(chance.choices(string.ascii_letters, k=chance.randint(2, 9))) for _ in range(12))
        cv2.putText(page, words, (120, y), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 0, 2, cv2.LINE_AA)
    return page


def _warped(page: Grey, matrix: "NDArray[np.float64]", size: tuple[int, int], ground: int) -> Grey:
    warped = cv2.warpPerspective(page, matrix, size, flags=cv2.INTER_AREA, borderValue=(ground,))
    return warped.astype(np.uint8)


def _noise(page: Grey, chance: random.Random, sigma: float) -> Grey:
    noise = np.random.default_rng(chance.randrange(2**32)).normal(0, sigma, page.shape)
    return np.clip(page + noise, 0, 255).astype(np.uint8)


def _printed(page: Grey, chance: random.Random) -> "Changed":
    """Print and scan: ink runs, paper is not white, the scanner has noise."""
    spread = cv2.GaussianBlur(page, (0, 0), chance.uniform(0.6, 1.1))
    grey = spread.astype(float) * chance.uniform(0.75, 0.88) + chance.uniform(15, 30)
    return _noise(grey.astype(np.uint8), chance, 5), np.eye(3)


def _turned(page: Grey, chance: random.Random) -> "Changed":
    """A quarter turn or half a turn, or any angle."""
    height, width = page.shape
    angle = chance.choice((90, 180, 270, chance.uniform(0, 360)))
    side = int(np.hypot(height, width)) + 20
    matrix = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1), (0, 0, 1)])
    matrix[0, 2] += (side - width) / 2
    matrix[1, 2] += (side - height) / 2
    return _printed(_warped(page, matrix, (side, side), 255), chance)[0], matrix


def _skewed(page: Grey, chance: random.Random) -> "Changed":
    """Pulled in at an angle, and sheared a little."""
    height, width = page.shape
    matrix = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), chance.uniform(-8, 8), 1), (0, 0, 1)])
    matrix = np.array([(1, chance.uniform(-0.05, 0.05), 0), (0, 1, 0), (0, 0, 1)]) @ matrix
    return _printed(_warped(page, matrix, (width, height), 255), chance)[0], matrix


def _photographed(page: Grey, chance: random.Random) -> "Changed":
    """From the side, on a desk, in uneven light, a little out of focus, as a JPEG."""
    height, width = page.shape
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    by = 0.05 * width
    moved = (corners + [[chance.uniform(-by, by), chance.uniform(-by, by)] for _ in corners] + 200).astype(np.float32)
    matrix = np.asarray(cv2.getPerspectiveTransform(corners, moved), float)
    photo = _warped(page, matrix, (width + 400, height + 400), 90).astype(float)
    ys, xs = np.mgrid[0 : photo.shape[0], 0 : photo.shape[1]]
    angle = chance.uniform(0, 2 * np.pi)
    slope = (np.cos(angle) * xs / photo.shape[1] + np.sin(angle) * ys / photo.shape[0]) * 0.35
    lit = cv2.GaussianBlur(photo * (0.75 + slope - slope.mean()), (0, 0), chance.uniform(0.8, 1.5))
    noisy = _noise(np.clip(lit, 0, 255).astype(np.uint8), chance, 6)
    encoded = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, chance.randint(60, 85)])[1]
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE), np.uint8), matrix


_WAYS = {"printed": _printed, "turned": _turned, "skewed": _skewed, "photographed": _photographed}
