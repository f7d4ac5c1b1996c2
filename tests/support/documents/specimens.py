"""The pictures that the vendors' SDKs send, and where everything is in them."""

import shutil
from typing import Any

import pytest
from PIL import Image

from tests.fakes.cloud.reading import Box
from tests.support.documents import cards
from tests.support.tools import NO_TOOLS

if not (shutil.which("tesseract") and shutil.which("fc-match")):
    pytest.skip(NO_TOOLS, allow_module_level=True)

PAGE = cards.lines("图书馆今天开放", "Larkfield 2024 Notice", "借书还书请到一楼")
TEXT = cards.png(PAGE[0])
BLANK = cards.png(cards.blank())
FRONT, BACK, BANK = cards.id_card(), cards.id_card("back"), cards.bank_card()
INVOICE, TABLE = cards.vat_invoice(), cards.table()
CLOSE = 12  # pixels: a drawn box has the font's own margins


def picture(specimen: cards.Specimen) -> bytes:
    return cards.png(specimen[0])


def near(found: Box, drawn: Box) -> bool:
    return all(abs(one - other) <= CLOSE for one, other in zip(found, drawn, strict=True))


def spread(points: Any) -> Box:
    """Four corners, as any of the three writes them, as a box."""
    pairs = [(p.X, p.Y) if hasattr(p, "X") else (p["x"], p["y"]) for p in points]
    xs, ys = [x for x, _ in pairs], [y for _, y in pairs]
    return min(xs), min(ys), max(xs), max(ys)


def flat(location: dict[str, int]) -> Box:
    left, top = location["left"], location["top"]
    return left, top, left + location["width"], top + location["height"]


def has_ink(box: Box) -> bool:
    return Image.Image.getextrema(PAGE[0].convert("L").crop(box))[0] == 0
